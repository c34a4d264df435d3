import { inject } from 'vitest';
import { FakeBackplane } from './fake-backplane.ts';
import { FakeOcm } from './fake-ocm.ts';
import { FakePagerDuty, pagerDutyToken, pagerDutyUser } from './fake-pagerduty.ts';
import type { LineOf } from './fake-server.ts';
import { FakeSso, ocmClientId, ocmClientSecret } from './fake-sso.ts';
import { documentOf, linesAreOpen } from './prism-lines.ts';

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

/** Behind prism where the tier has it, see `test/contract-http/prism-setup.ts`. */
export async function startRemoteSystems(): Promise<FakeRemoteSystems> {
  const lines = inject('prismLines');
  if (lines !== undefined) await linesAreOpen(lines);
  const lineOf: LineOf = (path) => {
    const document = documentOf(path);
    return document === undefined ? undefined : lines?.[document];
  };
  const sso = new FakeSso();
  const pagerDuty = new FakePagerDuty(lineOf);
  const ocm = new FakeOcm(sso, lineOf);
  const backplane = new FakeBackplane(sso, lineOf);
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
