import type { KubeClient } from '../kube/client.ts';
import type { ClockSkew } from '../kube/clock-skew.ts';
import type { Notes, Progress } from '../notes/notes.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';

/** What work on the locks of a target goes by; each call takes the part that it uses. */
export interface LockGround {
  client: Pick<KubeClient, 'objects' | 'discovery' | 'target'>;
  /** The server's clock against `clock`, as far as it has been measured. */
  skew: () => ClockSkew | undefined;
  /** Real time: leases are compared with other machines' times. */
  clock: Clock;
  random: Random;
  /** Ends waits and requests. */
  signal: AbortSignal;
  notes: Notes;
  progress: Pick<Progress, 'start' | 'stop' | 'hold'>;
  settings: LockPlaces;
}

/** The namespaces that locks and their requests are in. */
export interface LockPlaces {
  /** Of the RemediationRequests. */
  namespace: string;
  /** Of the leases. */
  leaseNamespace: string;
}
