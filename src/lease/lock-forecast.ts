/**
 * Whether a lock would be waited for in vain, without taking it.
 *
 * Guarantee: what is foretold is a lock that did not change between two reads a second apart and that lasts, by its own
 * fields, longer than the wait. A living gateway holds its locks for milliseconds: those are never foretold.
 * Non-guarantee: the holder may release it the moment after.
 */
import { RemedyError } from '../errors/remedy-error.ts';
import type { Reason } from '../errors/reason.ts';
import type { ClockSkew } from '../kube/clock-skew.ts';
import type { ObjectAccess } from '../kube/object-access.ts';
import type { Clock } from '../time/clock.ts';
import { contentionWaitMs, defaultContention } from './contention-wait.ts';
import { leaseName } from './lease-name.ts';
import { expiryOf, isExpired, type Lease } from './lease-object.ts';
import type { LockContention } from './lock-contention.ts';
import { contentionOf } from './lock-contention.ts';
import { contentionHint, heldText } from './lock-error.ts';
import { neededDurationMs, readIfThere } from './observe-lock.ts';

/** What a forecast reads, and by which time. */
export interface ForecastGround {
  objects: Pick<ObjectAccess, 'get'>;
  /** Where the locks are. */
  namespace: string;
  /** Real time: that of leases. */
  clock: Clock;
  skew?: (() => ClockSkew | undefined) | undefined;
  /** How long the lock would be tried for, milliseconds; default: ten tries. */
  lockWaitMs?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** The lock that would be waited for in vain. */
export interface ForetoldLock {
  namespace: string;
  name: string;
  /** Absent where the lease names nobody. */
  holder?: string;
  /** RFC 3339, on the holder's clock; absent where the lease names no end. */
  until?: string;
}

/** How far apart the two looks are. */
const lookAgainMs = 1_000;

/** Undefined where the lock is free or may be by then, and where it cannot be read. */
export async function foretellLock(
  fingerprint: string,
  ground: ForecastGround,
): Promise<ForetoldLock | undefined> {
  try {
    return await twoLooks(leaseName(fingerprint), ground);
  } catch (thrown) {
    if (!(thrown instanceof RemedyError) || ground.signal?.aborted === true) throw thrown;
    return undefined;
  }
}

async function twoLooks(name: string, ground: ForecastGround): Promise<ForetoldLock | undefined> {
  const { objects, clock, signal, namespace } = ground;
  const key = { namespace, name };
  const first = await readIfThere(objects, key, signal);
  if (first === undefined || endsInTime(first, ground)) return undefined;
  await clock.sleep(lookAgainMs, signal);
  const second = await readIfThere(objects, key, signal);
  if (second === undefined || !isUnchanged(first, second)) return undefined;
  const { holder, until } = contentionOf(name, second);
  return {
    namespace,
    name,
    ...(holder === undefined ? {} : { holder }),
    ...(until === undefined ? {} : { until }),
  };
}

/** Why nothing would come of the signal: as LOCK_TIMEOUT says it afterwards. */
export function foretoldTimeout({ name: leaseName, holder, until }: ForetoldLock): Reason {
  const contention: LockContention = { kind: 'contention', leaseName };
  if (holder !== undefined) contention.holder = holder;
  if (until !== undefined) contention.until = until;
  return {
    code: 'LOCK_TIMEOUT',
    message: `the lock would not be had in time: ${heldText(contention)}`,
    hint: contentionHint(contention),
  };
}

function endsInTime(lease: Lease, { clock, skew, lockWaitMs = longestTriesMs() }: ForecastGround): boolean {
  // A lease that names no end is taken over after it has not changed for its duration.
  if (expiryOf(lease) === undefined) return neededDurationMs(lease) <= lockWaitMs;
  return isExpired(lease, clock.now() + lockWaitMs, skew?.()) === true;
}

/** What ten tries take at most. */
function longestTriesMs(): number {
  const { tries } = defaultContention;
  const late = { next: () => 1 };
  return Array.from({ length: tries - 1 }, (_, index) => contentionWaitMs(index + 1, late)).reduce(
    (sum, ms) => sum + ms,
    0,
  );
}

function isUnchanged(first: Lease, second: Lease): boolean {
  const [before, after] = [first.metadata, second.metadata];
  return before.uid === after.uid && before.resourceVersion === after.resourceVersion;
}
