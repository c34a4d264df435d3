import { describe, expect, it } from 'vitest';
import type { Send } from '../../../src/api/wire.ts';
import type { ForwardTarget } from '../../../src/kube/forward-target.ts';
import { parseForwardTarget, resolveForwardTarget } from '../../../src/kube/forward-target.ts';
import { ObjectAccess } from '../../../src/kube/object-access.ts';

const namespace = 'ns';

async function* bodyOf(value: object): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(JSON.stringify(value)));
}

interface World {
  service?: object;
  pods?: object[];
}

function worldOf({ service, pods = [] }: World): { objects: ObjectAccess; paths: string[] } {
  const paths: string[] = [];
  const send: Send = ({ path }) => {
    paths.push(path);
    const isList = path.includes('/pods?');
    const body = isList
      ? { kind: 'PodList', metadata: {}, items: pods }
      : path.includes('/services/')
        ? service
        : pods.find((pod) => path.endsWith(`/${(pod as { metadata: { name: string } }).metadata.name}`));
    const status = body === undefined ? 404 : 200;
    const answer = body ?? { kind: 'Status', reason: 'NotFound', code: 404, message: 'there is none' };
    return Promise.resolve({ status, headers: {}, body: bodyOf(answer) });
  };
  return { objects: new ObjectAccess(send), paths };
}

function service(spec: object): object {
  return { metadata: { name: 'gw', namespace }, spec: { selector: { app: 'gw' }, ...spec } };
}

interface PodFacts {
  phase?: string;
  readySince?: string;
  deleted?: boolean;
  ports?: object[];
  initPorts?: object[];
}

function pod(name: string, facts: PodFacts = {}): object {
  const { phase = 'Running', readySince, deleted = false, ports = [], initPorts = [] } = facts;
  const ready = {
    type: 'Ready',
    status: readySince === undefined ? 'False' : 'True',
    lastTransitionTime: readySince,
  };
  return {
    metadata: { name, namespace, ...(deleted ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}) },
    spec: { containers: [{ name: 'main', ports }], initContainers: [{ name: 'proxy', ports: initPorts }] },
    status: { phase, conditions: [ready] },
  };
}

async function resolved(world: World, target: Partial<ForwardTarget> = {}): Promise<string> {
  const whole: ForwardTarget = { kind: 'service', namespace, name: 'gw', ...target };
  try {
    const { pod: name, port } = await resolveForwardTarget(worldOf(world).objects, whole, undefined);
    return `${name}:${port}`;
  } catch (thrown) {
    const { code, message } = thrown as { code: string; message: string };
    return `${code} ${message}`;
  }
}

const ready = (name: string, facts: PodFacts = {}): object =>
  pod(name, { readySince: '2026-01-01T00:00:00Z', ...facts });

describe('the words for a target', () => {
  it('are kubectl’s', () => {
    const said = ['svc/gw', 'service/gw:http', 'services/gw:80', 'pod/gw-1:8080', 'po/gw-1:web', 'pods/a.b'];
    expect(said.map((text) => parseForwardTarget(text, namespace))).toEqual([
      { kind: 'service', namespace, name: 'gw', port: undefined },
      { kind: 'service', namespace, name: 'gw', port: 'http' },
      { kind: 'service', namespace, name: 'gw', port: '80' },
      { kind: 'pod', namespace, name: 'gw-1', port: '8080' },
      { kind: 'pod', namespace, name: 'gw-1', port: 'web' },
      { kind: 'pod', namespace, name: 'a.b', port: undefined },
    ]);
  });

  it('are no others', () => {
    for (const text of [
      '',
      'gw',
      'gw:80',
      'deploy/gw',
      'svc/',
      'svc/gw:',
      'svc/gw:80:81',
      'svc/a/b',
      'svc /gw',
      '\u001b[2J/x',
    ]) {
      expect(() => parseForwardTarget(text, namespace), text).toThrow(
        `--port-forward must be svc/NAME[:PORT] or pod/NAME:PORT, not ${JSON.stringify(text)}`,
      );
    }
  });
});

