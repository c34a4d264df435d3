import { readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { makeTlsFiles } from '../../unit/kube/api-server.ts';
import { PlanBench, planText } from './plan-file.ts';

const tls = makeTlsFiles();
afterAll(() => {
  if (tls !== undefined) rmSync(tls.directory, { recursive: true });
});

describe.skipIf(tls === undefined)('a system whose certificate is for another name', () => {
  it('ends the run before it has begun, with the reason', async () => {
    const files = tls!;
    const server = createServer({ cert: readFileSync(files.cert), key: readFileSync(files.key) });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const bench = await PlanBench.start();
    try {
      bench.env['REMEDYCTL_OCM_URL'] = `https://localhost:${(server.address() as AddressInfo).port}`;
      bench.env['NODE_EXTRA_CA_CERTS'] = files.ca;
      const file = await bench.write('plan.yaml', planText(['limited_support', 'service_log']));
      const { stderr, exitCode } = await bench.run('plan', 'run', file, '--yes');
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining('altnames')]);
      expect(stderr).toContain('nothing was sent');
      expect((await bench.run('plan', 'status', '-o', 'name')).stdout).toBe('');
    } finally {
      await bench.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
});
