import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../src/http/secret.ts';
import type { RemoteError } from '../../../src/http/remote-error.ts';
import { pagerDutyClient } from '../../../src/pagerduty/pagerduty-client.ts';
import { pagerDutyToken, pagerDutyUser } from '../../support/remote-systems/fake-pagerduty.ts';
import { startRemoteSystems, type FakeRemoteSystems } from '../../support/remote-systems/remote-systems.ts';
import { testClients, thrownBy, type TestClients } from '../../support/remote-systems/test-clients.ts';

let systems: FakeRemoteSystems;
let clients: TestClients;

beforeEach(async () => {
  systems = await startRemoteSystems();
  clients = testClients(systems);
  systems.pagerDuty.addIncident({ id: 'Q1', title: 'a title' });
});
afterEach(async () => {
  await clients.http.close();
  await systems.stop();
});

const calls = (): { method: string; path: string; headers: Record<string, unknown>; body: unknown }[] =>
  systems.pagerDuty.server.calls.map(({ method, path, headers, body }) => ({ method, path, headers, body }));

describe('what is sent to PagerDuty', () => {
  it('carries the key, the version and the type everywhere, and From on writes only', async () => {
    await clients.pagerDuty.getIncident('Q1');
    await clients.pagerDuty.listNotes('Q1');
    await clients.pagerDuty.createNote('Q1', 'x');
    await clients.pagerDuty.updateIncident('Q1', { title: 'y' });
    const sent = calls();
    expect(sent.map(({ headers }) => headers['from'])).toEqual([
      undefined,
      undefined,
      pagerDutyUser,
      pagerDutyUser,
    ]);
    for (const { headers } of sent) {
      expect(headers).toMatchObject({
        authorization: `Token token=${pagerDutyToken}`,
        accept: 'application/vnd.pagerduty+json;version=2',
        'content-type': 'application/json',
        'user-agent': 'remedyctl/test',
      });
    }
  });

  it.each([
    [{ title: 'new' }, { title: 'new' }],
    [{ escalationLevel: 3 }, { escalation_level: 3 }],
    [
      { escalationPolicy: 'PSILENT' },
      { escalation_policy: { id: 'PSILENT', type: 'escalation_policy_reference' } },
    ],
    [{ status: 'acknowledged' as const }, { status: 'acknowledged' }],
  ])('changes of an incident only what is asked for: %j', async (changes, fields) => {
    await clients.pagerDuty.updateIncident('Q1', changes);
    expect(calls()).toMatchObject([{ method: 'PUT', path: '/incidents/Q1' }]);
    expect(calls()[0]?.body).toEqual({ incident: { type: 'incident_reference', ...fields } });
  });

  it('is an incident changed as it was asked for', async () => {
    await clients.pagerDuty.updateIncident('Q1', { escalationPolicy: 'PSILENT', title: 'b' });
    expect(await clients.pagerDuty.getIncident('Q1')).toMatchObject({
      id: 'Q1',
      title: 'b',
      status: 'triggered',
      escalationPolicyId: 'PSILENT',
    });
  });

  it.each([
    ['plain', 'a note'],
    ['controls, quotes and markup', '\u0000\u001b[31m"\\ <b>*x*</b>\r\n\u2028'],
    ['astral characters', '🤖 ✅ 𐍈'],
    ['65,535 bytes', 'ü'.repeat(32_767) + 'x'],
  ])('is a note to the byte: %s', async (_name, content) => {
    await clients.pagerDuty.createNote('Q1', content);
    expect(systems.pagerDuty.notes.map((note) => note.content)).toEqual([content]);
    expect((await clients.pagerDuty.listNotes('Q1')).map((note) => note.content)).toEqual([content]);
  });

  it.each(['', '  ', '.', '..'])('is never an id that addresses something else: %j', async (id) => {
    await expect(clients.pagerDuty.getIncident(id)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    await expect(clients.pagerDuty.createNote(id, 'x')).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    expect(calls()).toEqual([]);
  });

  it('keeps an id within its segment of the path', async () => {
    await thrownBy(() => clients.pagerDuty.getIncident('Q1/notes?x=1#y'));
    expect(calls()).toMatchObject([{ path: '/incidents/Q1/notes?x=1#y' }]);
    expect(systems.pagerDuty.server.calls[0]?.query).toEqual({});
  });

  it('is done where the status says so, whatever the answer shows of the incident or the note', async () => {
    systems.pagerDuty.server.failOn('P', { kind: 'status', status: 200, body: {} }, 2);
    await clients.pagerDuty.updateIncident('Q1', { title: 't' });
    expect(await clients.pagerDuty.createNote('Q1', 'said')).toEqual({ content: 'said' });
  });

  it.each([{}, { escalationPolicy: '' }, { escalationPolicy: ' ' }])(
    'is no change of nothing: %j',
    async (changes) => {
      await expect(clients.pagerDuty.updateIncident('Q1', changes)).rejects.toMatchObject({
        code: 'INVALID_OPTION',
      });
      expect(calls()).toEqual([]);
    },
  );

  it.each(['', 'nobody', 'a@b\r\nX-Evil: 1', 'ü@example.com'])('is never from %j', (from) => {
    const token = new Secret(pagerDutyToken);
    expect(() => pagerDutyClient({ http: clients.http, base: 'https://x', token, from })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }) as Error,
    );
  });
});

