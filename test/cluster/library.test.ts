import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Consumer, root, type Ended } from '../support/library/consumer.ts';
import { snippets } from '../support/library/snippets.ts';

const { kubeconfig } = inject('cluster');
const program = readFileSync(path.join(root, 'test/support/library/programs/on-a-cluster.ts'), 'utf8');
const written = snippets().filter(({ needsCluster }) => needsCluster);
const env = { KUBECONFIG: kubeconfig, LIBRARY_NAMESPACE: 'library' };

describe('the package against an API server', () => {
  let consumer: Consumer;
  let compiled: Ended;
  beforeAll(async () => {
    consumer = new Consumer();
    const sources = Object.fromEntries(written.map(({ name, text }) => [name, text]));
    compiled = await consumer.compile({ ...sources, 'on-a-cluster.ts': program });
  });
  afterAll(() => {
    consumer.remove();
  });

  it('locks, reads by typed classes, and ingests', async () => {
    expect(compiled.errors).toBe('');
    const { code, stdout, errors } = await consumer.run('on-a-cluster.ts', env);
    expect(errors).toBe('');
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toEqual([
      'locked: by us, for 30 s',
      'released: 0 leases',
      'ingested: created 1',
      'found: 1',
      'ingested: duplicate 2',
      'found: 1',
    ]);
  });

  it.each(written)('does what docs/library.md shows under $title', async ({ name, prints }) => {
    expect(prints).toBeDefined();
    expect(await consumer.run(name, env)).toEqual({ code: 0, stdout: prints, errors: '' });
  });
});
