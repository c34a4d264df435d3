import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { leaseResource, namespaceResource } from '../../../../src/kube/well-known-resources.ts';
import { openJournal } from '../../../../src/plan-run/journal.ts';
import type { Plan } from '../../../../src/plan/plan.ts';
import { RealClock } from '../../../../src/time/real-clock.ts';
import { SystemRandom } from '../../../../src/time/system-random.ts';
import { serveStore, type ServedStore } from '../../../support/served-store.ts';
import { CommandLine } from '../command-line.ts';
import { ask } from './asked.ts';

let line: CommandLine;
let server: ServedStore;

beforeEach(async () => {
  line = new CommandLine();
  server = await serveStore({ namespaces: ['kubernaut-system', 'shop', 'shop-test'] });
  line.env = { KUBECONFIG: server.kubeconfig };
  const spec = {
    holderIdentity: 'gateway-1',
    leaseDurationSeconds: 30,
    renewTime: '2026-01-01T00:00:00.000000Z',
  };
  await server.objects.create(leaseResource, {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'gw-lock-0123456789abcdef', namespace: 'kubernaut-system' },
    spec,
  });
});
afterEach(async () => {
  await server.close();
  line.remove();
});

const valuesOf = async (words: string[]): Promise<string[]> => (await ask(words, line.runtime())).values;
const folder = (): string => path.join(line.home, '.cache/remedyctl/names');

describe('names of a cluster', () => {
  it('are offered with what they are', async () => {
    expect(await ask(['lease', 'get', 'gw'], line.runtime())).toEqual({
      values: ['gw-lock-0123456789abcdef'],
      about: ['expired, by gateway-1'],
      directive: 4,
    });
    expect(await valuesOf(['request', 'list', '-n', 'shop'])).toEqual(['shop', 'shop-test']);
    expect(await valuesOf(['lease', 'release', 'x', '--if-holder='])).toEqual(['gateway-1']);
  });

  it('come from where the words before choose', async () => {
    expect(await valuesOf(['-n', 'shop', 'lease', 'get', ''])).toEqual([]);
    expect(await valuesOf(['lease', 'get', '--lease-namespace=shop', ''])).toEqual([]);
    expect(await valuesOf(['--target', 'embedded', 'lease', 'get', ''])).toEqual([]);
    expect(await valuesOf(['--context', 'other', 'lease', 'get', ''])).toEqual([]);
    expect(
      await valuesOf(['-n', 'shop', '--lease-namespace', 'kubernaut-system', 'lease', 'get', '']),
    ).toHaveLength(1);
  });

  it('are no names where a shell could read them as more than a word', async () => {
    const hostile = [
      '$(reboot)',
      '`id`',
      'a b',
      'a\nb',
      'a\tb',
      "it's",
      '-n',
      '\u001b[31mred',
      'a;b',
      'a\u202eb',
      '~',
    ];
    const names = [...hostile, 'good'];
    server.answerNext('/api/v1/namespaces', {
      kind: 'NamespaceList',
      apiVersion: 'v1',
      metadata: {},
      items: names.map((name) => ({ metadata: { name } })),
    });
    expect(await valuesOf(['-n', ''])).toEqual(['good']);
    // nor by way of what is kept
    expect(await valuesOf(['-n', ''])).toEqual(['good']);
    expect(server.log).toHaveLength(1);
  });

  it('say nothing that would move a cursor', async () => {
    const lease = {
      metadata: { name: 'gw-lock-fedcba9876543210', namespace: 'kubernaut-system' },
      spec: { holderIdentity: 'a\u001b[2J\tb\n:0' },
    };
    server.answerNext('/leases', {
      kind: 'LeaseList',
      apiVersion: 'coordination.k8s.io/v1',
      metadata: {},
      items: [lease],
    });
    const { about } = await ask(['lease', 'get', 'gw'], line.runtime());
    expect(about).toEqual(['noExpiry, by a\\x1b[2J\\tb\\n:0']);
  });
});

describe('names of requests', () => {
  const fingerprint = 'ab'.repeat(32);
  const request = (name: string, status: object): object => ({
    metadata: { name, namespace: 'kubernaut-system' },
    spec: {
      signalFingerprint: fingerprint,
      targetResource: { kind: 'Deployment', name: 'checkout', namespace: 'shop' },
    },
    status,
  });
  beforeEach(() => {
    server.answerNext('/remediationrequests', {
      kind: 'RemediationRequestList',
      apiVersion: 'kubernaut.ai/v1alpha1',
      metadata: {},
      items: [
        request('rr-done', { overallPhase: 'Completed', outcome: 'Remediated' }),
        request('rr-review', { overallPhase: 'Failed', outcome: 'ManualReviewRequired' }),
        request('rr-active', { overallPhase: 'Executing', outcome: 'ManualReviewRequired' }),
      ],
    });
  });

  it('are all of them where one is looked at', async () => {
    expect(await ask(['request', 'get', ''], line.runtime())).toMatchObject({
      values: ['rr-done', 'rr-review', 'rr-active'],
      about: ['Completed', 'Failed', 'Executing'].map((phase) => `${phase}, Deployment/checkout in shop`),
    });
  });

  it('are those that wait for a review where one is acknowledged', async () => {
    expect(await valuesOf(['request', 'ack', ''])).toEqual(['rr-review']);
  });

  it('stand for their fingerprints, each once, when a digit is typed', async () => {
    expect(await valuesOf(['dedup', 'show', 'a'])).toEqual([fingerprint]);
    expect(await valuesOf(['request', 'list', '--fingerprint', ''])).toEqual([]);
  });

  it('stand for what they are about', async () => {
    expect(await valuesOf(['request', 'list', '--resource=Dep'])).toEqual(['Deployment/checkout']);
  });

  it('follow --from request=', async () => {
    expect(await valuesOf(['signal', 'ingest', '--from', 'request=rr-d'])).toEqual(['request=rr-done']);
  });
});

