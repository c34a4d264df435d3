import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRemoteSystems, type FakeRemoteSystems } from '../../support/remote-systems/remote-systems.ts';
import { Consumer, root, type Ended } from '../../support/library/consumer.ts';
import { snippets } from '../../support/library/snippets.ts';

const entries = ['index', 'plan', 'store', 'kube'];
const program = readFileSync(path.join(root, 'test/support/library/programs/runbook.ts'), 'utf8');
const written = snippets();

let consumer: Consumer;
let systems: FakeRemoteSystems;
beforeAll(async () => {
  consumer = new Consumer();
  systems = await startRemoteSystems();
});
afterAll(async () => {
  consumer.remove();
  await systems.stop();
});

/** The variables by which a program reaches the fakes, which know the cluster and the incident of one plan. */
function remoteEnv(): Record<string, string> {
  systems.ocm.addCluster({ id: '1a2b3c4d', externalId: '5f0cbf4e-5d3b-4b9c-8e8e-0d5f5b8a1c11' });
  systems.pagerDuty.addIncident({ id: 'Q1' });
  return { ...systems.env, REMEDYCTL_TARGET: 'embedded' };
}

describe('the package in an empty project', () => {
  it('brings no other package', () => {
    expect(consumer.packages).toEqual(['remedyctl']);
  });

  it('has declarations that ask for nothing: no DOM, no types of Node.js', async () => {
    const surface = entries.map((name) => {
      const entry = name === 'index' ? 'remedyctl' : `remedyctl/${name}`;
      return `export * as ${name} from '${entry}';`;
    });
    expect(await consumer.compile({ 'surface.ts': surface.join('\n') }, ['ES2023'])).toEqual({
      code: 0,
      stdout: '',
      errors: '',
    });
  });

  it('gives import and require the same, and one class to all entries', async () => {
    const text = `
      import { ObjectAccess } from 'remedyctl/kube';
      import { RemedyError } from 'remedyctl';
      import { RemoteError } from 'remedyctl/plan';
      const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);
      console.log(
        require('remedyctl/kube').ObjectAccess === ObjectAccess,
        require('remedyctl').RemedyError === RemedyError,
        RemoteError.prototype instanceof RemedyError,
      );`;
    await consumer.compile({ 'both.ts': `declare const process: any;\n${text}` });
    expect(await consumer.run('both.ts')).toEqual({ code: 0, stdout: 'true true true\n', errors: '' });
  });

  it('loads nothing else, says nothing, and keeps no process alive', async () => {
    const text = `
      ${entries.map((name) => (name === 'index' ? `import 'remedyctl';` : `import 'remedyctl/${name}';`)).join('\n')}
      const { createRequire } = process.getBuiltinModule('node:module');
      const loaded = Object.keys(createRequire(import.meta.url).cache).filter((file) => !/remedyctl.dist.(lib.)?[^/\\\\]+$/.test(file));
      // the loader of modules may still be closing the last file
      const active = process.getActiveResourcesInfo().filter((name: string) => name !== 'CloseReq');
      console.log(JSON.stringify({ loaded, active }));`;
    await consumer.compile({ 'loading.ts': `declare const process: any;\n${text}` });
    const { stdout, errors } = await consumer.run('loading.ts');
    expect({ ...(JSON.parse(stdout) as object), errors }).toEqual({ loaded: [], active: [], errors: '' });
  });
});

describe('a runbook', () => {
  it('retries, locks, decides, ingests, and executes a plan', async () => {
    expect(await consumer.compile({ 'runbook.ts': program })).toMatchObject({ code: 0, errors: '' });
    const { code, stdout, errors } = await consumer.run('runbook.ts', remoteEnv());
    expect(errors).toBe('');
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toEqual([
      'retried: waits 100, 200; done at the third attempt',
      'locked: gw-lock-91fce8d5c4949766 by a holder of this process',
      'renewed: another token, still safe',
      'contended: somebody else does not get it',
      'released: released; the next one gets it',
      'decided: new none, duplicate active, duplicate manualReview',
      'normalized: 91fce8d5c494 Deployment/payment-api in prod',
      'ingested: created 1, duplicate 2, one request in the store',
      'previewed: ocm POST; pagerduty PUT',
      'executed: succeeded: service_log succeeded, escalate_incident succeeded',
      'refused: PLAN_FINISHED',
    ]);
    expect(systems.ocm.serviceLogs).toMatchObject([{ summary: 'The runbook has found something' }]);
    expect(systems.pagerDuty.incidents.get('Q1')).toMatchObject({ escalationLevel: 2 });
  });
});

describe('docs/library.md', () => {
  let compiled: Ended;
  beforeAll(async () => {
    compiled = await consumer.compile(Object.fromEntries(written.map(({ name, text }) => [name, text])));
  });

  it('has programs that compile', () => {
    expect(compiled).toEqual({ code: 0, stdout: '', errors: '' });
  });

  it.each(written.filter(({ needsCluster }) => !needsCluster))(
    'under $title: its program prints what the page says',
    async ({ name, prints }) => {
      expect(prints).toBeDefined();
      expect(await consumer.run(name, remoteEnv())).toEqual({ code: 0, stdout: prints, errors: '' });
    },
  );
});
