import type { Notice } from '../../errors/reason.ts';
import type { SignalSource } from '../../signal/signal.ts';
import type { Notices } from '../notices.ts';
import { sourceText } from './ingest-columns.ts';

interface Warned {
  source?: SignalSource;
  warnings?: readonly Notice[];
}

/**
 * The warnings of a batch that is shown as a table, which has no column for them: the first of each code is told
 * in full on stderr, the others are counted. Documents carry all of them.
 */
export class WarningTally {
  readonly #byCode = new Map<string, { first: string; others: number }>();

  add({ source, warnings = [] }: Warned): void {
    for (const { code, message } of warnings) {
      const known = this.#byCode.get(code);
      if (known !== undefined) known.others += 1;
      else this.#byCode.set(code, { first: `${place(source)}${code}: ${message}`, others: 0 });
    }
  }

  tell(notices: Notices): void {
    for (const { first, others } of this.#byCode.values()) {
      const more = others === 0 ? '' : ` (and ${others} more like it; -o json has them all)`;
      notices.warn(`${first}${more}`);
    }
  }
}

function place(source: SignalSource | undefined): string {
  return source === undefined ? '' : `${sourceText(source)}: `;
}
