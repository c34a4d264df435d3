import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/api/objects.ts';
import { MemoryStream } from '../cli/memory-stream.ts';
import { CommandLine, type Ran } from '../cli/command-line.ts';
import { requestObject } from './requests.ts';

const active = 'a'.repeat(64);
const suppressed = 'b'.repeat(64);
const waiting = 'c'.repeat(64);
const open = 'd'.repeat(64);
const now = ['--now', '2026-08-22T12:00:00Z'];

const objects: KubeObject[] = [
  requestObject({
    name: 'rr-active',
    status: {
      overallPhase: 'Executing',
      deduplication: {
        occurrenceCount: 3,
        firstSeenAt: '2026-08-22T11:00:00Z',
        lastSeenAt: '2026-08-22T11:55:00Z',
      },
    },
  }),
  requestObject({
    name: 'rr-before',
    created: '2026-08-21T11:00:00Z',
    status: {
      overallPhase: 'Completed',
      completedAt: '2026-08-21T12:00:00Z',
      completionStatus: { outcome: 'Remediated' },
      deduplication: {
        occurrenceCount: 4,
        firstSeenAt: '2026-08-21T11:00:00Z',
        lastSeenAt: '2026-08-21T11:30:00Z',
      },
    },
  }),
  requestObject({
    name: 'rr-backoff',
    fingerprint: suppressed,
    target: { kind: 'Node', name: 'worker-1' },
    status: {
      overallPhase: 'Failed',
      completedAt: '2026-08-22T11:50:00Z',
      routingStatus: { nextAllowedExecution: '2026-08-22T12:10:00Z' },
    },
  }),
  requestObject({
    name: 'rr-waiting',
    fingerprint: waiting,
    target: { kind: 'StatefulSet', name: 'ledger\u001b[31m', namespace: 'bank' },
    status: {
      overallPhase: 'Failed',
      completedAt: '2026-08-22T11:40:00Z',
      completionStatus: { outcome: 'ManualReviewRequired', requiresManualReview: true },
    },
  }),
  requestObject({
    name: 'rr-ended',
    fingerprint: open,
    created: '2026-08-12T11:00:00Z',
    status: { overallPhase: 'Cancelled' },
  }),
  {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: `gw-lock-${waiting.slice(0, 16)}`, namespace: 'kubernaut-system', uid: 'uid-lease' },
    spec: {
      holderIdentity: 'gateway-0',
      leaseDurationSeconds: 30,
      acquireTime: '2026-08-22T11:00:00.000000Z',
      renewTime: '2026-08-22T11:00:00.000000Z',
    },
  },
  ownedPod(),
  owner('ReplicaSet', 'checkout-7d9c', { kind: 'Deployment', name: 'checkout' }),
  owner('Deployment', 'checkout'),
];

let line: CommandLine;
beforeAll(async () => {
  line = new CommandLine();
  const file = path.join(line.home, 'objects.json');
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
  expect(await run('store', 'import', file)).toMatchObject({ code: 0 });
});
afterAll(() => {
  line.remove();
});

const run = (...argv: string[]): Promise<Ran> => line.run([...argv, '--target', 'embedded']);
const documentOf = ({ stdout }: Ran): Record<string, unknown> => {
  const document = JSON.parse(stdout) as Record<string, unknown>;
  delete document['target'];
  return document;
};

