import type { LockFinding, LockFindingKind } from '../../lease/lock-findings.ts';
import type { LockRecord } from '../../lease/lock-record.ts';
import { lockPrefix } from '../../lease/lease-name.ts';
import { ageOf, formatAge } from '../render/age.ts';
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
export function blocksText(lock: LockRecord, finding: LockFinding, ground: FindingGround): string {
  const request =
    lock.request === undefined ? '' : `; request ${lock.request.name} (${lock.request.phase ?? 'no phase'})`;
  return `${consequence(lock, finding, ground)}${request}`;
}

function consequence(lock: LockRecord, { finding, skewMs = 0 }: LockFinding, ground: FindingGround): string {
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
    longHeld: () => `${signals}, for ${ageOf(lock.acquiredAt, ground.nowMs) ?? 'long'} already`,
    wrongNamespace: () =>
      `nothing in ${ground.leaseNamespace}: whoever locks in ${lock.namespace ?? 'another namespace'} and whoever locks here do not exclude each other`,
  };
  return texts[finding]();
}

/** The command that mends a finding, ready for a shell. */
export function fixCommand(lock: LockRecord, { finding }: LockFinding, ground: FindingGround): string {
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
