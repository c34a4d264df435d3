/** What an action does to the outside, in terms that the executor can drive, repeat and find again. */
import type { CallOptions } from '../http/remote-request.ts';
import { known } from '../http/json-fields.ts';
import type { NoteLine } from '../plan/plan.ts';
import type { Content, FoundObject } from './journal-entry.ts';

/** How an action came to an end. */
export interface Done {
  readonly outcome: 'succeeded' | 'skipped_duplicate' | 'skipped_uninstalling';
  /** What the system calls the object that was made. */
  readonly id?: string | undefined;
  /** What was there already. */
  readonly found?: FoundObject | undefined;
  readonly lines?: readonly NoteLine[];
}

/** What a look-up is told about the write that it looks for. */
export interface Search {
  /**
   * When the first write left, milliseconds since the epoch by the clock of the system that is asked: what is clearly
   * older is not ours. To be asked once that system has answered, which tells its clock.
   */
  readonly firstSentAt: () => number;
  /** What other actions of the run have made, and earlier runs of the plan. */
  readonly taken: ReadonlySet<string>;
}

/** When something is asked. */
export interface Moment {
  /** Milliseconds since the epoch, by the clock of the system that has answered last: to be asked once it has. */
  readonly systemNow: () => number;
}

/** What became of a write: it is there, it is not, or nobody can tell. */
export type LookUp = Done | 'absent' | 'undecidable';

/**
 * One action, ready to be sent. `send` is one write; the others only read. Nothing of this retries.
 */
export interface Effect {
  /** What depends on the moment, to be kept for every attempt. */
  readonly content: Content;
  /** Whether there is nothing to send, asked before each attempt. */
  precheck?(call: CallOptions, moment: Moment): Promise<Done | undefined>;
  send(call: CallOptions): Promise<Done>;
  /** Whether a write of unknown outcome has taken effect. */
  lookUp(search: Search, call: CallOptions): Promise<LookUp>;
  /** What a refusal really means, where it is not a failure. */
  accept?(refusal: unknown): Done | undefined;
  /** What an operator is asked where nothing can be looked up. */
  readonly question?: string;
}

/** What is left of the difference of two clocks, and a write that was slow to land. */
const toleranceMs = 5 * 60_000;

/** Whether an object made at this time may come from a write that left then. Without a time it may. */
export function mayBeOurs(createdAt: string | undefined, { firstSentAt }: Search): boolean {
  const at = createdAt === undefined ? Number.NaN : Date.parse(createdAt);
  return Number.isNaN(at) || at >= firstSentAt() - toleranceMs;
}

/** What an outcome says of an object that was there. */
export function foundObject({ id, createdAt, createdBy }: FoundFields): FoundObject {
  return known({ id, createdAt, createdBy });
}

type FoundFields = { readonly [Key in keyof FoundObject]: FoundObject[Key] | undefined };