describe('dedup show', () => {
  it.each([
    ['an active request', active],
    ['a backoff', suppressed],
    ['a manual review', waiting],
    ['nothing that counts', open],
    ['nothing at all', 'e'.repeat(64)],
  ])('says what becomes of the next signal: %s', async (_name, fingerprint) => {
    const shown = await run('dedup', 'show', fingerprint, ...now);
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.stdout).toMatchSnapshot();
  });

  it('has the document of scripts', async () => {
    const shown = documentOf(await run('dedup', 'show', active, ...now, '-o', 'json'));
    expect(shown).toEqual({
      apiVersion: 'remedyctl.dev/v1',
      kind: 'DeduplicationState',
      fingerprint: active,
      resource: { kind: 'Deployment', name: 'checkout', namespace: 'shop' },
      state: 'active',
      decision: {
        reason: 'active',
        request: { namespace: 'kubernaut-system', name: 'rr-active' },
        phase: 'Executing',
      },
      occurrenceCount: 7,
      firstSeenAt: '2026-08-21T11:00:00Z',
      lastSeenAt: '2026-08-22T11:55:00Z',
      since: '2026-08-22T11:00:00Z',
      active: { namespace: 'kubernaut-system', name: 'rr-active', phase: 'Executing' },
      history: [
        {
          name: 'rr-active',
          phase: 'Executing',
          createdAt: '2026-08-22T11:00:00Z',
          occurrenceCount: 3,
          firstSeenAt: '2026-08-22T11:00:00Z',
          lastSeenAt: '2026-08-22T11:55:00Z',
          counted: true,
          considered: 'stands in the way: it is active (phase Executing)',
        },
        {
          name: 'rr-before',
          phase: 'Completed',
          outcome: 'Remediated',
          createdAt: '2026-08-21T11:00:00Z',
          completedAt: '2026-08-21T12:00:00Z',
          occurrenceCount: 4,
          firstSeenAt: '2026-08-21T11:00:00Z',
          lastSeenAt: '2026-08-21T11:30:00Z',
          counted: false,
          considered: 'does not count: it has ended (phase Completed) and holds nothing back',
        },
      ],
    });
  });

  it('shows the lock by the real time, whatever --now says', async () => {
    const { lock } = documentOf(await run('dedup', 'show', waiting, ...now, '-o', 'json'));
    expect(lock).toMatchObject({
      name: `gw-lock-${waiting.slice(0, 16)}`,
      fingerprint: waiting,
      state: 'orphaned',
      holder: 'gateway-0',
      request: { name: 'rr-waiting', phase: 'Failed' },
    });
  });

  it('asks as of another time', async () => {
    const at = async (time: string): Promise<unknown> =>
      documentOf(await run('dedup', 'show', suppressed, '--now', time, '-o', 'json'))['state'];
    expect(await at('2026-08-22T12:09:59Z')).toBe('suppressed');
    expect(await at('2026-08-22T12:10:00Z')).toBe('open');
  });

  it.each([
    ['the beginning of a fingerprint', ['cccccccc']],
    ['the same in capitals', ['CCCCCCCCC']],
    ['the name of a request', ['rr-waiting']],
  ])('is asked by %s', async (_name, about) => {
    expect(documentOf(await run('dedup', 'show', ...about, '-o', 'json'))['fingerprint']).toBe(waiting);
  });

  it.each([
    [
      'a Node',
      ['Node/worker-1'],
      '54010c454af195aadec824d25dba6fa52adfcc717f0b3f0430e4111acddfe728',
      undefined,
    ],
    [
      'a plural',
      ['nodes/worker-node-1'],
      '54010c454af195aadec824d25dba6fa52adfcc717f0b3f0430e4111acddfe728',
      undefined,
    ],
    [
      'a cluster',
      ['Deployment/payment-api', '--resource-namespace', 'prod', '--resource-cluster-id', 'prod-east'],
      '3841478bf8220c4cac6ff36991787d8d0989c0eeda8a5ad65ab2d4f5a76ea017',
      undefined,
    ],
    [
      'a Node with a namespace',
      ['--resource', 'Node/worker-node-1', '--resource-namespace', 'monitoring'],
      '0636f7cfc0b67046c1906c75ba8973a380e6ae4c935eaa309d756323fded576a',
      undefined,
    ],
  ])('computes the fingerprint of %s as signals have it', async (_name, about, fingerprint) => {
    const shown = documentOf(await run('dedup', 'show', ...about, '-o', 'json'));
    const wanted = about[0] === 'Node/worker-1' ? undefined : fingerprint;
    if (wanted !== undefined) expect(shown['fingerprint']).toBe(wanted);
    expect(shown['state']).toBe('open');
  });

  it('resolves a Pod to its owner, and says so', async () => {
    const shown = await run(
      'dedup',
      'show',
      'Pod/checkout-7d9c-x2x7k',
      '--resource-namespace',
      'shop',
      '-o',
      'json',
    );
    expect(documentOf(shown)).toMatchObject({
      resource: { kind: 'Deployment', name: 'checkout', namespace: 'shop' },
      ownerChain: ['Pod/checkout-7d9c-x2x7k', 'ReplicaSet/checkout-7d9c', 'Deployment/checkout'],
      // of a fingerprint that no signal of the resource has
      otherRequests: [{ name: 'rr-active', phase: 'Executing', resource: { name: 'checkout' } }],
    });
    expect(shown.stderr).toContain(
      'Pod/checkout-7d9c-x2x7k -> ReplicaSet/checkout-7d9c -> Deployment/checkout',
    );
  });

  it.each([
    ['nothing', [], 2, 'nothing is asked about'],
    ['two things', ['cccccccc', '-f', 'x.json'], 2, 'several things'],
    ['too few digits', ['abc'], 2, 'it has 3 digits'],
    ['no KIND/NAME', ['a/b/c'], 2, 'is not KIND/NAME'],
    ['a namespace of nothing', ['cccccccc', '--resource-namespace', 'x'], 2, 'belong to KIND/NAME'],
    ['a time that is none', ['cccccccc', '--now', 'noon'], 2, '--now: "noon"'],
    ['a day that is none', ['cccccccc', '--now', '2026-02-31T12:00:00Z'], 2, '--now: "2026-02-31T12:00:00Z"'],
    ['an unknown beginning', ['ffffffff'], 1, 'begins with ffffffff'],
    ['an unknown request', ['rr-nobody'], 1, 'not found'],
  ])('refuses %s', async (_name, argv, code, message) => {
    const refused = await run('dedup', 'show', ...argv);
    expect(refused).toMatchObject({ code, stdout: '' });
    expect(refused.stderr).toContain(message);
  });

  it('exits 2 where every signal of a file would be rejected', async () => {
    const { code, stdout } = await run('dedup', 'show', '-f', 'missing.json');
    expect(code).toBe(2);
    expect(stdout).toContain('INPUT_NOT_FOUND');
  });

  it('says what would happen to each signal of a file, and writes nothing', async () => {
    const alert = (labels: object): object => ({
      status: 'firing',
      labels: { alertname: 'X', severity: 'critical', ...labels },
      annotations: {},
      startsAt: '2026-08-22T11:59:00Z',
    });
    const file = path.join(line.home, 'alerts.json');
    const alerts = [
      alert({ deployment: 'fresh', namespace: 'shop' }),
      alert({ deployment: 'fresh', namespace: 'shop' }),
      { ...alert({ deployment: 'fresh', namespace: 'shop' }), status: 'resolved' },
      alert({ service: 'x' }),
    ];
    writeFileSync(file, JSON.stringify({ version: '4', status: 'firing', alerts }));
    const before = await run('store', 'info', '-o', 'json');
    const listed = await run('dedup', 'show', '-f', file, ...now, '-o', 'json');
    expect(listed.code).toBe(0);
    const { kind, items } = documentOf(listed) as { kind: string; items: Record<string, unknown>[] };
    expect(kind).toBe('DeduplicationStateList');
    expect(items.map(({ outcome, state }) => [outcome, state])).toEqual([
      ['wouldCreate', 'open'],
      ['wouldDuplicate', 'active'],
      ['skipped', undefined],
      ['rejected', undefined],
    ]);
    const table = await run('dedup', 'show', '-f', file, ...now);
    expect(table.stdout.split('\n')[0]).toBe(
      'Of 4 signals 1 would make a new request, 1 would be counted on a request that there is, 1 would be skipped, 1 would be rejected.',
    );
    const after = await run('store', 'info', '-o', 'json');
    expect(JSON.parse(after.stdout)).toMatchObject({
      resourceVersion: (JSON.parse(before.stdout) as { resourceVersion: number }).resourceVersion,
    });
  });
});

