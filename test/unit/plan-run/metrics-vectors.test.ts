import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { reportMetrics } from '../../../src/plan-run/report-metrics.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { SeededRandom } from '../../../src/time/seeded-random.ts';
import { readBody } from '../../support/remote-systems/read-request.ts';
import { hasShared, readVectors } from '../../support/shared.ts';

interface Case {
  id: string;
  counters: { name: string; labels: string[] }[] | null;
  request: { method: string; path: string; headers: Record<string, string>; body: string };
  answer: number;
}

interface Push {
  method: string | undefined;
  path: string | undefined;
  type: string | undefined;
  authorization: string | undefined;
  body: string | undefined;
}

/** What reached a gateway that answers so, and what the operator was told. */
async function pushed({ counters, request, answer }: Case): Promise<{ pushes: Push[]; warnings: string[] }> {
  const pushes: Push[] = [];
  const server = createServer((incoming, response) => {
    void readBody(incoming).then((body) => {
      const { method, url, headers } = incoming;
      pushes.push({
        method,
        path: url,
        type: headers['content-type'],
        authorization: headers.authorization,
        body,
      });
      response.writeHead(answer).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const below = request.path.replace(/\/metrics\/job\/cad$/, '');
  const series = (counters ?? []).map(({ name, labels: [alertType = '', summary] }) => ({
    name,
    labels: { alert_type: alertType, ...(summary === undefined ? {} : { ls_summary: summary }) },
    value: 1,
  }));
  const warnings: string[] = [];
  await reportMetrics(series, {
    version: 'test',
    clock: new RealClock(),
    random: new SeededRandom(1),
    env: {},
    cwd: '/',
    notes: {
      warn: (text) => {
        warnings.push(text);
      },
    },
    pushgateway: `http://127.0.0.1:${port}${below}`,
  });
  server.closeAllConnections();
  server.close();
  return { pushes, warnings };
}

describe.runIf(hasShared)('what is pushed at the end of a run', () => {
  const { cases } = hasShared ? readVectors<{ cases: Case[] }>('cad-metrics') : { cases: [] };

  it('has every case', () => {
    expect(cases).toHaveLength(6);
  });

  it.each(cases)("is the reference's, without exception: $id", async (one) => {
    const { pushes, warnings } = await pushed(one);
    const { method, path, headers, body } = one.request;
    expect(pushes).toEqual([{ method, path, type: headers['Content-Type'], authorization: undefined, body }]);
    expect(warnings).toHaveLength(one.answer >= 300 ? 1 : 0);
  });
});
