import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { programsFolder } from '../programs.mjs';

/** Runs `kubectl …` as an operator would type it, by a shell, with the control plane's own kubectl. */
export async function kubectl(kubeconfig: string, command: string): Promise<string> {
  const env = {
    PATH: `${programsFolder()}${path.delimiter}${process.env['PATH'] ?? ''}`,
    KUBECONFIG: kubeconfig,
    // kubectl keeps a cache in its home.
    HOME: path.dirname(kubeconfig),
  };
  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', command], { env });
  return stdout;
}
