import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RemoteHttp, type SeenExchange } from '../../../src/http/remote-http.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { SeededRandom } from '../../../src/time/seeded-random.ts';

let server: Server;
beforeEach(async () => {
  server = createServer((request, response) => {
    const { authorization = '' } = request.headers;
    response.setHeader('x-echo', `you are ${authorization.replace('Token token=', '')}`);
    response.setHeader('set-cookie', 'session=s3cret');
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.close();
});

it('shows who listens headers without credentials, also where an answer repeats them', async () => {
  const seen: SeenExchange[] = [];
  const http = new RemoteHttp({
    userAgent: 'remedyctl/test',
    clock: new RealClock(),
    random: new SeededRandom(1),
    onExchange: (exchange) => seen.push(exchange),
  });
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/incidents`);
  const headers = { authorization: 'Token token=y_NbAkKc66ryYTWUXYEu', from: 'me@example.com' };
  try {
    await http.exchange({ method: 'GET', url, headers, title: 'PagerDuty' });
  } finally {
    await http.close();
  }
  expect(seen).toMatchObject([
    {
      title: 'PagerDuty',
      httpStatus: 200,
      sentHeaders: { from: 'me@example.com' },
      receivedHeaders: { 'x-echo': 'you are …' },
    },
  ]);
  expect(JSON.stringify(seen)).not.toMatch(/y_NbAkKc66ryYTWUXYEu|s3cret/);
});
