import { afterAll, describe, expect, it } from 'vitest';
import { CommandLine } from '../command-line.ts';
import { ask } from './asked.ts';

const line = new CommandLine();
afterAll(() => {
  line.remove();
});

const noSpace = 2;
const noFiles = 4;
const folders = 16;

describe('what can stand in the last place', () => {
  it.each([
    [['le'], ['lease'], noFiles],
    [['lease', 'l'], ['list'], noFiles],
    [['help', 'lease', 're'], ['renew', 'release'], noFiles],
    [['-n', 'x', 'lease', 'w'], ['watch'], noFiles],
    [['-n', 'x', '--target=embedded', 'dedup', '-v', 'sh'], ['show'], noFiles],
    // kubectl's words, where nothing else begins so
    [['compl'], ['completion'], noFiles],
    [['lease', 'desc'], ['describe'], noFiles],
    [['request', 'describe', '--fing'], ['--fingerprint'], noFiles],
    [['lease', 'ls', '--state', 'h'], ['held'], noFiles],
    // a value given already says nothing new
    [
      ['lease', 'list', '--state', 'held', '--state=expired', '--state', ''],
      ['orphaned', 'noExpiry'],
      noFiles,
    ],
    [['dedup', 'list', '--state', ''], ['active', 'suppressed', 'manualReview', 'open'], noFiles],
    [['signal', 'ingest', '--dry'], ['--dry-run', '--dry-run=client', '--dry-run=server'], noFiles],
    [['signal', 'ingest', '--dry-run', 'cl'], [], 0],
    [['signal', 'ingest', '--format', 'json', '--form'], [], noFiles],
    [['request', 'list', '-o', 'jsonp'], ['jsonpath='], noFiles + noSpace],
    [['plan', 'show', '-o', 'm'], ['markdown'], noFiles],
    [['request', 'list', '-o', 'm'], [], noFiles],
    [['plan', 'new', 'egress'], ['egress-blocked'], noFiles],
    [['retry', 'schedule', ''], ['creation', 'lock', 'status', 'plan'], 0],
    [['retry', 'schedule', 'lock', ''], ['creation', 'status', 'plan'], 0],
    [['retry', 'schema', 'pol'], ['policy'], noFiles],
    [['request', 'list', '--phase', 'T'], ['TimedOut'], noFiles],
    [['lease', 'list', '--sort-by', 'exp'], ['expiresAt', 'expiresInSeconds'], noFiles],
    [['signal', 'ingest', '--from', ''], ['alertmanager=', 'prometheus=', 'request='], noFiles + noSpace],
    [['--store', ''], [], folders],
    [['--kubeconfig', ''], [], 0],
    [['plan', 'run', '--metrics-file='], [], 0],
    // without an argument to come: what the command needs
    [['pd', 'title', ''], ['--incident-id', '--prefix'], noFiles],
    [['pd', 'title', '--prefix', 'x', ''], ['--incident-id'], noFiles],
    // the words of somebody else's command
    [['lease', 'run', 'k', '--', 'make', '--st'], [], 0],
    [['signal', 'ingest', '--give-up-after', ''], [], noFiles],
    [['nothing', 'such', ''], [], noFiles],
  ])('%j', async (words, values, directive) => {
    expect(await ask(words, line.runtime())).toMatchObject({ values, directive });
  });

  it('begins with topics and commands, of which none is for shells', async () => {
    const { values, about } = await ask([''], line.runtime());
    expect(values).toEqual(expect.arrayContaining(['lease', 'doctor', 'help']));
    expect(values.filter((value) => value.startsWith('_'))).toEqual([]);
    expect(about[values.indexOf('doctor')]).toMatch(/^Check the program/);
  });

  it('has the flags of the command before those that all have', async () => {
    const { values } = await ask(['lease', 'list', '-'], line.runtime());
    expect(values.indexOf('--state')).toBeLessThan(values.indexOf('--namespace'));
    expect(values.at(-1)).toBe('--help');
  });

  it('is nowhere else to be found', async () => {
    expect((await line.run(['--help'])).stdout).not.toContain('__complete');
    expect((await line.run(['complete'])).stderr).not.toContain('__complete');
  });

  it('says nothing of a configuration that is broken', async () => {
    const words = ['--config', '/there/is/none', 'request', 'get', ''];
    expect(await ask(words, line.runtime())).toEqual({ values: [], about: [], directive: noFiles });
  });
});
