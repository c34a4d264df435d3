import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasPseudoTerminal } from '../plan-run/pseudo-terminal.ts';
import { leaseResource, podResource } from '../../../src/kube/well-known-resources.ts';
import { serveStore, type ServedStore } from '../../support/served-store.ts';
import { alert, fingerprintOf, webhook } from '../../support/signals.ts';
import { lockOf, podOf } from '../lease/planted-locks.ts';
import { deployment, deploymentResource } from './managed-cluster.ts';
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

  it('is held for two hours: dry run, doctor, release, ingest', async () => {
    person.has(
      'given.json',
      lockOf(fingerprintOf('checkout'), Date.now(), { acquired: 93, duration: 7_200, holder }),
    );
    await person.typesAndSees(0, 'remedyctl store import given.json');
    const failed = await person.typesAndSees(5, 'remedyctl signal ingest alert.json');
    expect(failed.command('remedyctl lease doctor')).toBe('remedyctl lease doctor');
    await mend(person);
    expect(await left(person)).toEqual({ requests: [expect.stringContaining('rr-')], locks: [] });
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
});

describe.skipIf(!hasPseudoTerminal)('the lock of a pod that is dead', () => {
  let cluster: ServedStore;
  let person: Person;
  beforeEach(async () => {
    cluster = await serveStore({ namespaces: ['kubernaut-system', 'shop'] });
    const lock = lockOf(fingerprintOf('checkout'), Date.now(), { acquired: 300, duration: 900, holder });
    await cluster.objects.create(leaseResource, lock);
    await cluster.objects.create(deploymentResource, deployment('checkout'));
    person = new Person({ KUBECONFIG: cluster.kubeconfig });
    person.has('alert.json', webhook([alert('checkout')]));
  });
  afterEach(async () => {
    person.leaves();
    await cluster.close();
  });

  const pods = [
    { title: 'is not there any more', started: undefined, says: 'no pod PP in any namespace' },
    { title: 'was started anew since', started: 60_000, says: 'pod kubernaut-system/PP is there: Running' },
  ];
  for (const { title, started, says } of pods) {
    it(`is judged by its pod, which ${title}, and released`, async () => {
      if (started !== undefined) {
        const pod = podOf(holder, new Date(Date.now() - started).toISOString());
        await cluster.objects.create(podResource, pod);
        const { name, namespace = '' } = pod.metadata;
        const status = { status: pod['status'] };
        await cluster.objects.mergePatch(podResource, { namespace, name }, status, { subresource: 'status' });
      }
      const judged = await mend(person);
      expect(judged).toContain(`holder: ${says.replace('PP', holder)}`);
      expect(judged.includes('so only after the lock was taken')).toBe(started !== undefined);
      expect(await left(person)).toEqual({ requests: [expect.stringContaining('rr-')], locks: [] });
    });
  }
});

/** From the dry run to the request, by what each screen has for the next step. What the doctor said. */
async function mend(person: Person): Promise<string> {
  const foretold = await person.typesAndSees(5, 'remedyctl signal ingest alert.json --dry-run');
  expect(foretold.text).toContain('wouldWait');
  const judged = await person.typesAndSees(3, foretold.command('remedyctl lease doctor'));
  await person.typesAndSees(0, judged.command('remedyctl lease release'));
  const explained = await person.typesAndSees(0, 'remedyctl signal explain alert.json');
  await person.typesAndSees(0, explained.command('remedyctl signal ingest'));
  return judged.text;
}

async function left(person: Person): Promise<{ requests: string[]; locks: string[] }> {
  const names = (text: string): string[] => text.split('\n').filter((line) => line.includes('/'));
  const requests = await person.types('remedyctl request list -o name -q');
  const locks = await person.types('remedyctl lease list -o name -q');
  return { requests: names(requests.text), locks: names(locks.text) };
}