describe('the alerts of an incident', () => {
  const alerts = (count: number): { id: string; details: unknown }[] =>
    Array.from({ length: count }, (_, index) => ({ id: `A${index}`, details: { index } }));
  const idsOf = async (): Promise<string[]> => {
    const ids: string[] = [];
    for await (const { id } of clients.pagerDuty.listAlerts('Q1')) ids.push(id);
    return ids;
  };

  it.each([
    [0, 1],
    [1, 1],
    [100, 1],
    [101, 2],
    [250, 3],
  ])('are all read: %i, in %i requests', async (count, requests) => {
    systems.pagerDuty.addIncident({ id: 'Q1', alerts: alerts(count) });
    expect(await idsOf()).toEqual(alerts(count).map(({ id }) => id));
    expect(systems.pagerDuty.server.calls.map(({ query }) => query)).toEqual(
      Array.from({ length: requests }, (_, page) => ({ limit: '100', offset: String(page * 100) })),
    );
  });

  it('are read no further than they are wanted', async () => {
    systems.pagerDuty.addIncident({ id: 'Q1', alerts: alerts(250) });
    for await (const { details } of clients.pagerDuty.listAlerts('Q1')) {
      if (JSON.stringify(details) === '{"index":99}') break;
    }
    expect(calls()).toHaveLength(1);
  });

  it('end where PagerDuty says that there is more and gives nothing', async () => {
    const empty = { alerts: [], limit: 100, offset: 0, more: true };
    systems.pagerDuty.server.failOn('GET', { kind: 'status', status: 200, body: empty }, 5);
    expect(await idsOf()).toEqual([]);
    expect(calls()).toHaveLength(1);
  });
});

describe('a refusal of PagerDuty', () => {
  const refusal = async (body: unknown, status = 400): Promise<RemoteError> => {
    systems.pagerDuty.server.failOn('PUT', { kind: 'status', status, body });
    return (await thrownBy(() => clients.pagerDuty.updateIncident('Q1', { title: 'x' }))) as RemoteError;
  };

  it.each([
    [{ error: { code: 2001, message: 'Invalid', errors: ['a', 'b'] } }, '2001', ['Invalid', 'a', 'b']],
    [{ error: { code: 2001, message: 'Invalid', errors: 'one text' } }, '2001', ['Invalid', 'one text']],
    [{ error: { code: 2001, message: 'Invalid', errors: [null, 3, { x: 1 }] } }, '2001', ['Invalid']],
    [{ error: 'Unauthorized' }, undefined, ['Unauthorized']],
    [{ message: 'no' }, undefined, ['no']],
    [{}, undefined, []],
    [[1], undefined, []],
  ])('is read in every form: %j', async (body, remoteCode, remoteMessages) => {
    expect(await refusal(body)).toMatchObject({ httpStatus: 400, remoteCode, remoteMessages });
  });

  it('names the system, the call, the status, its words and the request', async () => {
    const { message, requestId, details } = await refusal({
      error: { code: 2001, message: 'Invalid Input Provided', errors: ['Title is too long.'] },
    });
    expect(message).toBe(
      'PagerDuty, PUT /incidents/Q1: HTTP 400, 2001: Invalid Input Provided; Title is too long. (request id req-1)',
    );
    expect(requestId).toBe('req-1');
    expect(details).toEqual({ system: 'pagerduty', httpStatus: 400, requestId: 'req-1', remoteCode: '2001' });
  });

  it('says the resolved incident whole', async () => {
    systems.pagerDuty.addIncident({ id: 'Q1', status: 'resolved' });
    const thrown = await thrownBy(() => clients.pagerDuty.updateIncident('Q1', { title: 'x' }));
    expect((thrown as RemoteError).remoteMessages).toContain('Incident Already Resolved');
  });

  it('shows no control, no second line, and no end of text', async () => {
    const { message } = await refusal({ error: { message: `\u001b]0;x\u0007${'a\nb '.repeat(1_000)}` } });
    expect(message).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    expect(message.length).toBeLessThan(700);
  });

  it('never shows the key, even where PagerDuty repeats it', async () => {
    const thrown = await refusal(
      { error: { message: `key ${pagerDutyToken} is bad`, errors: [pagerDutyToken] } },
      401,
    );
    const shown = JSON.stringify([
      thrown,
      thrown.message,
      thrown.stack,
      thrown.remoteMessages,
      thrown.details,
    ]);
    expect(shown).not.toContain(pagerDutyToken);
    expect(thrown.hint).toContain('PAGERDUTY_TOKEN');
  });

  it('carries what is left of the rate limit', async () => {
    systems.pagerDuty.server.failOn('PUT', {
      kind: 'status',
      status: 429,
      headers: { 'ratelimit-limit': '960', 'ratelimit-remaining': '0', 'ratelimit-reset': '12' },
    });
    const thrown = await thrownBy(() => clients.pagerDuty.updateIncident('Q1', { title: 'x' }));
    expect(thrown).toMatchObject({
      retryAfterSeconds: 12,
      rateLimit: { limit: 960, remaining: 0, resetSeconds: 12 },
    });
  });
});

describe('users', () => {
  it.each([
    [0, 1],
    [100, 1],
    [101, 2],
  ])('are all read: %i, in %i requests', async (count, requests) => {
    const users = Array.from({ length: count }, (_, index) => ({
      id: `PU${index}`,
      name: `User ${index}`,
      email: `user+${index}@example.com`,
      role: index % 2 === 0 ? 'observer' : 'user',
    }));
    systems.pagerDuty.users.splice(0, Number.POSITIVE_INFINITY, ...users);
    const found = [];
    for await (const user of clients.pagerDuty.findUsers('user+')) found.push(user);
    expect(found).toEqual(users.map(({ email, role }) => ({ email, role })));
    expect(systems.pagerDuty.server.calls.map(({ path, query }) => ({ path, query }))).toEqual(
      Array.from({ length: requests }, (_, page) => ({
        path: '/users',
        query: { query: 'user+', limit: '100', offset: String(page * 100) },
      })),
    );
  });
});
