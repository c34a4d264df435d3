import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ApiResource } from '../../../src/api/objects.ts';
import { serverDiscovery } from '../../../src/kube/discovery.ts';
import type { HttpTransport } from '../../../src/kube/http-transport.ts';
import { askForRequests } from '../../../src/kube/located-requests.ts';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import type { TestServer } from './api-server.ts';
import { json, startServer } from './api-server.ts';
import { transportTo } from './clients.ts';

let server: TestServer;
let transport: HttpTransport;

beforeEach(async () => {
  server = await startServer();
  transport = transportTo({ server: server.url });
});
afterEach(async () => {
  await transport.close();
  await server.close();
});

const usual = '/apis/kubernaut.ai/v1alpha1';
const older = '/apis/remediation.kubernaut.io/v1alpha1';
const requests = (root: string): string => `${root}/namespaces/ops/remediationrequests`;
const served = { resources: [{ name: 'remediationrequests', kind: 'RemediationRequest', namespaced: true }] };

/** Answers these paths, a number as that status; any other 404. */
function serve(paths: Record<string, unknown>): void {
  server.answer = (request, response) => {
    const body = Object.hasOwn(paths, request.url) ? paths[request.url] : 404;
    if (typeof body === 'number') response.writeHead(body).end('no\n');
    else json(body)(request, response);
  };
}

function ask() {
  const objects = new ObjectAccess(transport.send);
  const list = (resource: ApiResource) => objects.list(resource, { namespace: 'ops' });
  return askForRequests(serverDiscovery(transport.send), list);
}

const urls = () => server.requests.map(({ url }) => url);

describe('requests asked for where they are as a rule', () => {
  it('costs one request', async () => {
    serve({ [requests(usual)]: { items: [] } });
    expect((await ask()).resource.group).toBe('kubernaut.ai');
    expect(urls()).toEqual([requests(usual)]);
  });

  it.each([
    ['unknown', 404],
    // Who may read the older group only is refused before the server looks whether there is a newer one.
    ['forbidden', 403],
  ])('goes to the group that is served where the usual one is %s', async (_what, status) => {
    serve({ [requests(usual)]: status, [older]: served, [requests(older)]: { items: [], found: true } });
    const { resource, answer } = await ask();
    expect(resource.group).toBe('remediation.kubernaut.io');
    expect(answer).toMatchObject({ found: true });
  });

  it('hands on a refusal of what is served', async () => {
    serve({ [requests(usual)]: 403, [usual]: served });
    await expect(ask()).rejects.toMatchObject({ httpStatus: 403 });
    expect(urls()).toEqual([requests(usual), usual]);
  });

  it('says that no group is served', async () => {
    serve({});
    await expect(ask()).rejects.toMatchObject({ code: 'GROUP_NOT_SERVED' });
  });

  it('asks no second time after any other failure', async () => {
    serve({ [requests(usual)]: 500 });
    await expect(ask()).rejects.toMatchObject({ httpStatus: 500 });
    expect(urls()).toEqual([requests(usual)]);
  });
});
