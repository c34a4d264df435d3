import type { StateGround } from '../../dedup/state-reader.ts';
import type { KubeClient } from '../../kube/client.ts';
import { ServerObservation } from '../../kube/server-observation.ts';
import type { Notes } from '../../notes/notes.ts';
import type { Clock } from '../../time/clock.ts';
import { connectTo } from '../composition.ts';
import type { Session } from '../session.ts';

/** What every `dedup …` command works with. */
export interface ConnectedStates extends StateGround {
  session: Session;
  client: KubeClient;
  clock: Clock;
  notes: Notes;
}

/** The client of the configured target. */
export async function connectToStates(
  session: Session,
  { decisionClock, readsStdin = false }: { decisionClock: Pick<Clock, 'now'>; readsStdin?: boolean },
): Promise<ConnectedStates> {
  const { runtime, config, notices } = session;
  const { clock, signal } = runtime;
  const server = new ServerObservation();
  const client = await connectTo(session, { ...server.observers, readsStdin });
  return {
    session,
    client,
    skew: () => server.clockSkew(),
    clock,
    decisionClock,
    signal,
    notes: notices,
    settings: config.values,
  };
}
