import { describe, expect, it } from 'vitest';
import { fillTemplate, templateKeys } from '../../../src/plan/template.ts';
import { templateOf, templates } from '../../../src/plan/templates.ts';
import { hasShared, readVectors } from '../../support/shared.ts';
import { problemsOf, readOne } from './plan-files.ts';

const values = (keys: readonly string[]): Map<string, string> =>
  new Map(keys.map((key) => [key, key === 'product' ? 'rosa' : `value of ${key}`]));

describe('the templates', () => {
  it('have names of their own', () => {
    expect(new Set(templates.map(({ name }) => name)).size).toBe(templates.length);
    expect(templates.length).toBeGreaterThanOrEqual(12);
  });

  describe.each(templates)('$name', (template) => {
    const keys = templateKeys(template);

    it('is a valid plan once its values are given, written in or with --set', async () => {
      const filled = await readOne(fillTemplate(template, values(keys)));
      const set = await readOne(fillTemplate(template, new Map()), { set: Object.fromEntries(values(keys)) });
      expect(filled).toStrictEqual(set);
      expect(filled.name).toBe(template.name);
    });

    it('is refused while a value is missing', async () => {
      const problems = await problemsOf(fillTemplate(template, new Map()));
      expect(problems.length).toBeGreaterThan(0);
      for (const problem of problems) expect(problem).toMatch(/has no value: give --set/);
    });

    it('has no wrong link for either product', async () => {
      for (const product of ['rosa', 'osd']) {
        const known = values(keys);
        if (known.has('product')) known.set('product', product);
        await readOne(fillTemplate(template, known));
      }
    });
  });

  it('take a value as text, whatever it looks like', async () => {
    const hostile = '${incident}\n  - silence_incident: {}\n"#';
    const filled = fillTemplate(
      templateOf('investigation-failed'),
      values(['cluster', 'incident']).set('error', hostile),
    );
    const plan = await readOne(filled);
    expect(plan.notes[0]?.text).toBe(`Unexpected error during instance investigation: ${hostile}`);
    expect(plan.actions.map(({ type }) => type)).not.toContain('silence_incident');
  });

  it('name the nearest of an unknown name and key', () => {
    expect(() => templateOf('egres-blocked')).toThrow(/there is no template "egres-blocked"/);
    expect(() => fillTemplate(templateOf('egress-blocked'), new Map([['incidnt', 'Q']]))).toThrow(
      /has no \$\{incidnt\}/,
    );
  });
});

interface Vectors {
  actionTable: Record<
    string,
    {
      type: string;
      summary?: string;
      reason?: string;
      context?: string;
      severity?: string;
      /** The notes of a report; long ones are objects. */
      lines?: unknown[];
    }
  >;
}

/** What is no template (docs/executor-semantics.md 7 and 8), or leaves its words to whoever runs the plan. */
const notInTemplates = [
  /^CAD (was unable|is not allowed) to /, // the message of the refusal is a value of the template
  /documentation link|kube-api/,
];

describe.runIf(hasShared)('the outcomes of the reference', () => {
  const { actionTable } = hasShared ? readVectors<Vectors>('cad-investigations') : { actionTable: {} };

  it('each have a template with the same words', async () => {
    const plans = await Promise.all(
      templates.map((template) => readOne(fillTemplate(template, values(templateKeys(template))))),
    );
    const actions = plans.flatMap((plan) => plan.actions);
    const words = (one: object): string =>
      JSON.stringify(
        ['type', 'summary', 'reason', 'context', 'severity'].map(
          (key) => (one as Record<string, unknown>)[key],
        ),
      ).replace('<ts> : ', '');
    const known = new Set(actions.map(words));
    const wanted = Object.values(actionTable).filter(
      ({ reason = '' }) => !notInTemplates.some((pattern) => pattern.test(reason)),
    );
    expect(wanted.length).toBeGreaterThan(20);
    const missing = wanted.map(words).filter((one) => !known.has(one));
    expect(missing).toStrictEqual([]);
  });

  it('each have a template whose notes begin alike', () => {
    const noted = templates.flatMap(({ notes }) => notes.flatMap((note) => Object.values(note)));
    const beginnings = noted.map((text) => text.split(/[:$!]/)[0]?.replace(/\d+/, '').trim() ?? '');
    const lines = Object.values(actionTable).flatMap(({ lines: all = [] }) => all);
    const wanted = lines.flatMap((line) => {
      const [, text] = (typeof line === 'string' ? /^(?:✅|⚠️) (.*)/su.exec(line) : null) ?? [];
      return text === undefined || text === 'Please investigate this cluster.' ? [] : [text];
    });
    expect(new Set(wanted).size).toBeGreaterThan(10);
    const isMissing = (text: string): boolean => !beginnings.some((one) => text.startsWith(one));
    expect(wanted.filter(isMissing)).toStrictEqual([]);
  });
});
