import { chmodSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasPseudoTerminal } from '../plan-run/pseudo-terminal.ts';
import { serveStore, type ServedStore } from '../../support/served-store.ts';
import { alert, webhook } from '../../support/signals.ts';
import { deployment, deploymentResource, kubectlLabel } from './managed-cluster.ts';
import { Person } from './person.ts';

describe.skipIf(!hasPseudoTerminal)('a resource in a namespace that is not managed', () => {
  let cluster: ServedStore;
  let person: Person;
  beforeEach(async () => {
    cluster = await serveStore({ namespaces: ['kubernaut-system', 'shop'] });
    await cluster.objects.create(deploymentResource, deployment('checkout', {}));
    person = new Person({ KUBECONFIG: cluster.kubeconfig });
    person.has('alert.json', webhook([alert('checkout')]));
    const [server = ''] = /http:[^"]+/.exec(readFileSync(cluster.kubeconfig, 'utf8')) ?? [];
    person.has('bin/kubectl', kubectlLabel(server));
    chmodSync(path.join(person.folder, 'bin/kubectl'), 0o755);
  });
  afterEach(async () => {
    person.leaves();
    await cluster.close();
  });

  const beginnings = [
    'remedyctl signal ingest alert.json',
    'remedyctl signal ingest alert.json --dry-run -o wide',
    'remedyctl signal explain alert.json',
  ];
  for (const line of beginnings) {
    it(`is labelled by what ${line} shows, and its signal then makes a request`, async () => {
      const refused = await person.typesAndSees(2, line);
      await person.typesAndSees(0, refused.command('kubectl label'));
      const taken = await person.typesAndSees(0, 'remedyctl signal ingest alert.json');
      expect(taken.text).toContain('1 signal: 1 created');
    });
  }

  it('is labelled in the cluster that was asked', async () => {
    const flags = `--context served --kubeconfig ${cluster.kubeconfig}`;
    const refused = await person.typesAndSees(2, `remedyctl signal ingest alert.json ${flags}`);
    const label = refused.command('kubectl label');
    expect(label).toContain(` --kubeconfig ${cluster.kubeconfig} --context served`);
    await person.typesAndSees(0, label);
    await person.typesAndSees(0, `remedyctl signal ingest alert.json ${flags}`);
  });
});
