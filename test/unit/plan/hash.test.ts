import { describe, expect, it } from 'vitest';
import { isHashExpected, planHash, shortHash } from '../../../src/plan/hash.ts';
import { planText, readOne } from './plan-files.ts';

const base = [
  { limited_support: { summary: 's', details: 'd', context: 'X' } },
  { pagerduty_note: { fromNotes: true } },
  { silence_incident: { reason: 'r' } },
];
const hashOf = async (text: string, reading = {}): Promise<string> => planHash(await readOne(text, reading));

describe('the hash of a plan', () => {
  it('is SHA-256 in hex and stands still', async () => {
    expect(await hashOf(planText(base))).toMatchInlineSnapshot(
      `"91349a3e766dc90918c592e59f13bcd59473d0f8d4835f67183cd42a44bdf86e"`,
    );
  });

  it('stays what it was when a plan may say more than before', async () => {
    const every = [
      { service_log: { severity: 'Major', summary: 's', description: 'd', internalOnly: false } },
      { limited_support: { summary: 's', details: 'd', context: 'X' } },
      { backplane_report: { summary: 'r', fromNotes: true } },
      { pagerduty_note: { content: 'n' } },
      { pagerduty_title_update: { prefix: '[X]' } },
      { silence_incident: { reason: 'r' } },
    ];
    expect(await hashOf(planText(every))).toBe(
      'f19a6e7241c386c6f936c0f5cef7a8f5ffe54a7f18774748ac88db02d4a6fc78',
    );
  });

  it.each(['7d', '36h'])('sees how old a duplicate may be only where the plan says it: %s', async (age) => {
    const [without, withAge] = [planText(base), planText(base, { options: { duplicateWithin: age } })];
    expect(await hashOf(withAge)).not.toBe(await hashOf(without));
    expect((await readOne(without)).options).not.toHaveProperty('duplicateWithin');
  });

  it('does not see form, defaults that are written out, order of keys, file order or comments', async () => {
    const same = await hashOf(planText(base));
    const explicit = base.map((one) => {
      const [[type, fields] = ['', {}]] = Object.entries(one) as [string, object][];
      return { ...fields, type };
    });
    const others = [
      planText(explicit),
      planText([base[2], base[1], base[0]]),
      planText(base, { options: { maxRetries: 3, mode: 'execute' }, notes: [] }),
      `# a comment\n${planText(base)}`,
      JSON.stringify(JSON.parse(planText(base)), null, 4),
    ];
    for (const text of others) expect(await hashOf(text)).toBe(same);
  });

  it('is that of what placeholders and includes stand for', async () => {
    const same = await hashOf(planText(base));
    const [first, ...rest] = base;
    const files = { 'a.yaml': JSON.stringify([first]) };
    expect(await hashOf(planText([{ include: 'a.yaml' }, ...rest]), { files })).toBe(same);
    const asked = planText([first, base[1], { silence_incident: { reason: '${why}' } }]);
    expect(await hashOf(asked, { set: { why: 'r' } })).toBe(same);
    expect(await hashOf(asked, { set: { why: 'q' } })).not.toBe(same);
  });

  it('sees every value that is sent or counted, and what a run does', async () => {
    const { metadata, ...plan } = JSON.parse(planText(base)) as {
      metadata: object;
      spec: { cluster: object };
    };
    const [limited, note, silence] = base;
    const others = [
      planText([{ limited_support: { summary: 's', details: 'd', context: 'Y' } }, note, silence]),
      planText([limited, note]),
      planText([limited, limited, note, silence]),
      planText(base, { incident: { id: 'Q2', silentPolicy: 'PSILENT' } }),
      planText(base, { incident: { id: 'Q1' } }),
      planText(base, { cluster: { id: 'c1' } }),
      planText(base, { options: { concurrent: true } }),
      planText(base, { options: { mode: 'informing' } }),
      planText(base, { notes: [{ warning: 'w' }] }),
      JSON.stringify({ ...plan, metadata: { ...metadata, alertType: 'x' } }),
    ];
    const hashes = await Promise.all([planText(base), ...others].map((text) => hashOf(text)));
    expect(new Set(hashes).size).toBe(others.length + 1);
  });
});

describe('a hash that is expected', () => {
  const hash = 'ab12cd34ef56'.padEnd(64, '0');
  it.each([
    ['all of it', hash, true],
    ['in capitals', hash.toUpperCase(), true],
    ['its beginning', shortHash(hash), true],
    ['too little of it', hash.slice(0, 11), false],
    ['nothing', '', false],
    ['another end', `${hash.slice(0, 63)}1`, false],
    ['more than it', `${hash}0`, false],
  ])('%s', (_name, expected, isExpected) => {
    expect(isHashExpected(hash, expected)).toBe(isExpected);
  });
});
