import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeduplicationState } from '../../../src/dedup/deduplication-state.ts';
import { readPhaseCases, type PhaseCase } from '../../support/phase-cases.ts';
import { hasShared } from '../../support/shared.ts';
import { CommandLine } from '../cli/command-line.ts';

const { cases } = readPhaseCases();
/** A store that lists what it has meets none of the failures, but for a selector that is not known. */
const answered = cases.filter(({ listError }) => listError === undefined || listError.code === 400);

/** What docs/gateway-semantics.md 5 says of a case; `chosen` are the names that are right. */
function expected({ duplicate, chosen, do: own }: PhaseCase): { duplicate: boolean; chosen: string[] } {
  const name = own === undefined ? chosen : own.chosen;
  return {
    duplicate: own?.duplicate ?? duplicate,
    chosen: own?.chosenOneOf ?? (name === null || name === undefined ? [] : [name]),
  };
}

describe.skipIf(!hasShared)('dedup show over every list of the reference', () => {
  let line: CommandLine;
  beforeAll(() => {
    line = new CommandLine();
  });
  afterAll(() => {
    line.remove();
  });

  it('has them all', () => {
    expect(cases).toHaveLength(140);
    expect(answered).toHaveLength(136);
  });

  it.each(answered)('$id: $note', async (given) => {
    const { id, now, fingerprint, list } = given;
    const store = path.join(line.home, id);
    const file = path.join(line.home, `${id}.json`);
    const where = ['--target', 'embedded', '--store', store];
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: list }));
    if (list.length > 0) {
      expect(await line.run(['store', 'import', file, ...where])).toMatchObject({ code: 0 });
    }
    const shown = await line.run(['dedup', 'show', fingerprint, '--now', now, '-o', 'json', ...where]);
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    const { decision, history } = JSON.parse(shown.stdout) as DeduplicationState;
    const { duplicate, chosen } = expected(given);
    expect(decision.reason !== 'none').toBe(duplicate);
    expect(chosen.length === 0 ? [undefined] : chosen).toContain(decision.request?.name);
    if (given.do !== undefined) expect(decision.reason.toLowerCase()).toBe(given.do.reason.replace('-', ''));
    const names = list
      .filter(({ spec }) => hasFingerprint(spec, fingerprint))
      .map(({ metadata }) => metadata.name);
    expect(history.map(({ name }) => name).sort()).toEqual(names.sort());
  });
});

function hasFingerprint(spec: unknown, fingerprint: string): boolean {
  return (spec as { signalFingerprint?: string }).signalFingerprint === fingerprint;
}