describe('dedup list', () => {
  it('is a table', async () => {
    const { code, stdout } = await run('dedup', 'list', ...now);
    expect(code).toBe(0);
    expect(stdout).toMatchSnapshot();
  });

  it('holds the same states as dedup show', async () => {
    const { items } = documentOf(await run('dedup', 'list', ...now, '-o', 'json')) as {
      items: { fingerprint: string }[];
    };
    expect(items.map(({ fingerprint }) => fingerprint[0]).join('')).toBe('abcd');
    for (const item of items) {
      const shown = documentOf(await run('dedup', 'show', item.fingerprint, ...now, '-o', 'json'));
      for (const key of ['apiVersion', 'kind', 'lock']) Reflect.deleteProperty(shown, key);
      expect(item).toEqual(shown);
    }
  });

  it.each([
    ['by state', ['--state', 'suppressed', '--state', 'open'], 'bd'],
    ['by the phase of any of its requests', ['--phase', 'completed'], 'a'],
    ['by namespace', ['--resource-namespace', 'bank'], 'c'],
    ['those of cluster-scoped resources', ['--resource-namespace', ''], 'b'],
    ['by kind', ['--kind', 'statefulset'], 'c'],
    ['those seen lately', ['--since', '30m'], 'a'],
    ['those seen since a time', ['--since', '2026-08-22T00:00:00Z'], 'abc'],
    ['those seen long ago', ['--older-than', '1w'], 'd'],
    ['by nothing that matches', ['--kind', 'Moon'], ''],
    ['in the order of states', ['--sort-by', 'state'], 'abcd'],
    ['in the order of counts', ['--sort-by', 'occurrenceCount'], 'abcd'],
    ['in the order of resources', ['--sort-by', 'resource'], 'bcad'],
  ])('chooses %s', async (_name, flags, wanted) => {
    const { code, stdout } = await run('dedup', 'list', ...now, '-o', 'name', ...flags);
    expect(code).toBe(0);
    expect(stdout.replaceAll(/fingerprint\/(.).*\n/g, '$1')).toBe(wanted);
  });

  it('shows no control characters of a name, and all of it in JSON', async () => {
    const table = await run('dedup', 'list', '--kind', 'StatefulSet');
    expect(table.stdout).not.toContain('\u001b');
    const { items } = documentOf(await run('dedup', 'list', '--kind', 'StatefulSet', '-o', 'json'));
    expect(items).toMatchObject([{ resource: { name: 'ledger\u001b[31m' } }]);
  });

  it('colours states and phases on demand', async () => {
    const { stdout } = await run('dedup', 'list', ...now, '--color', 'always');
    expect(stdout).toContain('\u001b[31mmanualReview');
    expect(stdout).toContain('\u001b[33msuppressed');
  });

  it('refuses an age that is none', async () => {
    expect(await run('dedup', 'list', '--since', 'yesterday')).toMatchObject({ code: 2 });
    expect(await run('dedup', 'list', '--since', '2026-02-30T12:00:00Z')).toMatchObject({ code: 2 });
  });
});

