import { optionName } from '../errors/option-name.ts';
import { isApiError } from '../kube/api-error.ts';
import type { KubeClient } from '../kube/client.ts';
import { leaseResource } from '../kube/well-known-resources.ts';
import type { ClockSkew } from '../kube/clock-skew.ts';
import { isExpired, type Lease } from '../lease/lease-object.ts';
import { longestUsualSeconds } from '../lease/lock-findings.ts';
import { isLock } from '../lease/lock-record.ts';
import { parseMicroTime } from '../lease/micro-time.ts';
import { ok, skip, type Check, type Finding } from './check.ts';
import { shellWord } from '../text/shell-words.ts';
import { counted } from '../text/count.ts';

/** A gateway holds a lock for the moments of one signal; what is held this long is worth a look. */
const longHeldMs = 10 * 60_000;
const shownNames = 5;

interface LockQuestions {
  client: () => Promise<KubeClient>;
  leaseNamespace: string;
  skew: () => ClockSkew | undefined;
  /** Wall clock, milliseconds since the epoch. */
  now: () => number;
}

/** Stuck locks in short, and locks where nobody looks for them. `lease doctor` has the long answer. */
export function lockChecks(questions: LockQuestions): Check[] {
  return [
    {
      name: 'locks',
      group: 'locks',
      needs: ['reachable'],
      after: ['latency'],
      run: (signal) => tolerant(() => countLocks(questions, signal)),
    },
    {
      name: 'locks elsewhere',
      group: 'locks',
      needs: ['reachable'],
      after: ['latency'],
      run: (signal) => tolerant(() => findElsewhere(questions, signal)),
    },
  ];
}

async function tolerant(look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look();
  } catch (thrown) {
    if (!isApiError(thrown) || thrown.code !== 'FORBIDDEN') throw thrown;
    return skip(`leases may not be listed there: ${thrown.serverMessage}`);
  }
}

async function* locksIn(
  { client }: LockQuestions,
  namespace: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<Lease> {
  const { objects } = await client();
  for await (const page of objects.listPages<Lease>(leaseResource, { namespace }, { signal })) {
    for (const lease of page.items) if (isLock(lease)) yield lease;
  }
}

interface Trouble {
  status: 'warn' | 'fail';
  count: number;
  text: string;
}

async function countLocks(questions: LockQuestions, signal: AbortSignal): Promise<Finding> {
  const counts = { held: 0, expired: 0, noExpiry: 0, longHeld: 0 };
  for await (const lease of locksIn(questions, questions.leaseNamespace, signal)) {
    const nowMs = questions.now();
    const expired = isExpired(lease, nowMs, questions.skew());
    if (expired === undefined) counts.noExpiry += 1;
    else counts[expired ? 'expired' : 'held'] += 1;
    if (expired === false && isLong(lease, nowMs)) counts.longHeld += 1;
  }
  return judgeLocks(counts);
}

function isLong(lease: Lease, nowMs: number): boolean {
  return heldMs(lease, nowMs) > longHeldMs || (lease.spec?.leaseDurationSeconds ?? 0) > longestUsualSeconds;
}

function heldMs(lease: Lease, nowMs: number): number {
  const acquired = parseMicroTime(lease.spec?.acquireTime);
  return acquired === undefined ? 0 : nowMs - acquired / 1000;
}

/** `longHeld` are among `held`. */
export function judgeLocks(counts: {
  held: number;
  expired: number;
  noExpiry: number;
  longHeld: number;
}): Finding {
  const total = counts.held + counts.expired + counts.noExpiry;
  const details = { total, ...counts };
  const troubles: Trouble[] = [
    { status: 'fail', count: counts.noExpiry, text: 'never expire and block their signals for ever' },
    {
      status: 'warn',
      count: counts.longHeld,
      text: `have been held for over ${longHeldMs / 60_000} minutes or last for over ${longestUsualSeconds / 60} from each renewal`,
    },
    { status: 'warn', count: counts.expired, text: 'were left behind and have expired' },
  ];
  const found = troubles.filter(({ count }) => count > 0);
  if (found.length === 0)
    return ok(total === 0 ? 'none is held' : `${total} held, none of them stuck`, details);
  return {
    status: found.some(({ status }) => status === 'fail') ? 'fail' : 'warn',
    message: `of ${counted(total, 'lock')} ${found.map(({ count, text }) => `${count} ${text}`).join(', ')}`,
    details,
    fix: 'remedyctl lease doctor',
  };
}

async function findElsewhere(questions: LockQuestions, signal: AbortSignal): Promise<Finding> {
  const { leaseNamespace } = questions;
  const byNamespace = new Map<string, number>();
  for await (const { metadata } of locksIn(questions, undefined, signal)) {
    const namespace = metadata.namespace ?? '';
    if (namespace === leaseNamespace) continue;
    byNamespace.set(namespace, (byNamespace.get(namespace) ?? 0) + 1);
  }
  return judgeElsewhere(byNamespace, leaseNamespace);
}

/** Locks exclude only those who look for them in the same namespace. */
export function judgeElsewhere(byNamespace: ReadonlyMap<string, number>, leaseNamespace: string): Finding {
  if (byNamespace.size === 0) return ok(`no locks but in namespace ${leaseNamespace}`);
  const most = [...byNamespace].sort(([, one], [, other]) => other - one);
  const [first = ''] = most[0] ?? [];
  const named = most.slice(0, shownNames).map(([namespace, count]) => `${namespace} (${count})`);
  const rest = most.length > shownNames ? ` and ${most.length - shownNames} more` : '';
  return {
    status: 'warn',
    message: `locks are also in ${named.join(', ')}${rest}: who locks there and we in ${leaseNamespace} do not exclude each other`,
    details: { namespaces: Object.fromEntries(most), leaseNamespace },
    fix: `If the gateway locks there (its POD_NAMESPACE), work with ${optionName('leaseNamespace')} ${shellWord(first)}`,
  };
}
