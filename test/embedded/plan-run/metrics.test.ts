import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PlanBench, planText } from './plan-file.ts';

interface Push {
  method: string | undefined;
  path: string | undefined;
  type: string | undefined;
  body: string;
}

async function startGateway(status: number): Promise<{ url: string; pushes: Push[]; stop: () => void }> {
  const pushes: Push[] = [];
  const server = createServer((request, response) => {
    void readAll(request).then((body) => {
      pushes.push({ method: request.method, path: request.url, type: request.headers['content-type'], body });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, pushes, stop: () => server.close() };
}

async function readAll(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request.setEncoding('utf8')) text += String(part);
  return text;
}

let bench: PlanBench;
beforeEach(async () => {
  bench = await PlanBench.start();
});
afterEach(async () => {
  await bench.stop();
});

describe('--pushgateway', () => {
  it('gets one push at the end, of what succeeded', async () => {
    const gateway = await startGateway(202);
    bench.systems.ocm.server.failOn('POST /api/service_logs', { kind: 'status', status: 400 });
    const file = await bench.write('plan.yaml', planText(['limited_support', 'service_log']));
    const { exitCode } = await bench.run('plan', 'run', file, '--yes', '--pushgateway', `${gateway.url}/gw/`);
    gateway.stop();
    expect(exitCode).toBe(4);
    expect(gateway.pushes).toEqual([
      {
        method: 'POST',
        path: '/gw/metrics/job/cad',
        type: 'text/plain; version=0.0.4; charset=utf-8',
        body: [
          '# HELP cad_investigate_limitedsupport_set_total counts investigations resulting in setting a limited support reason',
          '# TYPE cad_investigate_limitedsupport_set_total counter',
          'cad_investigate_limitedsupport_set_total{alert_type="chgm",ls_summary="StoppedInstances"} 1',
          '',
        ].join('\n'),
      },
    ]);
  });

  it('changes no outcome where it refuses', async () => {
    const gateway = await startGateway(400);
    const file = await bench.write('plan.yaml', planText(['limited_support']));
    const { exitCode, stderr } = await bench.run('plan', 'run', file, '--yes', '--pushgateway', gateway.url);
    gateway.stop();
    expect(exitCode).toBe(0);
    expect(stderr).toContain('warning: the push gateway answered 400');
  });

  it('is refused with credentials in it, before anything is sent', async () => {
    const file = await bench.write('plan.yaml', planText(['limited_support']));
    const { exitCode, stderr } = await bench.run(
      'plan',
      'run',
      file,
      '--yes',
      '--pushgateway',
      'http://me:secret@gw',
    );
    expect(exitCode).toBe(2);
    expect(stderr).not.toContain('secret');
    expect(bench.effects()).toMatchObject({ limitedSupports: 0 });
  });
});

describe('the file of the counters', () => {
  it('is refused where it cannot be made, before anything is sent', async () => {
    const file = await bench.write('plan.yaml', planText(['limited_support']));
    const counters = path.join(bench.folder, 'missing', 'counters.prom');
    const { exitCode, stderr } = await bench.run('plan', 'run', file, '--yes', '--metrics-file', counters);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('OUTPUT_FAILED')]);
    expect(bench.effects()).toMatchObject({ limitedSupports: 0 });
    expect((await bench.run('plan', 'status', '-o', 'name')).stdout).toBe('');
  });
});