describe('the port of a service', () => {
  const pods = [ready('gw-1', { ports: [{ name: 'web', containerPort: 9000 }] })];
  const cases: [string, object, string | undefined, string][] = [
    ['leads to a number', { ports: [{ port: 80, targetPort: 8080 }] }, '80', 'gw-1:8080'],
    ['leads to a name', { ports: [{ port: 80, targetPort: 'web' }] }, '80', 'gw-1:9000'],
    ['leads to itself without a target', { ports: [{ port: 80 }] }, '80', 'gw-1:80'],
    ['leads to itself with the target 0', { ports: [{ port: 80, targetPort: 0 }] }, '80', 'gw-1:80'],
    [
      'leads to itself where the service is headless',
      { clusterIP: 'None', ports: [{ port: 80, targetPort: 8080 }] },
      '80',
      'gw-1:80',
    ],
    ['has a name', { ports: [{ name: 'http', port: 80, targetPort: 8080 }] }, 'http', 'gw-1:8080'],
    [
      'need not be said if it is the only one',
      { ports: [{ port: 80, targetPort: 8080 }] },
      undefined,
      'gw-1:8080',
    ],
    [
      'need not be said if it is the only one of TCP',
      {
        ports: [
          { port: 53, protocol: 'UDP' },
          { port: 80, targetPort: 8080, protocol: 'TCP' },
        ],
      },
      undefined,
      'gw-1:8080',
    ],
    [
      'is the one of TCP of two',
      {
        ports: [
          { port: 53, protocol: 'UDP' },
          { name: 'tcp', port: 53, targetPort: 5353 },
        ],
      },
      '53',
      'gw-1:5353',
    ],
    [
      'has to be said if there are several',
      {
        ports: [
          { name: 'http', port: 80 },
          { name: 'metrics', port: 9090 },
        ],
      },
      undefined,
      'INVALID_OPTION --port-forward needs the port, since service ns/gw has several: 80 (http), 9090 (metrics)',
    ],
    [
      'that it does not have',
      {
        ports: [
          { name: 'http', port: 80 },
          { port: 53, protocol: 'UDP' },
        ],
      },
      '81',
      'NOT_FOUND service ns/gw has no port 81: it has 80 (http), 53 (not TCP)',
    ],
    [
      'that it does not have by name',
      { ports: [{ port: 80 }] },
      'web',
      'NOT_FOUND service ns/gw has no port web: it has 80',
    ],
    [
      'of UDP',
      { ports: [{ port: 53, protocol: 'UDP' }] },
      '53',
      'INVALID_OPTION --port-forward can only forward TCP; port 53 of service ns/gw is none of TCP',
    ],
    [
      'that is none',
      { ports: [{ port: 80 }] },
      '70000',
      'INVALID_OPTION --port-forward has the port 70000, which is none (1 to 65535)',
    ],
    ['where there is none', {}, undefined, 'NOT_FOUND service ns/gw declares no port'],
    ['where there is none, said', {}, '80', 'NOT_FOUND service ns/gw has no port 80: it declares none'],
    [
      'that leads to a name which the pod does not have',
      { ports: [{ port: 80, targetPort: 'grpc' }] },
      '80',
      'NOT_FOUND service ns/gw leads to the port "grpc", which pod gw-1 does not have',
    ],
  ];
  it.each(cases)('%s', async (_what, spec, port, expected) => {
    expect(await resolved({ service: service(spec), pods }, { port })).toBe(expected);
  });
});

