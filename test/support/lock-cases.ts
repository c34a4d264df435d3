import type { LeaseSpec } from '../../src/lease/lease-object.ts';
import { hasShared, readVectors } from './shared.ts';

export type LockMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** What the gateway did with a lock. */
export interface LockCase {
  id: string;
  note: string;
  now: string;
  op: 'acquire' | 'release';
  holder: string;
  key: string;
  leaseBefore: LeaseSpec | null;
  leaseAfter: LeaseSpec | null;
  acquired?: boolean;
  error: string | null;
  /** Answers that the server gave in place of its own. */
  answers?: Partial<
    Record<LockMethod, { code?: number; reason?: string; message?: string; transportError?: string }>
  >;
}

/** Empty without the reference material. */
export function readLockCases(): LockCase[] {
  return hasShared ? readVectors<{ cases: LockCase[] }>('lock').cases : [];
}
