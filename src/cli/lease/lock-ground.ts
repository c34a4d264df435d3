import type { KubeClient } from '../../kube/client.ts';
import type { ClockSkew } from '../../kube/clock-skew.ts';
import { ServerObservation } from '../../kube/server-observation.ts';
import type { LockGround } from '../../locks/lock-ground.ts';
import { connectTo } from '../composition.ts';
import type { Session } from '../session.ts';

/** What every `lease …` command works with. */
export interface ConnectedLocks extends LockGround {
  session: Session;
  client: KubeClient;
}

const sameClock: ClockSkew = { skewMs: 0, errorMs: 0 };

/** The client of the configured target, and how far its clock is from ours; the embedded store's is our own. */
export async function connectToLocks(session: Session): Promise<ConnectedLocks> {
  const { runtime, config, notices, progress } = session;
  const { clock, random, signal } = runtime;
  const observation = new ServerObservation();
  const client = await connectTo(session, observation.observers);
  const isOurs = client.target.kind === 'embedded';
  return {
    session,
    client,
    skew: () => (isOurs ? sameClock : observation.clockSkew()),
    clock,
    random,
    signal,
    notes: notices,
    progress,
    settings: config.values,
  };
}
