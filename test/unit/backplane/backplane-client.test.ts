import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startRemoteSystems, type FakeRemoteSystems } from '../../support/remote-systems/remote-systems.ts';
import { testClients, type TestClients } from '../../support/remote-systems/test-clients.ts';

let systems: FakeRemoteSystems;
let clients: TestClients;

beforeEach(async () => {
  systems = await startRemoteSystems();
  clients = testClients(systems);
});
afterEach(async () => {
  await clients.http.close();
  await systems.stop();
});

describe('a report', () => {
  it.each([
    ['plain', 'two\nlines'],
    ['empty', ''],
    ['every byte of UTF-8', '\u0000\u007f🤖ü߿'],
    ['large', 'x'.repeat(1_000_000)],
  ])('comes back as it was sent: %s', async (_name, data) => {
    const { reportId } = await clients.backplane.createReport('c1', { summary: 'chgm', data });
    expect(systems.backplane.server.calls[0]).toMatchObject({
      method: 'POST',
      path: '/backplane/cluster/c1/reports',
      headers: { authorization: `Bearer ${systems.sso.granted[0] ?? ''}` },
    });
    expect(systems.backplane.server.calls[0]?.body).toEqual({
      summary: 'chgm',
      data: Buffer.from(data).toString('base64'),
    });
    expect(await clients.backplane.getReport('c1', reportId)).toMatchObject({
      reportId,
      summary: 'chgm',
      data,
    });
  });

  it('is listed without its text, the newest first, of its own cluster', async () => {
    for (const summary of ['a', 'b', 'c']) await clients.backplane.createReport('c1', { summary, data: 'x' });
    await clients.backplane.createReport('c2', { summary: 'other', data: 'x' });
    const list = await clients.backplane.listReports('c1', 2);
    expect(list.map(({ summary }) => summary)).toEqual(['c', 'b']);
    expect(systems.backplane.server.calls.at(-1)?.query).toEqual({ last: '2' });
  });

  it('is made where the status says so, with its id or without', async () => {
    systems.backplane.server.failOn('POST', { kind: 'status', status: 201, body: { summary: 'chgm' } });
    const made = await clients.backplane.createReport('c1', { summary: 'chgm', data: '' });
    expect(made).toEqual({ reportId: '', summary: 'chgm' });
  });

  it('is looked for where there are none', async () => {
    systems.backplane.server.failOn('GET', {
      kind: 'status',
      status: 200,
      body: { cluster_id: 'c1', reports: null },
    });
    expect(await clients.backplane.listReports('c1', 10)).toEqual([]);
  });

  it('is refused in the words of Backplane', async () => {
    systems.backplane.server.failOn('POST', {
      kind: 'status',
      status: 403,
      body: { statusCode: 403, message: 'not yours' },
    });
    await expect(clients.backplane.createReport('c1', { summary: 's', data: '' })).rejects.toMatchObject({
      code: 'FORBIDDEN',
      remoteMessages: ['not yours'],
      message: expect.stringMatching(
        /^Backplane, POST \/backplane\/cluster\/c1\/reports: HTTP 403/,
      ) as string,
    });
  });
});
