import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { payloadOf } from '../../../src/request/request-payload.ts';
import { CommandLine, type Ran } from '../cli/command-line.ts';

interface Item {
  outcome: string;
  reason?: { code: string };
  about?: object;
  request?: { name: string };
  signal?: { fingerprint: string; firingTime: string };
}
interface Result {
  items: Item[];
}

const alerts = ['web', 'db'].map((deployment) => ({
  status: 'firing',
  labels: { alertname: 'Slow', namespace: 'shop', deployment },
  annotations: {},
  startsAt: '2026-03-01T11:58:30Z',
  endsAt: '0001-01-01T00:00:00Z',
}));

let line: CommandLine;
let first: Item[];
beforeEach(async () => {
  line = new CommandLine();
  const file = path.join(line.home, 'webhook.json');
  writeFileSync(file, JSON.stringify({ version: '4', status: 'firing', alerts }));
  first = resultOf(await ingest(file)).items;
});
afterEach(() => {
  line.remove();
});

const ingest = (...words: string[]): Promise<Ran> =>
  line.run(['signal', 'ingest', '--target', 'embedded', '-o', 'json', ...words]);
const resultOf = ({ stdout }: Ran): Result => JSON.parse(stdout) as Result;
const from = (): string[] => ['--from', `request=${first[0]?.request?.name ?? ''}`];

describe('the payload of a request', () => {
  it('is injected once more, and of its alerts only the one that the request was made for', async () => {
    const ran = await ingest(...from(), '--yes');
    expect(resultOf(ran).items).toMatchObject([
      {
        outcome: 'duplicate',
        request: { name: first[0]?.request?.name },
        source: { file: expect.stringMatching(/^request\//) as string },
      },
      {
        outcome: 'skipped',
        reason: { code: 'OTHER_ALERT' },
        about: { signalName: 'Slow', resource: { name: 'db' } },
      },
    ]);
    expect(ran.stderr).toMatch(/once more: Slow, shop\/Deployment\/web \([0-9a-f]{12}\)/);
    expect(ran.stderr).not.toContain('Deployment/db');
  });

  it('is injected with all its alerts, and with a new start, where somebody says so', async () => {
    const ran = await ingest(...from(), '--yes', '--all-alerts', '--set-start', '2026-05-01T00:00:00Z');
    expect(resultOf(ran).items).toMatchObject(
      first.map(({ request }) => ({
        outcome: 'duplicate',
        request,
        signal: { firingTime: '2026-05-01T00:00:00Z' },
      })),
    );
  });

  it('is not injected unasked, and is looked at without a question', async () => {
    const asked = await ingest(...from());
    expect(asked).toMatchObject({ code: 6 });
    expect(asked.stdout).toContain('NEEDS_YES');
    const dry = await ingest(...from(), '--dry-run');
    expect(resultOf(dry).items[0]).toMatchObject({ outcome: 'wouldDuplicate' });
    for (const command of ['normalize', 'explain']) {
      const ran = await line.run(['signal', command, '--target', 'embedded', '-o', 'json', ...from()]);
      expect(ran, command).toMatchObject({ code: 0 });
    }
  });

  it.each<[string, string[], RegExp]>([
    ['of no request', ['--from', 'request=rr-none'], /NOT_FOUND/],
    ['with a start that is none', ['--set-start', 'soon'], /--set-start: \\"soon\\" is no RFC 3339 time/],
    ['with matchers', ['--filter', 'a=b'], /--filter goes with/],
  ])('is refused %s', async (_name, words, said) => {
    const ran = await ingest(...(words[0] === '--from' ? words : [...from(), ...words]), '--yes');
    expect(ran.code).not.toBe(0);
    expect(ran.stdout).toMatch(said);
  });

  it.each([
    {},
    { originalPayload: '' },
    { originalPayload: '{}' },
    { signalFingerprint: 'a', originalPayload: 7 },
  ])('is refused where the request has %j', (spec) => {
    const request = { metadata: { name: 'rr-bare' }, spec };
    expect(() => payloadOf(request)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }) as Error);
  });
});