describe('names of runs', () => {
  it('are those that were interrupted where one is gone on with', async () => {
    const ground = { directory: line.store, clock: new RealClock(), random: new SystemRandom() };
    const journal = await openJournal(ground);
    const plan = { name: 'egress-blocked', options: { mode: 'run' } } as unknown as Plan;
    for (const [id, state] of [
      ['run-1', 'succeeded'],
      ['run-2', 'interrupted'],
    ] as const) {
      const head = {
        hash: id.padEnd(64, '0'),
        plan,
        steps: [],
        settings: { escalationLevel: 1 },
        startedAt: 0,
      };
      await journal.begin({ ...head, id });
      await journal.end(id, state, 1);
    }
    await journal.close();
    expect(await ask(['plan', 'status', ''], line.runtime())).toMatchObject({
      values: ['run-2', 'run-1'],
      about: ['interrupted', 'succeeded'].map(
        (state) => `egress-blocked, ${state}, begun 1970-01-01T00:00:00.000Z`,
      ),
    });
    expect(await valuesOf(['plan', 'resume', ''])).toEqual(['run-2']);
  });
});

describe('names that are kept', () => {
  const namespaces = async (laterMs = 0): Promise<string[]> => {
    const clock = new RealClock();
    const now = clock.now.bind(clock);
    clock.now = () => now() + laterMs;
    return (await ask(['-n', 'new'], line.runtime({ clock }))).values;
  };
  const addOne = async (): Promise<void> => {
    await server.objects.create(namespaceResource, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'newcomer' },
    });
    server.log.length = 0;
  };

  it('count for five seconds', async () => {
    expect(await namespaces()).toEqual([]);
    await addOne();
    expect(await namespaces()).toEqual([]);
    expect(server.log).toEqual([]);
    expect(await namespaces(6_000)).toEqual(['newcomer']);
    expect(server.log).toHaveLength(1);
  });

  it('are for one user and one question', async () => {
    await namespaces();
    const [file = '', ...others] = readdirSync(folder());
    expect(others).toEqual([]);
    expect(lstatSync(path.join(folder(), file)).mode & 0o777).toBe(0o600);
    expect(lstatSync(folder()).mode & 0o777).toBe(0o700);
    server.log.length = 0;
    await ask(['--context', 'other', '-n', 'new'], line.runtime());
    expect(readdirSync(folder())).toHaveLength(1);
    // the kubeconfig is another one now
    writeFileSync(server.kubeconfig, `${readFileSync(server.kubeconfig, 'utf8')}\n`);
    await namespaces();
    expect(server.log).toHaveLength(1);
  });

  it.each<[string, (file: string) => void]>([
    [
      'no JSON',
      (file) => {
        writeFileSync(file, '[{"value":"planted');
      },
    ],
    [
      'others may write it',
      (file) => {
        chmodSync(file, 0o666);
      },
    ],
    [
      'it is a link',
      (file) => {
        renameSync(file, path.join(line.home, 'elsewhere'));
        symlinkSync(path.join(line.home, 'elsewhere'), file);
      },
    ],
  ])('do not count where what was kept is not right: %s', async (_, spoil) => {
    await namespaces();
    const [file = ''] = readdirSync(folder());
    spoil(path.join(folder(), file));
    await addOne();
    expect(await namespaces()).toEqual(['newcomer']);
  });

  it('are none where no folder can be', async () => {
    mkdirSync(path.join(line.home, '.cache'));
    writeFileSync(path.join(line.home, '.cache/remedyctl'), '');
    await addOne();
    expect(await namespaces()).toEqual(['newcomer']);
  });
});

describe('names of files', () => {
  it('of a kubeconfig, of which a shell could read none as more than a word', async () => {
    const file = path.join(line.home, 'kubeconfig');
    const contexts = ['arn:aws:eks:eu-west-1:1:cluster/a', 'admin@b', 'c d', '$(reboot)', "e'"];
    writeFileSync(
      file,
      JSON.stringify({
        contexts: contexts.map((name) => ({ name, context: { cluster: 'prod', user: 'me' } })),
        clusters: [{ name: 'prod', cluster: { server: 'https://127.0.0.1:1' } }],
        users: [{ name: 'me', user: {} }],
      }),
    );
    expect(await ask(['--kubeconfig', file, '--context', ''], line.runtime())).toEqual({
      values: contexts.slice(0, 2),
      about: ['prod', 'prod'],
      directive: 4,
    });
    expect(await valuesOf(['--kubeconfig', file, '--cluster='])).toEqual(['prod']);
    expect(await valuesOf(['--kubeconfig', file, '--user', 'm'])).toEqual(['me']);
  });

  it('of the configuration: profiles, where none is chosen that there is too', async () => {
    const file = path.join(line.home, 'c.yaml');
    writeFileSync(file, 'apiVersion: remedyctl.dev/v1\nkind: Config\nprofiles: {prod: {}, test: {}}\n');
    expect(await valuesOf(['--config', file, '--profile', ''])).toEqual(['prod', 'test']);
  });
});
