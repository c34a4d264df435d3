import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Discovery } from '../../../src/kube/discovery.ts';
import { serverDiscovery } from '../../../src/kube/discovery.ts';
import type { HttpTransport } from '../../../src/kube/http-transport.ts';
import type { TestServer } from './api-server.ts';
import { json, startServer } from './api-server.ts';
import { transportTo } from './clients.ts';

let server: TestServer;
let transport: HttpTransport;
let discovery: Discovery;

beforeEach(async () => {
  server = await startServer();
  transport = transportTo({ server: server.url });
  discovery = serverDiscovery(transport.send);
});
afterEach(async () => {
  await transport.close();
  await server.close();
});

/** Answers these paths; any other 404, a number as that status. */
function serve(paths: Record<string, unknown>): void {
  server.answer = (request, response) => {
    const body = Object.hasOwn(paths, request.url) ? paths[request.url] : 404;
    if (typeof body === 'number') response.writeHead(body).end('no\n');
    else json(body)(request, response);
  };
}

const urls = () => server.requests.map((request) => request.url).sort();

const aggregated = (items: unknown) => ({ kind: 'APIGroupDiscoveryList', items });
const entry = (resource: string, kind: string, scope = 'Namespaced', singularResource = '') => ({
  resource,
  responseKind: { kind },
  scope,
  singularResource,
  subresources: [{ subresource: 'status' }],
});
const list = (...resources: object[]) => ({ kind: 'APIResourceList', resources });
const legacy = (name: string, kind: string, namespaced = true, singularName = '') => ({
  name,
  kind,
  namespaced,
  singularName,
});

const pods = { group: '', version: 'v1', plural: 'pods', singular: 'pod', kind: 'Pod', namespaced: true };
const nodes = {
  group: '',
  version: 'v1',
  plural: 'nodes',
  singular: 'node',
  kind: 'Node',
  namespaced: false,
};
const scaler = (version: string) => ({
  group: 'autoscaling',
  version,
  plural: 'horizontalpodautoscalers',
  singular: 'horizontalpodautoscaler',
  kind: 'HorizontalPodAutoscaler',
  namespaced: true,
});
const jobs = {
  group: 'batch',
  version: 'v1',
  plural: 'jobs',
  singular: 'job',
  kind: 'Job',
  namespaced: true,
};

describe('resources', () => {
  it('are found by two requests, preferred versions first', async () => {
    serve({
      '/api': aggregated([
        {
          versions: [
            {
              version: 'v1',
              resources: [entry('pods', 'Pod', 'Namespaced', 'pod'), entry('nodes', 'Node', 'Cluster')],
            },
          ],
        },
      ]),
      '/apis': aggregated([
        {
          metadata: { name: 'autoscaling' },
          versions: ['v2', 'v1'].map((version) => ({
            version,
            resources: [entry('horizontalpodautoscalers', 'HorizontalPodAutoscaler')],
          })),
        },
        { metadata: { name: 'batch' }, versions: [{ version: 'v1', resources: [entry('jobs', 'Job')] }] },
      ]),
    });
    expect(await discovery.resources()).toEqual([pods, nodes, scaler('v2'), jobs, scaler('v1')]);
    await discovery.resources();
    expect(urls()).toEqual(['/api', '/apis']);
    expect(server.requests[0]?.headers.accept).toContain(
      'g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
    );
  });

  it('of an older server come from the legacy lists, without subresources and groups that are down', async () => {
    serve({
      '/api': { kind: 'APIVersions', versions: ['v1'] },
      '/apis': {
        kind: 'APIGroupList',
        groups: [
          {
            name: 'autoscaling',
            versions: [{ version: 'v1' }, { version: 'v2' }],
            preferredVersion: { version: 'v2' },
          },
          { name: 'metrics.k8s.io', versions: [{ version: 'v1beta1' }] },
          { name: 'batch', versions: [{ version: 'v1' }] },
        ],
      },
      '/api/v1': list(
        legacy('pods', 'Pod', true, 'pod'),
        legacy('pods/log', 'Pod'),
        legacy('nodes', 'Node', false),
      ),
      '/apis/autoscaling/v1': list(legacy('horizontalpodautoscalers', 'HorizontalPodAutoscaler')),
      '/apis/autoscaling/v2': list(legacy('horizontalpodautoscalers', 'HorizontalPodAutoscaler')),
      '/apis/metrics.k8s.io/v1beta1': 503,
      '/apis/batch/v1': list(legacy('jobs', 'Job')),
    });
    expect(await discovery.resources()).toEqual([pods, nodes, scaler('v2'), jobs, scaler('v1')]);
  });

  it('a failure is asked for again', async () => {
    serve({ '/api': 500, '/apis': 500 });
    await expect(discovery.resources()).rejects.toMatchObject({
      httpStatus: 500,
      resource: expect.stringMatching(/^\/api/) as string,
    });
    serve({ '/api': aggregated([]), '/apis': aggregated([]) });
    expect(await discovery.resources()).toEqual([]);
  });

  it('a refusal names the path and the permission', async () => {
    const message = 'forbidden: User "jane" cannot get path "/api"';
    server.answer = json({ kind: 'Status', status: 'Failure', reason: 'Forbidden', code: 403, message }, 403);
    await expect(discovery.resources()).rejects.toMatchObject({
      code: 'FORBIDDEN',
      hint: expect.stringContaining('--verb=get --non-resource-url=/api') as string,
    });
  });
});

