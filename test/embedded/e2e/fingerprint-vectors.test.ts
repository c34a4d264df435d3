import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runProgram } from '../../support/built-program.ts';
import { hasShared, readVectors } from '../../support/shared.ts';

interface Resource {
  kind: string;
  name: string;
  namespace?: string;
}
interface Vector {
  id: string;
  registry?: string;
  ownerLookup: object | null;
  existing?: object[];
  input?: unknown;
  inputText?: string;
  error: string | null;
  deviates?: string[];
  signals: { fingerprint?: string; resource?: Resource; signalName: string; validateError?: string }[];
}
interface Item {
  source: { file: string; index: number };
  signal?: { fingerprint: string; signalName: string; resource: Resource };
}

/** What the program sees as the reference does: its own kinds, no objects, no owners, no difference on purpose. */
function isComparable(vector: Vector): boolean {
  const { registry = 'kube', ownerLookup, existing = [], error, deviates = [] } = vector;
  const hasText = vector.input !== undefined || vector.inputText !== undefined;
  const plain = registry === 'kube' && ownerLookup === null && existing.length === 0 && deviates.length === 0;
  return plain && hasText && error === null && vector.signals.every((one) => one.validateError === undefined);
}

describe.skipIf(!hasShared)('the reference’s fingerprints through the built program', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'remedyctl-vectors-'));
  afterAll(() => {
    rmSync(home, { recursive: true, force: true });
  });

  it('are the same, in one run over all of their files', async () => {
    const vectors = readVectors<{ cases: Vector[] }>('fingerprints').cases.filter(isComparable);
    expect(vectors.length).toBeGreaterThan(100);
    const store = path.join(home, 'store');
    const named = vectors.map((vector) => path.join(home, `${vector.id}.json`));
    for (const [index, vector] of vectors.entries()) {
      writeFileSync(named[index]!, vector.inputText ?? JSON.stringify(vector.input));
    }
    const { exitCode, stdout, stderr } = await runProgram(
      ['signal', 'normalize', '--target', 'embedded', '--store', store, '-o', 'json', ...named],
      { env: { HOME: home } },
    );
    expect(exitCode, stderr).toBe(0);
    const items = (JSON.parse(stdout) as { items: Item[] }).items;
    const seen = items.map(({ source, signal }) => [
      path.basename(source.file, '.json'),
      source.index,
      signal?.fingerprint,
      signal?.signalName,
      `${signal?.resource.namespace ?? ''}/${signal?.resource.kind ?? ''}/${signal?.resource.name ?? ''}`,
    ]);
    const wanted = vectors.flatMap(({ id, signals }) =>
      signals.map(({ fingerprint, signalName, resource }, index) => [
        id,
        index,
        fingerprint,
        signalName,
        `${resource?.namespace ?? ''}/${resource?.kind ?? ''}/${resource?.name ?? ''}`,
      ]),
    );
    expect(seen).toEqual(wanted);
  });
});
