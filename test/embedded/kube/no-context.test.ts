import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandLine } from '../../unit/cli/command-line.ts';

let line: CommandLine;
beforeEach(() => {
  line = new CommandLine();
});
afterEach(() => {
  line.remove();
});

const alert = path.resolve(import.meta.dirname, '../../../examples');

const key = 'a'.repeat(64);

/** Every command that has a target. */
const commands: string[][] = [
  ['signal', 'ingest', alert, '-q'],
  ['signal', 'normalize', alert],
  ['signal', 'explain', alert],
  ['request', 'list'],
  ['request', 'get', 'a'],
  ['request', 'watch'],
  ['request', 'ack', 'a', '--yes'],
  ['lease', 'list'],
  ['lease', 'get', key],
  ['lease', 'acquire', key],
  ['lease', 'release', key],
  ['lease', 'renew', key, '--holder', 'me'],
  ['lease', 'watch'],
  ['lease', 'doctor'],
  ['lease', 'run', key, '--', 'true'],
  ['dedup', 'list'],
  ['dedup', 'show', key],
];

describe('a kubeconfig that yields no context sends nothing into a local file', () => {
  it.each(commands)('%s %s', async (...argv) => {
    const missing = path.join(line.home, 'nowhere');
    line.env['KUBECONFIG'] = missing;
    const { code, stderr } = await line.run(argv);
    expect(stderr).toContain(`${missing} does not exist`);
    expect(stderr).toContain('KUBECONFIG_INVALID');
    expect(code).toBe(2);
    expect(existsSync(line.store)).toBe(false);
  });

  it('named by the configuration file', async () => {
    const config = path.join(line.home, '.config/remedyctl/config.yaml');
    mkdirSync(path.dirname(config), { recursive: true });
    writeFileSync(config, 'kubeconfig: mine\n');
    writeFileSync(path.join(path.dirname(config), 'mine'), '');
    const { code, stderr } = await line.run(['signal', 'ingest', alert, '-q']);
    expect(stderr).toContain(`asked for by ${config}:1:1 yields no context: ${path.dirname(config)}/mine`);
    expect(code).toBe(2);
    expect(existsSync(line.store)).toBe(false);
  });

  it('and where nothing at all is configured the embedded store is the target', async () => {
    const { code, stderr } = await line.run(['request', 'list']);
    expect(stderr).toContain(`target: embedded store ${line.store}`);
    expect(code).toBe(0);
  });
});