describe('request list and get', () => {
  it.each([
    ['by phase', ['--phase', 'failed', '--phase', 'Executing'], ['rr-active', 'rr-backoff', 'rr-waiting']],
    [
      'by resource',
      [
        '--resource',
        'deployment/checkout',
        '--resource-namespace',
        'shop',
        '--since',
        '2026-08-22T00:00:00Z',
      ],
      ['rr-active'],
    ],
    ['by the beginning of a fingerprint', ['--fingerprint', 'cccccccc'], ['rr-waiting']],
    ['by a fingerprint', ['--fingerprint', active], ['rr-active', 'rr-before']],
    ['by nothing that matches', ['--resource', 'Moon/far'], []],
  ])('list chooses %s', async (_name, flags, wanted) => {
    const { code, stdout } = await run('request', 'list', '-o', 'json', ...flags);
    expect(code).toBe(0);
    const { kind, items } = JSON.parse(stdout) as { kind: string; items: KubeObject[] };
    expect(kind).toBe('RemediationRequestList');
    expect(items.map(({ metadata }) => metadata.name)).toEqual(wanted);
  });

  it('get takes the one request that the filters choose', async () => {
    const { code, stdout } = await run('request', 'get', '--resource', 'Node/worker-1', '-o', 'json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      apiVersion: 'kubernaut.ai/v1alpha1',
      kind: 'RemediationRequest',
      metadata: { name: 'rr-backoff' },
    });
    expect((await run('request', 'get', '--phase', 'Failed')).stderr).toContain('2 requests match');
    expect(await run('request', 'get', '--phase', 'Failed')).toMatchObject({ code: 2 });
    expect(await run('request', 'get', '--phase', 'Moon')).toMatchObject({ code: 1 });
    expect(await run('request', 'get', 'rr-active', '--phase', 'Failed')).toMatchObject({ code: 1 });
  });

  it.each([
    ['request', 'get', 'rr-back', 'rr-backoff'],
    ['dedup', 'show', 'rr-back', 'rr-backoff'],
  ])(
    '%s %s takes the beginning of a name, if it is that of one alone: %s',
    async (topic, verb, begins, name) => {
      const { code, stdout } = await run(topic, verb, begins, '-o', 'json');
      expect(code).toBe(0);
      expect(stdout).toContain(`"name": "${name}"`);
      const several = await run(topic, verb, 'rr-b');
      expect(several).toMatchObject({ code: 2, stdout: '' });
      expect(several.stderr).toMatch(/rr-b.*2 requests|2 requests.*rr-b/);
      expect(several.stderr).toContain('rr-backoff, rr-before');
      expect(await run(topic, verb, 'rr-')).toMatchObject({ code: 1 });
    },
  );

  it('a write takes no beginning of a name', async () => {
    const { code, stderr } = await run('request', 'ack', 'rr-wait', '--yes');
    expect(code).toBe(1);
    expect(stderr).toContain('rr-wait');
  });

  it('colours the phase', async () => {
    const { stdout } = await run('request', 'list', '--color', 'always');
    expect(stdout).toContain('\u001b[36mExecuting');
    expect(stdout).toContain('\u001b[31mFailed');
    expect(stdout).toContain('\u001b[35mFailed');
  });

  it('watch begins with what there is of the choice', async () => {
    const stop = new AbortController();
    const stdout = new MemoryStream();
    const watching = line.run(
      ['request', 'watch', '--phase', 'Failed', '-o', 'jsonl', '--target', 'embedded'],
      { stdout, signal: stop.signal, interruption: () => 'SIGINT' },
    );
    await expect.poll(() => stdout.text.split('\n').length).toBe(3);
    stop.abort();
    expect((await watching).code).toBe(130);
    const names = stdout.text
      .trim()
      .split('\n')
      .map((text) => (JSON.parse(text) as { object: KubeObject }).object.metadata.name);
    expect(names).toEqual(['rr-backoff', 'rr-waiting']);
  });
});

