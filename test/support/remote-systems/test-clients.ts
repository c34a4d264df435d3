import { backplaneClient, type BackplaneClient } from '../../../src/backplane/backplane-client.ts';
import { RemoteHttp, type RemoteHttpOptions } from '../../../src/http/remote-http.ts';
import { Secret } from '../../../src/http/secret.ts';
import { ocmClient, type OcmClient } from '../../../src/ocm/ocm-client.ts';
import { OcmToken } from '../../../src/ocm/ocm-token.ts';
import type { OcmCredentials } from '../../../src/ocm/token-grant.ts';
import { pagerDutyClient, type PagerDutyClient } from '../../../src/pagerduty/pagerduty-client.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { SystemRandom } from '../../../src/time/system-random.ts';
import { pagerDutyToken, pagerDutyUser } from './fake-pagerduty.ts';
import { ocmClientId, ocmClientSecret } from './fake-sso.ts';
import type { FakeRemoteSystems } from './remote-systems.ts';

export interface TestClients {
  readonly pagerDuty: PagerDutyClient;
  readonly ocm: OcmClient;
  readonly backplane: BackplaneClient;
  readonly http: RemoteHttp;
}

export interface TestClientOptions extends Partial<RemoteHttpOptions> {
  readonly credentials?: OcmCredentials;
  /** Base URLs in place of the fakes', as of a proxy in front of them. */
  readonly bases?: { readonly pagerDuty: string; readonly serviceLogs: string; readonly backplane: string };
}

export const clientCredentials: OcmCredentials = {
  kind: 'client',
  id: ocmClientId,
  secret: new Secret(ocmClientSecret),
};

/** The real clients, over real sockets, of the fakes; close `http` in the end. */
export function testClients(systems: FakeRemoteSystems, options: TestClientOptions = {}): TestClients {
  const { credentials = clientCredentials, bases, ...http } = options;
  const remote = new RemoteHttp({
    userAgent: 'remedyctl/test',
    clock: new RealClock(),
    random: new SystemRandom(),
    ...http,
  });
  const token = new OcmToken({ http: remote, tokenUrl: systems.sso.tokenUrl, credentials });
  return {
    http: remote,
    pagerDuty: pagerDutyClient({
      http: remote,
      base: bases?.pagerDuty ?? systems.pagerDuty.server.url,
      from: pagerDutyUser,
      token: new Secret(pagerDutyToken),
    }),
    ocm: ocmClient({ http: remote, base: bases?.serviceLogs ?? systems.ocm.server.url, token }),
    backplane: backplaneClient({
      http: remote,
      base: bases?.backplane ?? systems.backplane.server.url,
      token,
    }),
  };
}

/** What a call throws. */
export async function thrownBy(call: () => Promise<unknown>): Promise<unknown> {
  try {
    await call();
  } catch (thrown) {
    return thrown;
  }
  throw new Error('the call went well');
}