describe('the pod of a service', () => {
  const http = service({ ports: [{ port: 80 }] });

  it('is the one that is ready for longest', async () => {
    const pods = [
      pod('gw-0'),
      ready('gw-1', { readySince: '2026-01-03T00:00:00Z' }),
      ready('gw-2', { readySince: '2026-01-02T00:00:00Z' }),
      ready('gw-3', { readySince: '2026-01-01T00:00:00Z', deleted: true }),
      ready('gw-4', { readySince: '2026-01-01T00:00:00Z', phase: 'Failed' }),
    ];
    expect(await resolved({ service: http, pods })).toBe('gw-2:80');
  });

  it('is looked for by the selector', async () => {
    const world = worldOf({
      service: service({ selector: { app: 'gw', 'x.io/tier': 'a' }, ports: [{ port: 80 }] }),
      pods: [ready('gw-1')],
    });
    await resolveForwardTarget(world.objects, { kind: 'service', namespace, name: 'gw' }, undefined);
    expect(world.paths.map(decodeURIComponent)).toEqual([
      '/api/v1/namespaces/ns/services/gw',
      '/api/v1/namespaces/ns/pods?limit=500&labelSelector=app=gw,x.io/tier=a',
    ]);
  });

  it('that is not ready is said with what it is', async () => {
    const pods = [
      pod('gw-1', { phase: 'Pending' }),
      pod('gw-2'),
      ready('gw-3', { deleted: true }),
      pod('gw-4'),
    ];
    expect(await resolved({ service: http, pods })).toBe(
      'NOT_FOUND service ns/gw has no pod that is ready: gw-1 is Pending, gw-2 is running but not ready, gw-3 is being deleted, and 1 more',
    );
    expect(await resolved({ service: http })).toBe(
      'NOT_FOUND service ns/gw has no pod that is ready: its selector matches none',
    );
  });

  it('is nobody’s without a selector', async () => {
    expect(await resolved({ service: service({ selector: {}, ports: [{ port: 80 }] }) })).toBe(
      'NOT_FOUND service ns/gw has no selector, so nothing says which pods are its',
    );
  });

  it('is not looked for where the service is not there', async () => {
    expect(await resolved({})).toBe('NOT_FOUND cannot get services "gw" in namespace "ns": there is none');
  });
});

describe('a pod by its name', () => {
  const ports = [
    { name: 'web', containerPort: 9000 },
    { name: 'dns', containerPort: 53, protocol: 'UDP' },
  ];
  const cases: [string, PodFacts, string | undefined, string][] = [
    ['takes a number that it does not declare', { ports }, '1234', 'gw-1:1234'],
    ['takes a name', { ports }, 'web', 'gw-1:9000'],
    [
      'takes a name of a sidecar',
      { initPorts: [{ name: 'proxy', containerPort: 15001 }] },
      'proxy',
      'gw-1:15001',
    ],
    ['takes the only port of TCP', { ports }, undefined, 'gw-1:9000'],
    ['need not be ready', { ports, phase: 'Running' }, 'web', 'gw-1:9000'],
    ['has to run', { ports, phase: 'Succeeded' }, 'web', 'NOT_FOUND pod ns/gw-1 is Succeeded, not Running'],
    [
      'has no such name',
      { ports },
      'grpc',
      'NOT_FOUND pod ns/gw-1 has no port grpc: it has 9000 (web), 53 (dns, not TCP)',
    ],
    [
      'has that port for UDP',
      { ports },
      '53',
      'INVALID_OPTION --port-forward can only forward TCP; port 53 of pod ns/gw-1 is none of TCP',
    ],
    ['declares nothing', {}, undefined, 'NOT_FOUND pod ns/gw-1 declares no port'],
  ];
  it.each(cases)('%s', async (_what, facts, port, expected) => {
    const target = { kind: 'pod', name: 'gw-1', port } as const;
    expect(await resolved({ pods: [pod('gw-1', facts)] }, target)).toBe(expected);
  });
});

describe('objects of any shape', () => {
  it.each([
    { metadata: { name: 'gw' } },
    { metadata: { name: 'gw' }, spec: 'none' },
    { metadata: { name: 'gw' }, spec: { selector: [], ports: {} } },
    {
      metadata: { name: 'gw' },
      spec: { selector: { app: 'gw' }, ports: [null, 1, { port: '80' }, { port: 1.5 }] },
    },
  ])('end in a sentence: %j', async (odd) => {
    expect(
      await resolved({ service: odd, pods: [{ metadata: { name: 'gw-1' }, status: 7, spec: [] }] }),
    ).toMatch(/^NOT_FOUND service ns\/gw declares no port$/);
    const target = { kind: 'pod', name: 'gw-1' } as const;
    expect(await resolved({ pods: [{ metadata: { name: 'gw-1' }, status: 7, spec: [] }] }, target)).toBe(
      'NOT_FOUND pod ns/gw-1 is of an unknown phase, not Running',
    );
  });
});
