import { FakeBackplane } from './fake-backplane.ts';
import { FakeOcm } from './fake-ocm.ts';
import { FakePagerDuty, pagerDutyToken, pagerDutyUser } from './fake-pagerduty.ts';
import { FakeSso, ocmClientId, ocmClientSecret } from './fake-sso.ts';

/** The systems that plans write to, on loopback, with their state in this process. */
export interface FakeRemoteSystems {
  readonly pagerDuty: FakePagerDuty;
  readonly ocm: FakeOcm;
  readonly sso: FakeSso;
  readonly backplane: FakeBackplane;
  /** What the program needs in its environment to reach them, credentials included. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export async function startRemoteSystems(): Promise<FakeRemoteSystems> {
  const sso = new FakeSso();
  const [pagerDuty, ocm, backplane] = [new FakePagerDuty(), new FakeOcm(sso), new FakeBackplane(sso)];
  const servers = [pagerDuty.server, ocm.server, sso.server, backplane.server];
  await Promise.all(servers.map((server) => server.start()));
  return {
    pagerDuty,
    ocm,
    sso,
    backplane,
    env: {
      REMEDYCTL_PAGERDUTY_URL: pagerDuty.server.url,
      REMEDYCTL_PAGERDUTY_FROM: pagerDutyUser,
      PAGERDUTY_TOKEN: pagerDutyToken,
      REMEDYCTL_OCM_URL: ocm.server.url,
      REMEDYCTL_OCM_TOKEN_URL: sso.tokenUrl,
      OCM_CLIENT_ID: ocmClientId,
      OCM_CLIENT_SECRET: ocmClientSecret,
      REMEDYCTL_BACKPLANE_URL: backplane.server.url,
    },
    stop: async () => {
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}
