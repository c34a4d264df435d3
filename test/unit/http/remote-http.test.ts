import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { RemoteHttp, type RemoteHttpOptions } from '../../../src/http/remote-http.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { SystemRandom } from '../../../src/time/system-random.ts';

const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function served(
  listener: RequestListener,
): Promise<{ url: URL; server: Server; connections: () => number }> {
  const server = createServer(listener);
  let connections = 0;
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/a?b=c`);
  return { url, server, connections: () => connections };
}

function http(options: Partial<RemoteHttpOptions> = {}): RemoteHttp {
  const made = new RemoteHttp({
    userAgent: 'remedyctl/test',
    clock: new RealClock(),
    random: new SystemRandom(),
    ...options,
  });
  closers.push(() => made.close());
  return made;
}

describe('HTTP to the remote systems', () => {
  it('keeps its connections for the next requests', async () => {
    const { url, connections } = await served((_request, response) => response.end('{}'));
    const remote = http();
    for (let count = 0; count < 20; count += 1) {
      const { head } = await remote.exchange({ method: 'POST', url, headers: {}, body: '{}' });
      expect(head?.httpStatus).toBe(200);
    }
    // the next request may come an instant before the connection is free again
    expect(connections()).toBeLessThanOrEqual(2);
  });

  it('has one deadline for the whole answer, however busily it drips', async () => {
    const { url } = await served((_request, response) => {
      response.writeHead(200);
      const drip = async (): Promise<void> => {
        while (!response.destroyed) {
          response.write(' ');
          await new RealClock().sleep(20);
        }
      };
      void drip();
    });
    const end = await http({ timeoutMs: 300 }).exchange({ method: 'GET', url, headers: {} });
    expect(end).toMatchObject({
      sent: true,
      head: { httpStatus: 200 },
      failure: { message: 'no whole answer within 0.3 s' },
    });
    expect(end.body.length).toBeGreaterThan(0);
  });

  it('goes through the proxy where there is one', async () => {
    const asked: (string | undefined)[] = [];
    const proxy = await served((request, response) => {
      asked.push(request.url, request.headers['proxy-authorization']);
      response.end('{}');
    });
    const remote = http({ proxyOf: () => new URL(`http://u:p%40@${proxy.url.host}`) });
    const url = new URL('http://pagerduty.test/incidents/Q1');
    expect((await remote.exchange({ method: 'GET', url, headers: {} })).head?.httpStatus).toBe(200);
    expect(asked).toEqual([url.href, `Basic ${Buffer.from('u:p@').toString('base64')}`]);
  });

  it('does not follow to another place, where the token would go along', async () => {
    let asked = 0;
    const other = await served((_request, response) => {
      asked += 1;
      response.end('{}');
    });
    const { url } = await served((_request, response) => {
      response.writeHead(307, { location: other.url.href }).end();
    });
    const { head } = await http().exchange({
      method: 'POST',
      url,
      headers: { authorization: 'x' },
      body: '{}',
    });
    expect([head?.httpStatus, asked]).toEqual([307, 0]);
  });
});
