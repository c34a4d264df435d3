import { spawn } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import type { PluginCommand, PluginResult } from './kube-host.ts';

/** Runs a credential plugin to its end and collects its stdout. */
export async function runPluginProcess(plugin: PluginCommand): Promise<PluginResult> {
  const child = spawn(plugin.command, [...plugin.args], {
    env: plugin.env,
    stdio: [plugin.interactive ? 'inherit' : 'ignore', 'pipe', 'inherit'],
    windowsHide: true,
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [exitCode, stdout] = await Promise.all([ended, buffer(child.stdout)]);
  return { stdout: stdout.toString('utf8'), exitCode };
}
