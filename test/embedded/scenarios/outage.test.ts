import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasPseudoTerminal } from '../plan-run/pseudo-terminal.ts';
import { serveStore, type ServedStore } from '../../support/served-store.ts';
import { alert, webhook } from '../../support/signals.ts';
import { deployment, deploymentResource } from './managed-cluster.ts';
import { Person } from './person.ts';

describe.skipIf(!hasPseudoTerminal)('an outage of last night', () => {
  let cluster: ServedStore;
  let person: Person;
  beforeEach(async () => {
    cluster = await serveStore({ namespaces: ['kubernaut-system', 'shop'] });
    person = new Person({ KUBECONFIG: cluster.kubeconfig });
    person.has('alert.json', webhook([alert('checkout'), alert('frontend')]));
    for (const name of ['checkout', 'frontend'])
      await cluster.objects.create(deploymentResource, deployment(name));
    for (let count = 0; count < 3; count += 1) {
      cluster.refuseNext('POST /apis/kubernaut.ai', 503, 'ServiceUnavailable');
    }
    await person.typesAndSees(4, 'remedyctl signal ingest alert.json --concurrency 1 --record run.ndjson');
  });
  afterEach(async () => {
    person.leaves();
    await cluster.close();
  });

  it('is replayed, and the policies are compared by what the replay says', async () => {
    const replayed = await person.typesAndSees(0, 'remedyctl retry replay run.ndjson');
    expect(replayed.text).toMatch(/^Of 2 signals 1 was created; 1 used up its attempts \(503/);
    const compared = await person.typesAndSees(0, replayed.command('remedyctl retry compare'));
    expect(compared.text).toMatch(/^creation +1s +no /m);
    expect(compared.text).toMatch(/outage of 1s: creation with 5 attempts survives it always/);
  });
});
