import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runProgram, type ProgramResult } from '../../support/built-program.ts';
import { readPhaseCases } from '../../support/phase-cases.ts';
import { hasShared } from '../../support/shared.ts';
import { requestObject } from '../../unit/dedup/requests.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'remedyctl-dedup-'));
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

const run = (args: string[], env: Record<string, string> = {}): Promise<ProgramResult> =>
  runProgram([...args, '--target', 'embedded'], { env: { HOME: home, ...env } });

describe.skipIf(!hasShared)('the built program on lists of the reference', () => {
  const wanted = ['ph-001', 'ph-002', 'ph-079', 'ph-101', 'ph-104', 'ph-121', 'ph-130'];
  const { cases: all } = readPhaseCases();

  it.each(all.filter(({ id }) => wanted.includes(id)))('$id', async (given) => {
    const { now, fingerprint, list } = given;
    const file = path.join(home, 'list.json');
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: list }));
    if (list.length > 0) expect(await run(['store', 'import', file])).toMatchObject({ exitCode: 0 });
    const shown = await run(['dedup', 'show', fingerprint, '--now', now, '-o', 'json']);
    expect(shown.exitCode, shown.stderr).toBe(0);
    const { decision } = JSON.parse(shown.stdout) as {
      decision: { reason: string; request?: { name: string } };
    };
    const chosen = given.do === undefined ? given.chosen : given.do.chosen;
    expect(decision.request?.name).toBe(chosen ?? undefined);
  });
});

describe('dedup list of 100,000 requests', () => {
  const requests = 100_000;
  const fingerprints = 60_000;
  /** Far less than the objects: what is kept of them is a summary each. */
  const heap = { NODE_OPTIONS: '--max-old-space-size=160' };

  it('fits into a small heap, and misses none', async () => {
    const file = path.join(home, 'requests.ndjson');
    writeRequests(file);
    const imported = await run(['store', 'import', file]);
    expect(imported.exitCode, imported.stderr).toBe(0);
    const listed = await run(['dedup', 'list', '-o', 'name', '--sort-by', 'fingerprint'], heap);
    expect(listed.exitCode, listed.stderr).toBe(0);
    const names = listed.stdout.trim().split('\n');
    expect(names).toHaveLength(fingerprints);
    expect(new Set(names).size).toBe(fingerprints);
  }, 300_000);

  function writeRequests(file: string): void {
    const target = openSync(file, 'w');
    for (let index = 0; index < requests; index += 1) {
      const fingerprint = (index % fingerprints).toString(16).padStart(64, '0');
      const object = requestObject({
        name: `rr-${index}`,
        fingerprint,
        target: { kind: 'Deployment', name: `d-${index % fingerprints}`, namespace: `ns-${index % 50}` },
        status: {
          overallPhase: index < fingerprints && index % 3 === 0 ? 'Executing' : 'Completed',
          deduplication: { occurrenceCount: 1, lastSeenAt: '2026-08-22T11:30:00Z' },
        },
      });
      Object.assign(object['spec'] as object, { originalPayload: 'x'.repeat(800) });
      writeSync(target, `${JSON.stringify(object)}\n`);
    }
    closeSync(target);
  }
});
