import type { EffectiveConfig } from '../../config/load-config.ts';
import type { Runtime } from '../runtime.ts';
import type { Candidate } from './protocol.ts';

/** What names come from: files of the user, or what a server or a store is asked for. */
export type NameSource = LocalSource | ServedSource;
export type LocalSource = 'context' | 'kubeconfig cluster' | 'kubeconfig user' | 'profile';
/** Kept for some seconds. */
export type ServedSource = 'namespace' | 'request' | 'lock' | 'run';

/** A name, and what decides where it is offered. */
export interface LivingName extends Candidate {
  /** Of a lock. */
  holder?: string | undefined;
  /** Of a request; 64 hexadecimal digits as a rule. */
  fingerprint?: string | undefined;
  /** Of a request: what it is about, as KIND/NAME. */
  resource?: string | undefined;
  /** Of a request: it waits for manual review. */
  isInReview?: boolean | undefined;
  /** Of a run: it can be gone on with. */
  isOpen?: boolean | undefined;
}

/** What reading names goes by; the runtime's signal ends it. */
export interface NameGround {
  runtime: Runtime;
  config: EffectiveConfig;
  /** Takes names as they are found. */
  take: (names: readonly LivingName[]) => void;
}
