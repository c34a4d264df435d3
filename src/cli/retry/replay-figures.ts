import type { ReplayItem } from '../../replay/replay-run.ts';
import type { Distribution } from '../../retry/distribution.ts';
import { counted } from '../../text/count.ts';
import { shareText } from './comparison-text.ts';

/** Adds up what many runs and many clients came to, over the operations of a trace. */
export class ReplayFigures {
  readonly #survived = { always: 0, sometimes: 0, never: 0 };
  #runs = 0;
  #least: { share: number; id: ReplayItem['id'] } | undefined;
  #worst: { peak: number; id: ReplayItem['id']; clients: number } | undefined;

  add({ id, distribution, storm }: ReplayItem): void {
    if (distribution !== undefined) this.#addRuns(id, distribution);
    if (storm !== undefined && storm.peak > (this.#worst?.peak ?? 0))
      this.#worst = { peak: storm.peak, id, clients: storm.clients };
  }

  #addRuns(id: ReplayItem['id'], { successShare: share, runs }: Distribution): void {
    this.#runs = runs;
    this.#survived[share === 1 ? 'always' : share === 0 ? 'never' : 'sometimes'] += 1;
    if (share > 0 && share < (this.#least?.share ?? 1)) this.#least = { share, id };
  }

  /** Empty where there was one run, by one client. */
  lines(): string[] {
    return [...this.#runLines(), ...this.#clientLines()];
  }

  #runLines(): string[] {
    if (this.#runs === 0) return [];
    const { always, sometimes, never } = this.#survived;
    const least = this.#least === undefined ? '' : ` (#${this.#least.id} in ${shareText(this.#least.share)})`;
    return [
      `In ${counted(this.#runs, 'run')} each ${counted(always, 'operation')} always ended well, ${sometimes} sometimes${least}, ${never} never.`,
    ];
  }

  #clientLines(): string[] {
    if (this.#worst === undefined) return [];
    const { clients, peak, id } = this.#worst;
    return [
      `${counted(clients, 'client')} at once send at most ${counted(peak, 'request')} in 100ms (#${id}).`,
    ];
  }
}
