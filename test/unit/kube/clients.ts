import { machineHost } from '../../../src/kube/machine-host.ts';
import type { HostFacts } from '../../../src/kube/machine-host.ts';
import type { KubeHost } from '../../../src/kube/kube-host.ts';
import type { ClusterConnection } from '../../../src/kube/connection.ts';
import { fixedCredentials } from '../../../src/kube/credentials.ts';
import type { HttpTransport, HttpTransportOptions } from '../../../src/kube/http-transport.ts';
import { httpTransport } from '../../../src/kube/http-transport.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { bodyText } from '../../../src/kube/answer.ts';
import type { ApiRequest, Send } from '../../../src/api/wire.ts';

export function transportTo(
  connection: Partial<ClusterConnection> & { server: string },
  options: Partial<HttpTransportOptions> = {},
): HttpTransport {
  const whole = { tls: {}, credentials: fixedCredentials({ headers: {} }), ...connection };
  return httpTransport(whole, { userAgent: 'remedyctl/test', ...options });
}

export async function textOf(send: Send, request: Partial<ApiRequest> = {}): Promise<string> {
  return bodyText(await send({ method: 'GET', path: '/', ...request }));
}

export function testHost(facts: Partial<HostFacts> = {}): KubeHost {
  return machineHost({
    env: { PATH: process.env['PATH'] },
    homeDirectory: '/nonexistent',
    clock: new RealClock(),
    stdinIsTerminal: () => false,
    ...facts,
  });
}
