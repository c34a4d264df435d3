import { describe, expect, it } from 'vitest';
import type { Case } from '../../support/executor-cases/case.ts';
import { referenceRun } from '../../support/executor-cases/reference-run.ts';
import { validatedCases } from '../../support/executor-cases/single-cases.ts';
import { exceptionsOf } from '../../support/executor-exceptions.ts';
import { hasShared } from '../../support/shared.ts';
import { planText, problemsOf } from './plan-files.ts';

function isRefused(one: Case): boolean {
  const reference = referenceRun(one);
  return reference.refused || exceptionsOf({ one, reference }).some(({ refuses }) => refuses === true);
}

describe.runIf(hasShared)('what the reference validates', () => {
  const cases = validatedCases();

  it('has every case', () => {
    expect(cases).toHaveLength(149);
  });

  describe.each(['short', 'explicit'] as const)('in %s form', (form) => {
    it.each(cases)('$id', async (one) => {
      const [{ type, null: isNull, ...fields } = { type: 'none', null: false }] = one.actions ?? [];
      const own = form === 'short' ? { [type]: isNull === true ? null : fields } : { type, ...fields };
      // a silence does not stand alone; a report has no cluster to fall back to
      const remedy = { limited_support: { summary: 's', details: 'd', context: 'c' } };
      const beside = type === 'silence_incident' ? [remedy] : [];
      const hasCluster = type !== 'backplane_report';
      const problems = await problemsOf(planText([own, ...beside], hasCluster ? {} : { cluster: undefined }));
      expect(problems.length > 0, problems.join('\n')).toBe(isRefused(one));
    });
  });
});
