import { readText } from '../files/read-text.ts';
import type { KubeHost } from './kube-host.ts';

/** What is given of the machine; reading files and running plugins is added. */
export type HostFacts = Omit<KubeHost, 'readFile' | 'runPlugin'>;

/** The real machine behind the given facts. */
export function machineHost(facts: HostFacts): KubeHost {
  return {
    ...facts,
    readFile: (path) => readText(path, facts.signal),
    runPlugin: async (command) =>
      (await import('./plugin-process.ts')).runPluginProcess(command, facts.clock),
  };
}
