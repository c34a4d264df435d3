import type { Reason } from '../../errors/reason.ts';
import { scopedHint } from '../command-scope.ts';
import { counted } from '../../text/count.ts';
import type { Notices } from '../notices.ts';

/** An item that may have been refused or have failed. */
export interface Hinted {
  reason?: Pick<Reason, 'hint'>;
  error?: { hint?: string };
  request?: { name: string };
  decision?: { reason: string; request?: { name: string } };
}

const mostHints = 10;

/** Until somebody ends a manual review, its request takes every signal. */
function reviewHint({ decision, request = decision?.request }: Hinted): string | undefined {
  if (decision?.reason !== 'manualReview' || request === undefined) return undefined;
  return `when its manual review is done: remedyctl request ack ${request.name}`;
}

/**
 * What to do about the items of a batch that is shown as a table, which has no room for it: every hint once, in the order
 * in which they came up. Ten are kept; of those that come after only how many items have them is known.
 */
export class HintTally {
  readonly #counts = new Map<string, number>();
  readonly #noun: string;
  readonly #scope: readonly string[];
  #others = 0;

  /** `noun`: what an item is, in the singular; `scope`: the flags by which a command works on the same. */
  constructor(noun: string, scope: readonly string[] = []) {
    this.#noun = noun;
    this.#scope = scope;
  }

  add(item: Hinted): void {
    const hint = item.reason?.hint ?? item.error?.hint ?? reviewHint(item);
    if (hint === undefined || hint === '') return;
    const known = this.#counts.get(hint);
    if (known === undefined && this.#counts.size === mostHints) this.#others += 1;
    else this.#counts.set(hint, (known ?? 0) + 1);
  }

  tell(notices: Notices): void {
    for (const [hint, count] of this.#counts) {
      notices.sayWrapped(`hint (${counted(count, this.#noun)}): ${scopedHint(hint, this.#scope)}`);
    }
    if (this.#others === 0) return;
    notices.say(
      `and ${counted(this.#others, `more ${this.#noun}`)} with hints of their own; -o json has them`,
    );
  }
}
