import { describe, expect, it } from 'vitest';
import { HintTally, type Hinted } from '../../../src/cli/render/hint-tally.ts';
import { Notices, type NoticeLevel } from '../../../src/cli/notices.ts';

function told(
  items: readonly Hinted[],
  { level = 'normal', scope = [], columns }: { level?: NoticeLevel; scope?: string[]; columns?: number } = {},
): string[] {
  const lines: string[] = [];
  const terminal = columns === undefined ? {} : { isTTY: true, columns };
  const stream = {
    ...terminal,
    write: (text: string) => lines.push(text) > 0,
  } as unknown as ConstructorParameters<typeof Notices>[0];
  const tally = new HintTally('signal', scope);
  for (const item of items) tally.add(item);
  tally.tell(new Notices(stream, level));
  return lines;
}

const hinted = (hint: string): Hinted => ({ reason: { hint } });

describe('the hints under a table', () => {
  it('are told once each, in the order in which they came up, with how many signals have them', () => {
    const items = [hinted('b'), {}, hinted('a'), hinted('b'), { reason: {} }, { error: { hint: 'c' } }];
    expect(told(items)).toEqual(['hint (2 signals): b\n', 'hint (1 signal): a\n', 'hint (1 signal): c\n']);
  });

  it('name what ends the manual review that a signal was counted on', () => {
    const decision = { reason: 'manualReview' };
    expect(
      told([
        { decision, request: { name: 'rr-1' } },
        { decision: { ...decision, request: { name: 'rr-1' } } },
      ]),
    ).toEqual(['hint (2 signals): when its manual review is done: remedyctl request ack rr-1\n']);
    expect(told([{ decision: { reason: 'active' }, request: { name: 'rr-1' } }])).toEqual([]);
  });

  it('end with a command that works on the same as this one', () => {
    const scope = ['--context', 'my prod', '--namespace', 'here'];
    expect(
      told(
        [
          hinted('to mend it: remedyctl lease doctor'),
          hinted('kubectl label -n shop pod a b=c'),
          hinted('remedyctl is fine; wait'),
        ],
        { scope },
      ),
    ).toEqual([
      "hint (1 signal): to mend it: remedyctl lease doctor --context 'my prod' --namespace here\n",
      "hint (1 signal): kubectl label -n shop pod a b=c --context 'my prod'\n",
      'hint (1 signal): remedyctl is fine; wait\n',
    ]);
  });

  it('are broken between words on a terminal, and their command is not', () => {
    const hint =
      'held by gateway-0 for two hours, and by nobody else; to mend it: remedyctl lease doctor --long-held 1h';
    expect(told([hinted(hint)], { columns: 40 })).toEqual([
      'hint (1 signal): held by gateway-0 for\n',
      'two hours, and by nobody else; to mend\n',
      'it:\n',
      'remedyctl lease doctor --long-held 1h\n',
    ]);
  });

  it('are ten at most; of the rest it is said how many signals have them', () => {
    const items = Array.from({ length: 13 }, (_, index) => hinted(`do ${index}`));
    const lines = told([...items, hinted('do 3')]);
    expect(lines).toHaveLength(11);
    expect(lines[3]).toBe('hint (2 signals): do 3\n');
    expect(lines[10]).toBe('and 3 more signals with hints of their own; -o json has them\n');
    expect(told(items.slice(0, 11)).at(-1)).toBe(
      'and 1 more signal with hints of their own; -o json has them\n',
    );
  });

  it('say nothing where there are none, and nothing under -q', () => {
    expect(told([{}, { reason: {} }])).toEqual([]);
    expect(told([hinted('a')], { level: 'quiet' })).toEqual([]);
  });

  it('reach a terminal as text only', () => {
    expect(told([hinted('\u001b[2Jgone\nnext')]).join('')).not.toMatch(/\u001b/);
  });
});