describe('request ack', () => {
  it('needs --yes where nobody can answer, and then does nothing', async () => {
    const refused = await run('request', 'ack', 'rr-waiting');
    expect(refused).toMatchObject({ code: 6, stdout: '' });
    expect(refused.stderr).toContain('outcome ManualReviewRequired -> Inconclusive');
    expect(refused.stderr).toContain('the next signal makes a new request');
  });

  it('is refused by a profile that may not write, but for a dry run', async () => {
    const config = path.join(line.home, 'read-only.yaml');
    writeFileSync(config, 'readOnly: true\n');
    const flags = ['rr-waiting', '--config', config, '--settle', '0'];
    expect(await run('request', 'ack', ...flags, '--yes')).toMatchObject({ code: 6 });
    expect(await run('request', 'ack', ...flags, '--dry-run')).toMatchObject({ code: 0 });
    expect(await run('request', 'ack', ...flags, '--dry-run=server')).toMatchObject({ code: 0 });
    expect(documentOf(await run('dedup', 'show', waiting, '-o', 'json'))['state']).toBe('manualReview');
  });

  it('refuses what does not wait for review, and flags that cannot be', async () => {
    expect(await run('request', 'ack', 'rr-active', '--yes')).toMatchObject({ code: 2 });
    expect(await run('request', 'ack', 'rr-nobody', '--yes')).toMatchObject({ code: 1 });
    expect(await run('request', 'ack', 'rr-waiting', '--settle', 'soon')).toMatchObject({ code: 2 });
    expect(await run('request', 'ack', 'rr-waiting', '--reason', ' ')).toMatchObject({ code: 2 });
  });

  it('ends the blocking, in a document for scripts', async () => {
    const done = await run(
      'request',
      'ack',
      'rr-waiting',
      '--yes',
      '--settle',
      '1ms',
      '--reason',
      'why',
      '-o',
      'json',
    );
    expect(done.code, done.stderr).toBe(0);
    expect(documentOf(done)).toEqual({
      apiVersion: 'remedyctl.dev/v1',
      kind: 'RequestAcknowledgement',
      request: { namespace: 'kubernaut-system', name: 'rr-waiting', uid: 'uid-rr-waiting' },
      fingerprint: waiting,
      phase: 'Failed',
      outcome: { before: 'ManualReviewRequired', after: 'Inconclusive' },
      acknowledgedBy: {
        by: expect.stringContaining('@') as string,
        at: expect.stringMatching(/^\d{4}-.*Z$/) as string,
        reason: 'why',
        outcome: 'ManualReviewRequired',
      },
      settled: true,
      next: { state: 'open', decision: { reason: 'none' } },
    });
    expect(documentOf(await run('dedup', 'show', waiting, '-o', 'json'))['state']).toBe('open');
    expect(await run('request', 'ack', 'rr-waiting', '--yes')).toMatchObject({ code: 2 });
  });
});

function ownedPod(): KubeObject {
  return {
    ...owner('Pod', 'checkout-7d9c-x2x7k', { kind: 'ReplicaSet', name: 'checkout-7d9c' }),
    apiVersion: 'v1',
  };
}

function owner(kind: string, name: string, by?: { kind: string; name: string }): KubeObject {
  const ownerReferences =
    by === undefined ? [] : [{ apiVersion: 'apps/v1', ...by, uid: `uid-${by.name}`, controller: true }];
  return { apiVersion: 'apps/v1', kind, metadata: { name, namespace: 'shop', ownerReferences } };
}
