import type { Send } from '../api/wire.ts';
import type { ClockSkew } from '../kube/clock-skew.ts';
import type { ServedRequestKind } from '../kube/discovery.ts';
import type { OutageGuard } from '../kube/outage-guard.ts';
import type { LeaseLock } from '../lease/lease-lock.ts';
import type { CircuitBreaker } from '../retry/circuit-breaker.ts';
import type { RetryPolicy } from '../retry/retry-policy.ts';
import type { TraceWriter } from '../retry/trace.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';

/**
 * Whether the server is there. Absent on the embedded store, which is in this process: what can keep it waiting is
 * another process's lock on its file, and that ends after a minute by itself (STORE_BUSY).
 */
export type ServerPresence = Pick<OutageGuard, 'whenAnswering' | 'whenSure' | 'outages'>;

/** What every decision of a run shares. */
export interface RunContext {
  send: Send;
  kind: ServedRequestKind;
  /** The controller namespace, where requests live. */
  namespace: string;
  leaseNamespace: string;
  /** Real time: leases, waits, deadlines. */
  clock: Clock;
  /** The clock of decisions and of the times that are written; another one under `--now`. */
  decisionClock: Pick<Clock, 'now'>;
  random: Random;
  /** What is known of the server's clock, for leases. */
  skew?: (() => ClockSkew | undefined) | undefined;
  /** One for the process: it keeps acquisitions of one lease apart and remembers what it has observed. */
  lock: LeaseLock;
  breaker: CircuitBreaker;
  creationPolicy: RetryPolicy;
  /** Absent: ten tries, as the gateway. */
  lockWaitMs?: number | undefined;
  /** For one signal, beyond an explicit wait for the lock. */
  signalTimeoutMs: number;
  managedBy: 'remedyctl' | 'gateway-service';
  /** `user@host`. */
  injectedBy?: string | undefined;
  /** Under which name this run writes counts, and nobody else (`RequestAccess.writer`). */
  writer?: string | undefined;
  /** Refuses a signal whose resource has an active request under another fingerprint. Default: a warning. */
  strictResource?: boolean | undefined;
  dryRun?: 'client' | 'server' | undefined;
  /** The shared view from the first signal on. */
  bulk: boolean;
  trace?: TraceWriter | undefined;
  server?: ServerPresence | undefined;
  /** Under -v: what happened on the way. */
  note: (message: string) => void;
  /** Of waits of over a second, what for and until when: said once for each kind, under -v each time. Default: `note`. */
  waits?: { lock: (message: string) => void; retry: (message: string) => void } | undefined;
  /** Without -v too: what makes the run slower than it could be and can be changed. Default: `note`. */
  tell?: ((message: string) => void) | undefined;
}
