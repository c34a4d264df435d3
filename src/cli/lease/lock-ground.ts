import type { KubeClient } from '../../kube/client.ts';
import type { ClockSkew } from '../../lease/clock-skew.ts';
import { connectTo } from '../composition.ts';
import { ServerObservation } from '../server-observation.ts';
import type { Session } from '../session.ts';

/** What every `lease …` command works with. */
export interface LockGround {
  session: Session;
  client: KubeClient;
  server: { clockSkew(): ClockSkew | undefined };
}

const sameClock: ClockSkew = { skewMs: 0, errorMs: 0 };

/** The client of the configured target, and how far its clock is from ours; the embedded store's is our own. */
export async function connectToLocks(session: Session): Promise<LockGround> {
  const observation = new ServerObservation();
  const client = await connectTo(session, observation.observers);
  const isOurs = client.target.kind === 'embedded';
  return {
    session,
    client,
    server: { clockSkew: () => (isOurs ? sameClock : observation.clockSkew()) },
  };
}
