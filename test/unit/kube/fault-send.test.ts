import { rmSync } from 'node:fs';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { ApiRequest, Send } from '../../../src/api/wire.ts';
import type { NetworkError } from '../../../src/kube/api-error.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { FaultSend } from '../../support/fault-send.ts';
import { htmlFault, startFaultServer, statusFault, type FaultRule } from '../../support/fault-server.ts';
import { makeTlsFiles } from './api-server.ts';
import { transportTo } from './clients.ts';

const tls = makeTlsFiles();
const lines = ['{"line":1}\n', '{"line":2}\n', '{"line":3}\n'];
/** Nothing more comes on a connection that is half dead: who reads it leaves. */
const leaveAfterMs = 2_000;
const hangs = ({ path }: ApiRequest, rules: readonly FaultRule[]): boolean =>
  path.includes('watch') && rules.some(({ fault }) => ['silent', 'half-dead'].includes(fault.kind));

/** The two that are held to each other: one server behind sockets, one without. */
interface Faulty {
  send: Send;
  /** Requests that the server behind has seen. */
  behind: () => number;
  close: () => Promise<void>;
}

async function overSockets(rules: FaultRule[]): Promise<Faulty> {
  if (tls === undefined) throw new Error('openssl is needed');
  let asked = 0;
  const behind = await startFaultServer({
    tls,
    behind: (_, response) => {
      asked += 1;
      response.writeHead(200, { 'content-type': 'application/json' });
      for (const line of lines) response.write(line);
      response.end();
    },
  });
  const server = await startFaultServer({ tls, behind: behind.url, rules });
  const transport = transportTo({ server: server.url, tls: { insecure: true } });
  return {
    send: transport.send,
    behind: () => asked,
    close: async () => {
      await transport.close();
      await server.close();
      await behind.close();
    },
  };
}

function withoutSockets(rules: FaultRule[]): Promise<Faulty> {
  let asked = 0;
  const behind: Send = () => {
    asked += 1;
    const body = (async function* () {
      for (const line of lines) yield await Promise.resolve(Buffer.from(line));
    })();
    return Promise.resolve({ status: 200, headers: { 'content-type': 'application/json' }, body });
  };
  const faults = new FaultSend(behind, { clock: new RealClock(), rules });
  return Promise.resolve({ send: faults.send, behind: () => asked, close: () => Promise.resolve() });
}

/** What a client sees of one request: the status, what it could read, and how it ended. */
async function ask(send: Send, request: ApiRequest, leaves: boolean): Promise<string[]> {
  const leave = new AbortController();
  const timer = setTimeout(
    () => {
      leave.abort();
    },
    leaves ? leaveAfterMs : 60_000,
  );
  const seen: string[] = [];
  try {
    const response = await send({ ...request, signal: leave.signal });
    seen.push(String(response.status));
    let text = '';
    try {
      for await (const chunk of response.body) text += Buffer.from(chunk).toString();
    } finally {
      seen.push(text);
    }
    seen.push('whole');
  } catch (thrown) {
    const { code, errno } = thrown as NetworkError;
    seen.push(leave.signal.aborted ? 'left' : `${code} ${errno ?? ''}`);
  } finally {
    clearTimeout(timer);
  }
  return seen;
}

const requests: ApiRequest[] = [
  { method: 'GET', path: '/a' },
  { method: 'GET', path: '/a?watch=true', stream: true },
  { method: 'POST', path: '/a', body: '{}' },
  { method: 'GET', path: '/b' },
  { method: 'GET', path: '/a' },
];

const cases: [string, FaultRule[]][] = [
  ['429 with patience', [{ fault: statusFault(429, 2) }]],
  ['503 for POST alone', [{ methods: ['POST'], fault: statusFault(503) }]],
  ['a page', [{ path: /^\/b/, fault: htmlFault(502) }]],
  ['lost answers', [{ nth: [2, 4], fault: { kind: 'lost' } }]],
  ['resets', [{ nth: (nth) => nth > 2, fault: { kind: 'reset' } }]],
  ['silence', [{ watch: true, fault: { kind: 'silent' } }]],
  ['slow answers', [{ nth: 1, fault: { kind: 'slow', ms: 20 } }]],
  ['half-dead watches', [{ watch: true, fault: { kind: 'half-dead', afterLines: 2 } }]],
  ['cut watches', [{ watch: true, fault: { kind: 'cut', afterLines: 1 } }]],
  [
    'the first rule that takes a request',
    [
      { path: /^\/a/, nth: 2, fault: statusFault(500) },
      { watch: false, nth: 1, fault: { kind: 'reset' } },
    ],
  ],
];

describe.skipIf(tls === undefined)('the fault server without sockets', () => {
  const open: Faulty[] = [];
  afterEach(async () => {
    for (const faulty of open.splice(0)) await faulty.close();
  });
  afterAll(() => {
    if (tls !== undefined) rmSync(tls.directory, { recursive: true });
  });

  it.each(cases)('shows a client what the one with sockets shows: %s', async (_, rules) => {
    const seen: unknown[] = [];
    // rules count their requests by themselves
    for (const start of [overSockets, withoutSockets]) {
      const faulty = await start(rules.map((rule) => ({ ...rule })));
      open.push(faulty);
      const answers: unknown[] = [];
      for (const request of requests)
        answers.push([await ask(faulty.send, request, hangs(request, rules)), faulty.behind()]);
      seen.push(answers);
    }
    expect(seen[1]).toEqual(seen[0]);
  });
});
