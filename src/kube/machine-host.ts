import { readText } from '../config/text-file.ts';
import type { KubeHost } from './kube-host.ts';

export type HostFacts = Omit<KubeHost, 'readFile' | 'runPlugin'>;

/** The real machine behind the given facts. */
export function machineHost(facts: HostFacts): KubeHost {
  return {
    ...facts,
    readFile: readText,
    runPlugin: async (command) => (await import('./plugin-process.ts')).runPluginProcess(command),
  };
}