describe('RemediationRequests', () => {
  const requests = list(legacy('remediationrequests', 'RemediationRequest', true, 'remediationrequest'));
  const served = (group: string, version = 'v1alpha1') => ({
    group,
    version,
    plural: 'remediationrequests',
    singular: 'remediationrequest',
    kind: 'RemediationRequest',
    namespaced: true,
  });

  it.each(['kubernaut.ai', 'remediation.kubernaut.ai', 'remediation.kubernaut.io'])(
    'are found in %s',
    async (group) => {
      serve({ [`/apis/${group}/v1alpha1`]: requests });
      expect(await discovery.requestResource()).toEqual(served(group));
    },
  );

  it('of several groups the newest is taken, by one request', async () => {
    serve({ '/apis/kubernaut.ai/v1alpha1': requests, '/apis/remediation.kubernaut.ai/v1alpha1': requests });
    expect(await discovery.requestResource()).toEqual(served('kubernaut.ai'));
    expect(urls()).toEqual(['/apis/kubernaut.ai/v1alpha1']);
  });

  it('a group without them is passed over', async () => {
    serve({
      '/apis/kubernaut.ai/v1alpha1': list(legacy('others', 'Other')),
      '/apis/remediation.kubernaut.ai/v1alpha1': requests,
    });
    expect(await discovery.requestResource()).toEqual(served('remediation.kubernaut.ai'));
  });

  it('another version is found through the group', async () => {
    serve({
      '/apis/kubernaut.ai': {
        preferredVersion: { version: 'v1' },
        versions: [{ version: 'v1' }, { version: 'v1beta1' }],
      },
      '/apis/kubernaut.ai/v1beta1': requests,
    });
    expect(await discovery.requestResource()).toEqual(served('kubernaut.ai', 'v1beta1'));
  });

  it('served nowhere is GROUP_NOT_SERVED', async () => {
    serve({});
    await expect(discovery.requestResource()).rejects.toMatchObject({ code: 'GROUP_NOT_SERVED' });
    await expect(discovery.remediationRequests()).rejects.toMatchObject({ code: 'GROUP_NOT_SERVED' });
  });

  it('a server that fails is not taken for one that does not serve them', async () => {
    serve({ '/apis/kubernaut.ai/v1alpha1': 503 });
    await expect(discovery.requestResource()).rejects.toMatchObject({ httpStatus: 503 });
  });

  const gvk = (kind: string) => [{ group: 'kubernaut.ai', version: 'v1alpha1', kind }];
  const openapi = (status: object) => ({
    components: {
      schemas: {
        'ai.kubernaut.v1alpha1.Other': { 'x-kubernetes-group-version-kind': gvk('Other'), properties: {} },
        'ai.kubernaut.v1alpha1.RemediationRequest': {
          'x-kubernetes-group-version-kind': gvk('RemediationRequest'),
          properties: {
            metadata: { allOf: [{ $ref: '#/components/schemas/Meta' }], default: {} },
            spec: {
              properties: {
                signalLabels: { type: 'object', additionalProperties: { type: 'string' } },
                free: { 'x-kubernetes-preserve-unknown-fields': true },
                list: { type: 'array', items: { properties: { name: { type: 'string' } } } },
              },
            },
            status: { properties: status },
          },
        },
        Meta: { properties: { name: { type: 'string' } } },
      },
    },
  });

  async function kind(status: object) {
    serve({
      '/apis/kubernaut.ai/v1alpha1': requests,
      '/openapi/v3/apis/kubernaut.ai/v1alpha1': openapi(status),
    });
    return discovery.remediationRequests();
  }

  it.each([
    ['nested', { completionStatus: { properties: { outcome: {} } } }],
    ['flat', { outcome: {}, nextAllowedExecution: {} }],
    ['nested', { completionStatus: {}, outcome: {} }],
  ])('the status is %s for %j', async (layout, status) => {
    expect((await kind(status)).statusLayout).toBe(layout);
    expect(urls()).toHaveLength(2);
  });

  it.each([
    ['status.outcome', true],
    ['status.bogus', false],
    ['status.outcome.more', false],
    ['metadata.name', true],
    ['metadata.bogus', false],
    ['spec.signalLabels.anything', true],
    ['spec.signalLabels.anything.more', false],
    ['spec.free.a.b', true],
    ['spec.list.name', true],
    ['spec.list.bogus', false],
    ['spec.constructor', false],
  ])('hasField(%s) is %s', async (path, expected) => {
    expect((await kind({ outcome: { type: 'string' } })).hasField(path)).toBe(expected);
  });

  it.each([403, 404])('without a published schema (%s) every field counts as served', async (code) => {
    serve({ '/apis/kubernaut.ai/v1alpha1': requests, '/openapi/v3/apis/kubernaut.ai/v1alpha1': code });
    const found = await discovery.remediationRequests();
    expect(found.statusLayout).toBe('nested');
    expect(found.hasField('spec.anything')).toBe(true);
  });
});
