import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { askLine } from '../../../src/cli/ask-line.ts';
import { askOperator } from '../../../src/cli/plan-run/ask-operator.ts';
import { MemoryStream } from './memory-stream.ts';

function terminal(): {
  stdin: PassThrough & { isTTY: boolean };
  stderr: MemoryStream;
  stop: AbortController;
} {
  const stderr = new MemoryStream();
  stderr.isTTY = true;
  return { stdin: Object.assign(new PassThrough(), { isTTY: true }), stderr, stop: new AbortController() };
}

describe('a question', () => {
  it('is answered by a line', async () => {
    const { stdin, stderr, stop } = terminal();
    const answer = askLine('Sure? ', { stdin, stderr, signal: stop.signal });
    stdin.write('yes\n');
    expect(await answer).toBe('yes');
    expect(stderr.text).toBe('Sure? ');
  });

  it('is not answered where stdin ends, now or before', async () => {
    const { stdin, stderr, stop } = terminal();
    const answer = askLine('Sure? ', { stdin, stderr, signal: stop.signal });
    stdin.end();
    expect(await answer).toBeUndefined();
    expect(stderr.text).toBe('Sure? \n');
    expect(await askLine('Sure? ', { stdin, stderr, signal: stop.signal })).toBeUndefined();
  });

  it('ends when the program is stopped', async () => {
    const { stdin, stderr, stop } = terminal();
    const answer = askLine('Sure? ', { stdin, stderr, signal: stop.signal });
    stop.abort(new Error('stopped by SIGINT'));
    expect(await answer).toBeUndefined();
    expect(await askLine('Sure? ', { stdin, stderr, signal: stop.signal })).toBeUndefined();
  });
});

describe('a question of fact', () => {
  const answers: [string, boolean | undefined][] = [
    ['y', true],
    [' Yes ', true],
    ['n', false],
    ['NO', false],
    ['', undefined],
    ['yesterday', undefined],
  ];
  for (const [text, meaning] of answers) {
    it(`takes ${JSON.stringify(text)} for ${String(meaning)}`, async () => {
      const { stdin, stderr, stop } = terminal();
      const answer = askOperator('Was it \u001b[2J?', { stdin, stderr, signal: stop.signal });
      stdin.write(`${text}\n`);
      expect(await answer).toBe(meaning);
      expect(stderr.text).toContain('Was it \\x1b[2J?');
    });
  }

  it('is not asked where nobody sees it', async () => {
    const { stdin, stop } = terminal();
    const stderr = new MemoryStream();
    expect(await askOperator('Was it?', { stdin, stderr, signal: stop.signal })).toBeUndefined();
    expect(stderr.text).toBe('');
  });
});
