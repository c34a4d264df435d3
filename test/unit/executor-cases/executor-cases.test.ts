/**
 * The cases of the reference's executor through the whole of remedyctl, over real sockets: each is as the reference has
 * it, or there is an exception in the table that says why not, and then it is as the rules have it.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executorCases, type Case } from '../../support/executor-cases/case.ts';
import { isContradictory } from '../../support/executor-cases/case-plan.ts';
import {
  comparable,
  differs,
  expectHeaders,
  expectWaits,
  expectWire,
} from '../../support/executor-cases/expectations.ts';
import { runCase } from '../../support/executor-cases/product-run.ts';
import { referenceRun } from '../../support/executor-cases/reference-run.ts';
import { ruledRun } from '../../support/executor-cases/ruled-run.ts';
import { ScriptedSystems } from '../../support/executor-cases/scripted-systems.ts';
import { titleCases, validatedCases } from '../../support/executor-cases/single-cases.ts';
import { exceptionsOf, executorExceptions } from '../../support/executor-exceptions.ts';
import { hasShared } from '../../support/shared.ts';

const files = [
  { file: 'cad-actions', cases: executorCases('cad-actions'), count: 251 },
  { file: 'cad-execution', cases: executorCases('cad-execution'), count: 242 },
  { file: 'titles of cad-titles', cases: titleCases(), count: 33 },
];
const systems = new ScriptedSystems();
/** Whether writes whose sender cannot know it have taken effect. */
const worlds = [{ landed: false }, { landed: true }];

beforeAll(async () => {
  await systems.start();
});
afterAll(async () => {
  await systems.stop();
});

/** A file has to say that such a silence is meant, or may not hold it. */
function keepsOddCompany({ actions = [] }: Case): boolean {
  const has = (...types: string[]): boolean => actions.some(({ type }) => types.includes(type));
  return has('silence_incident') && (!has('service_log', 'limited_support') || has('escalate_incident'));
}

describe.runIf(hasShared).each(files)('$file', ({ cases, count }) => {
  it('has every case', () => {
    expect(cases).toHaveLength(count);
  });

  describe.each(cases)('$id', (one) => {
    const reference = referenceRun(one);
    const exceptions = exceptionsOf({ one, reference });

    if (reference.refused || exceptions.some(({ refuses }) => refuses === true)) {
      it('is refused, and nothing is sent', async () => {
        const { run, arrived } = await runCase(one, systems, { landed: false });
        expect(run).toEqual({ refused: true });
        expect(arrived).toEqual([]);
      });
      return;
    }

    it.each(worlds)(
      `is as ${exceptions.length === 0 ? 'the reference has' : 'the rules have'} it, landed: $landed`,
      async ({ landed }) => {
        const seen = await runCase(one, systems, { landed });
        const expected = exceptions.length > 0 ? ruledRun(one, { landed }) : reference;
        if (seen.run.refused) throw new Error('it was refused');
        expect(comparable(seen.run, one)).toEqual(comparable(expected, one));
        expectWaits(seen, expected);
        expectWire(seen, one);
        expectHeaders(seen, one);
        for (const { instead, holds } of exceptions) {
          expect(holds?.({ one, run: seen.run, landed }) ?? true, instead).toBe(true);
        }
      },
    );

    it('has an exception if, and only if, the rules want something else', () => {
      const isOther = worlds.some((world) => differs(ruledRun(one, world), reference, one));
      expect(exceptions.length > 0, exceptions.map(({ row }) => row).join('\n')).toBe(isOther);
    });

    it('says in its file whether a silence without a remedy is meant', async () => {
      expect(await isContradictory(one)).toBe(keepsOddCompany(one));
    });
  });
});

describe.runIf(hasShared)('the table of exceptions', () => {
  const all = [...files.flatMap(({ cases }) => cases), ...validatedCases()];
  const used = new Set(all.flatMap((one) => exceptionsOf({ one, reference: referenceRun(one) })));

  it.each(executorExceptions)('is needed: $row -> $instead', (exception) => {
    expect(used.has(exception)).toBe(true);
  });
});
