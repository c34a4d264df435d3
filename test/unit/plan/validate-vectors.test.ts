import { describe, expect, it } from 'vitest';
import { actionTypes } from '../../../src/plan/plan.ts';
import { hasShared, readVectors } from '../../support/shared.ts';
import { planText, problemsOf } from './plan-files.ts';

interface Case {
  id: string;
  defect?: string;
  action: Record<string, unknown> & { type: string; null?: boolean };
  error: string | null;
}

const whiteSpace = new Set([' ', '\n\t ', '\u00a0', '\u3000', '\u0085', '\u2028', '\u1680', '\u2003']);
const isBlank = (value: unknown): boolean => typeof value === 'string' && whiteSpace.has(value);

/** Where the specification refuses what the reference takes: each with its DO. */
const exceptions: readonly { rule: string; defect: string; refuses: (action: Case['action']) => boolean }[] =
  [
    {
      rule: "white space by Unicode's White_Space is refused",
      defect: 'white space counts as content',
      refuses: (action) => Object.values(action).some(isBlank),
    },
    {
      rule: 'an empty context is refused',
      defect: 'context is not validated',
      refuses: ({ context = '' }) => context === '' || isBlank(context),
    },
    {
      rule: 'a severity outside the enum is refused',
      defect: 'any non-empty severity is valid',
      refuses: () => true,
    },
    {
      rule: 'an unknown type is a validation error',
      defect: 'an unknown type is no validation error',
      refuses: ({ type }) => !actionTypes.some((known) => known === type),
    },
  ];

function isRefused({ action, error, defect }: Case): boolean {
  if (error !== null) return true;
  return exceptions.some((one) => one.defect === defect && one.refuses(action));
}

describe.runIf(hasShared)('what the reference validates', () => {
  const { cases } = hasShared ? readVectors<{ cases: Case[] }>('cad-validate') : { cases: [] };

  it('has every case, and every exception is used', () => {
    expect(cases).toHaveLength(149);
    for (const { rule, defect, refuses } of exceptions) {
      const used = cases.some((one) => one.error === null && one.defect === defect && refuses(one.action));
      expect(used, rule).toBe(true);
    }
  });

  describe.each(['short', 'explicit'] as const)('in %s form', (form) => {
    it.each(cases)('$id', async (one) => {
      const { type, null: isNull, ...fields } = one.action;
      // a remedy of its own, so that a silence does not stand alone; a report has no cluster to fall back to
      const own = form === 'short' ? { [type]: isNull === true ? null : fields } : { type, ...fields };
      const remedy = { limited_support: { summary: 's', details: 'd', context: 'c' } };
      const beside = type === 'silence_incident' ? [remedy] : [];
      const hasCluster = type !== 'backplane_report';
      const spec = hasCluster ? {} : { cluster: undefined };
      const problems = await problemsOf(planText([own, ...beside], spec));
      expect(problems.length > 0, problems.join('\n')).toBe(isRefused(one));
    });
  });
});
