import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runProgram } from '../../support/built-program.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const script = path.join(root, 'examples/store-serve/with-store.sh');

let folder: string;
let temporary: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'with-store-'));
  temporary = path.join(folder, 'tmp');
  mkdirSync(temporary);
  const program = path.join(root, 'bin/remedyctl.cjs');
  writeFileSync(path.join(folder, 'remedyctl'), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`, {
    mode: 0o755,
  });
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Run {
  process: ReturnType<typeof spawn>;
  end: Promise<{ code: number | null; stdout: string; stderr: string }>;
}

function start(args: readonly string[], env: Record<string, string> = {}): Run {
  const child = spawn('sh', [script, ...args], {
    cwd: root,
    env: { HOME: folder, TMPDIR: temporary, PATH: `${folder}:${process.env['PATH'] ?? ''}`, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  const end = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.once('close', (code) => {
      resolve({ code, ...said });
    });
  });
  return { process: child, end };
}

describe('the example of a script with a store', () => {
  it('serves it to a command, and leaves nothing behind', async () => {
    const { code, stdout, stderr } = await start(['remedyctl', 'lease', 'list', '-o', 'json']).end;
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(JSON.parse(stdout)).toMatchObject({ target: { kind: 'cluster', context: 'remedyctl-store' } });
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('takes the store that it is given, and leaves it', async () => {
    const env = { STORE: path.join(folder, 'store') };
    await runProgram(['store', 'import', path.join(root, 'examples/objects.yaml'), '--store', env.STORE], {
      env: { HOME: folder },
    });
    const ingest = await start(['remedyctl', 'signal', 'ingest', 'examples/events.yaml'], env).end;
    expect(ingest, ingest.stderr).toMatchObject({ code: 0 });
    const listed = await start(['remedyctl', 'request', 'list', '-o', 'name'], env).end;
    expect(listed.stdout).toMatch(/\/rr-/);
  });

  it("ends with the command's own code, and with what the server says where it does not start", async () => {
    expect(await start(['sh', '-c', 'exit 7']).end).toMatchObject({ code: 7 });
    const file = path.join(folder, 'file');
    writeFileSync(file, 'mine');
    const refused = await start(['true'], { STORE: file }).end;
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('STORE_UNAVAILABLE') as string,
    });
    expect(await start([]).end).toMatchObject({ code: 2 });
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('ends the server also when it is stopped itself', async () => {
    const began = path.join(folder, 'began');
    const run = start(['sh', '-c', `: >'${began}'; until [ -e '${began}.enough' ]; do sleep 0.1; done`]);
    await vi.waitUntil(() => existsSync(began), { timeout: 60_000 });
    run.process.kill('SIGTERM');
    writeFileSync(`${began}.enough`, '');
    expect(await run.end).toMatchObject({ code: 143 });
    expect(readdirSync(temporary)).toEqual([]);
  });
});
