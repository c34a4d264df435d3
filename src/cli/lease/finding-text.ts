import { longestUsualSeconds, type LockFindingKind } from '../../lease/lock-findings.ts';
import type { LockRecord } from '../../lease/lock-record.ts';
import type { FoundFault } from '../../locks/lock-doctor.ts';
import { lockPrefix } from '../../lease/lease-name.ts';
import { ageOf, formatAge } from '../../time/age.ts';
import { resourceText } from '../render/lock-columns.ts';
import { shellLine } from '../../text/shell-words.ts';

interface FindingGround {
  nowMs: number;
  bin: string;
  /** Where locks belong. */
  leaseNamespace: string;
  /** The flags by which a command works on the same. */
  scope: readonly string[];
}

/** What a finding keeps from happening: one sentence. */
export function blocksText(fault: FoundFault, ground: FindingGround): string {
  const { request } = fault.lock;
  const named = request === undefined ? '' : `; request ${request.name} (${request.phase ?? 'no phase'})`;
  return `${consequence(fault, ground)}${named}`;
}

function consequence(fault: FoundFault, ground: FindingGround): string {
  const { lock, living } = fault;
  const { finding, skewMs = 0 } = fault.finding;
  const signals = signalsOf(lock);
  const texts: Record<LockFindingKind, () => string> = {
    expired: () => `${signals}, until the next writer takes the lock over`,
    orphaned: () =>
      `${signals}, until the next writer takes the lock over; no request of theirs is under way`,
    noExpiry: () => `${signals}, for ever: the lock names no end, and no gateway takes it over`,
    clockSkew: () =>
      skewMs > 0
        ? `${signals}, ${formatAge(skewMs / 1000)} too long: so far is its holder's clock ahead of the server's`
        : `nothing, and that is the danger: its holder's clock is ${formatAge(-skewMs / 1000)} behind, so others take the lock while it is held`,
    longHeld: () =>
      living
        ? `nothing while a request of its fingerprint is under way, which takes their counts without the lock; after that ${longHeldText(lock, ground)}`
        : longHeldText(lock, ground),
    wrongNamespace: () =>
      `nothing in ${ground.leaseNamespace}: whoever locks in ${lock.namespace ?? 'another namespace'} and whoever locks here do not exclude each other`,
  };
  return texts[finding]();
}

/** How long the signals of a held lock have waited and will, and what is unusual about it. */
function longHeldText(lock: LockRecord, { nowMs }: FindingGround): string {
  const age = ageOf(lock.acquiredAt, nowMs) ?? 'long';
  const { durationSeconds = 0, expiresAt = 'it is released' } = lock;
  const held = `${signalsOf(lock)}, for ${age} already`;
  if (durationSeconds <= longestUsualSeconds) return held;
  return `${held} and until ${expiresAt}: it lasts ${durationSeconds}s after each renewal, where gateways take 30s, and a signal gives up after some 6s`;
}

/** Whether the pod of the holder is there, as evidence. */
export function holderText({ lock, holderPod }: Pick<FoundFault, 'lock' | 'holderPod'>): string | undefined {
  if (holderPod === undefined) return undefined;
  const { name, found, namespace, phase, startedAt, unknown } = holderPod;
  if (unknown !== undefined) return `whether a pod ${name} is there is not known: ${unknown}`;
  if (found !== true)
    return `no pod ${name} in any namespace: it has probably gone, which proves nothing yet`;
  const since = startedAt === undefined ? '' : `, since ${startedAt}`;
  const isLater = startedAt !== undefined && Date.parse(startedAt) > Date.parse(lock.acquiredAt ?? '');
  const later = isLater ? ', so only after the lock was taken' : '';
  return `pod ${namespace ?? ''}/${name} is there: ${phase ?? 'no phase'}${since}${later}`;
}

/** A lock without a fault that new signals would wait for in vain, and what ends it. */
export function waitedForText(lock: LockRecord, nowMs: number): string {
  const { name, holder = 'nobody it names', acquiredAt, expiresAt } = lock;
  const age = ageOf(acquiredAt, nowMs) ?? 'some time';
  const end = expiresAt === undefined ? '' : ` It ends at ${expiresAt} unless it is renewed;`;
  const released = `if its holder has gone: remedyctl lease release ${name} --force --reason 'its holder has gone'`;
  return `${name} is held by ${holder} for ${age}: until it is released no request is made of ${signalsOf(lock)}.${end} ${released}`;
}

/** The command that mends a finding, ready for a shell. */
export function fixCommand({ lock, finding: found }: FoundFault, ground: FindingGround): string {
  const { finding } = found;
  const { bin, leaseNamespace, scope, nowMs } = ground;
  const namespace = lock.namespace ?? leaseNamespace;
  if (finding === 'wrongNamespace' && lock.state === 'held') {
    return shellLine(['export', `REMEDYCTL_LEASE_NAMESPACE=${namespace}`]);
  }
  const where = [...scope, '--lease-namespace', namespace];
  const release = [...bin.split(' '), 'lease', 'release', lock.name, ...where];
  const forced = (reason: string): string => shellLine([...release, '--force', '--reason', reason]);
  if (finding === 'clockSkew') return forced('the clock of its holder is wrong');
  if (finding === 'longHeld') return forced(`held for ${ageOf(lock.acquiredAt, nowMs) ?? 'too long'}`);
  if (lock.state === 'noExpiry') return forced('it names no end');
  return shellLine([...release, '--if-expired']);
}

function signalsOf({ fingerprint, name, resource }: LockRecord): string {
  const target = resourceText(resource);
  const digits = fingerprint ?? `${name.slice(lockPrefix.length)}…`;
  return target === undefined
    ? `signals of fingerprint ${digits}`
    : `signals of ${target} (fingerprint ${digits})`;
}
