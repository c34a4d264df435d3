import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasPseudoTerminal } from '../plan-run/pseudo-terminal.ts';
import { alert, fingerprintOf, webhook } from '../../support/signals.ts';
import { lockOf, podOf } from '../lease/planted-locks.ts';
import { Person } from './person.ts';

const holder = 'gateway-7d9f84c6b5-x2k4p';

describe.skipIf(!hasPseudoTerminal)('a lock that nobody gives back', () => {
  let person: Person;
  beforeEach(() => {
    person = new Person();
    person.has('alert.json', webhook([alert('checkout')]));
  });
  afterEach(() => {
    person.leaves();
  });

  async function given(...items: object[]): Promise<void> {
    person.has('given.json', { apiVersion: 'v1', kind: 'List', items });
    await person.typesAndSees(0, 'remedyctl store import given.json');
  }

  async function left(): Promise<{ requests: string[]; locks: string[] }> {
    const names = (text: string): string[] => text.split('\n').filter((line) => line.includes('/'));
    const requests = await person.types('remedyctl request list -o name -q');
    const locks = await person.types('remedyctl lease list -o name -q');
    return { requests: names(requests.text), locks: names(locks.text) };
  }

  /** From the dry run to the request, by what each screen has for the next step. */
  async function mend(): Promise<string> {
    const foretold = await person.typesAndSees(5, 'remedyctl signal ingest alert.json --dry-run');
    expect(foretold.text).toContain('wouldWait');
    const judged = await person.typesAndSees(3, foretold.command('remedyctl lease doctor'));
    await person.typesAndSees(0, judged.command('remedyctl lease release'));
    const explained = await person.typesAndSees(0, 'remedyctl signal explain alert.json');
    await person.typesAndSees(0, explained.command('remedyctl signal ingest'));
    return judged.text;
  }

  it('is held for two hours: dry run, doctor, release, ingest', async () => {
    await given(lockOf(fingerprintOf('checkout'), Date.now(), { acquired: 93, duration: 7_200, holder }));
    const failed = await person.typesAndSees(5, 'remedyctl signal ingest alert.json');
    expect(failed.command('remedyctl lease doctor')).toBe('remedyctl lease doctor');
    await mend();
    expect(await left()).toEqual({ requests: [expect.stringContaining('rr-')], locks: [] });
  });

  it('is looked for where the failing command looked', async () => {
    const flags = '--store other --namespace elsewhere';
    const fingerprint = fingerprintOf('checkout');
    const lock = lockOf(fingerprint, Date.now(), { acquired: 93, duration: 7_200, holder });
    lock.metadata.namespace = 'elsewhere';
    person.has('given.json', lock);
    await person.typesAndSees(0, 'remedyctl store import given.json --store other');
    const foretold = await person.typesAndSees(5, `remedyctl signal ingest alert.json --dry-run ${flags}`);
    const judged = await person.typesAndSees(3, foretold.command('remedyctl lease doctor'));
    await person.typesAndSees(0, judged.command('remedyctl lease release'));
    await person.typesAndSees(0, `remedyctl signal ingest alert.json ${flags}`);
  });

  const pods = [
    { title: 'whose pod is gone', pod: [], says: undefined },
    {
      title: 'whose pod was started anew after it took the lock',
      pod: [podOf(holder, new Date(Date.now() - 60_000).toISOString())],
      says: /holder: pod kubernaut-system\/gateway-7d9f84c6b5-x2k4p is there: Running, .*only after/,
    },
  ];
  for (const { title, pod, says } of pods) {
    it(`is of a gateway ${title}: doctor, release, ingest`, async () => {
      const lock = lockOf(fingerprintOf('checkout'), Date.now(), { acquired: 300, duration: 900, holder });
      await given(lock, ...pod);
      const judged = await mend();
      if (says === undefined) expect(judged).not.toContain('holder:');
      else expect(judged).toMatch(says);
      expect(await left()).toEqual({ requests: [expect.stringContaining('rr-')], locks: [] });
    });
  }
});
