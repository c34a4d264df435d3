/** One action by the rules: its attempts, their waits, its look-ups, its end. */
import type { GivenAction, Rule } from './case.ts';
import { askedSeconds, deadlineMs, meaningOfRead, meaningOfWrite } from './ruled-answers.ts';
import { candidateOf, lookUpOf, pageOf, writeOf, type Request, type Subject } from './ruled-requests.ts';
import type { Script } from './script.ts';
import { sameness, type Sent, type StepOutcome } from './sent.ts';

/** What the actions of a run share. */
export interface RuledWorld {
  readonly script: Script;
  readonly landed: boolean;
  readonly maxRetries: number;
  readonly cancelAfterMs: number;
  /** Of the incident. */
  title: string;
  /** Milliseconds that have gone by at least, and at most. */
  elapsed: [number, number];
  readonly notes: () => string;
}

/** The cancellation came. */
class Stopped extends Error {}

const toleranceMs = 500;
/** Between the last attempt and one more look, and how often that is tried. */
const lastLook = { waitMs: 1_000, tries: 3 };

type Look = 'found' | 'absent' | 'undecidable' | 'final' | 'passing';

export class RuledStep {
  readonly requests: Sent[] = [];
  readonly #subject: Subject;
  readonly #world: RuledWorld;
  readonly #answeredAt = new Map<string, [number, number]>();
  /** A write is out of which nobody knows. */
  #isOpen = false;
  #hasLanded = false;
  #wasAccepted = false;
  #text: string | undefined;

  constructor(subject: Subject, world: RuledWorld) {
    this.#subject = subject;
    this.#world = world;
  }

  run(): StepOutcome {
    try {
      return this.#attempts();
    } catch (thrown) {
      if (!(thrown instanceof Stopped)) throw thrown;
      return this.#isOpen ? 'unknown' : 'not_run';
    }
  }

  #attempts(): StepOutcome {
    // what is rendered is rendered once
    this.#text = this.#world.notes();
    for (let attempt = 1; ; attempt += 1) {
      const end = this.#attempt();
      if (typeof end === 'string') return end;
      if (attempt > this.#world.maxRetries || end.isFinal)
        return this.#isOpen ? this.#lookOnceMore() : 'failed';
      const leastMs = Math.max(attempt ** 2 * 1_000, end.askedMs);
      this.#wait(leastMs);
    }
  }

  #attempt(): StepOutcome | { isFinal: boolean; askedMs: number } {
    const { action } = this.#subject;
    const isOpen = this.#isOpen;
    const look = isOpen || hasPrecheck(action) ? this.#look() : 'absent';
    if (look === 'found') return isOpen ? 'succeeded' : 'skipped_duplicate';
    if (look === 'undecidable') return 'unknown';
    if (look !== 'absent') return { isFinal: look === 'final', askedMs: 0 };
    this.#isOpen = false;
    const rule = this.#send(writeOf(this.#subject, { title: this.#world.title, notes: this.#text ?? '' }));
    const meaning = meaningOfWrite(action, rule);
    this.#isOpen = meaning === 'open';
    this.#wasAccepted = (rule?.status ?? 999) < 300;
    this.#hasLanded ||= meaning === 'open' && this.#world.landed;
    if (meaning === 'done' || (meaning === 'open' && this.#world.landed)) this.#takeEffect();
    if (meaning === 'done') return 'succeeded';
    if (meaning === 'skipped_uninstalling') return meaning;
    return { isFinal: meaning === 'final', askedMs: meaning === 'passing' ? askedSeconds(rule) * 1_000 : 0 };
  }

  #takeEffect(): void {
    const { action } = this.#subject;
    if (action.type === 'pagerduty_title_update') {
      this.#world.title = `${String(action['prefix'])} ${this.#world.title}`;
    }
  }

  /** The attempts are used up: nothing more is sent, but it may be there after all. */
  #lookOnceMore(): StepOutcome {
    this.#wait(lastLook.waitMs);
    for (let attempt = 1; ; attempt += 1) {
      const look = this.#look();
      if (look === 'found') return 'succeeded';
      if (look === 'absent') return 'failed';
      if (look !== 'passing' || attempt === lastLook.tries) return 'unknown';
      this.#wait(attempt ** 2 * 1_000);
    }
  }

  #look(): Look {
    const request = lookUpOf(this.#subject);
    // a status of success decides where nothing can be looked up
    if (request === undefined) return this.#wasAccepted ? 'found' : 'undecidable';
    const meaning = meaningOfRead(this.#send(request));
    if (typeof meaning === 'string') return meaning;
    const { items, total } = meaning;
    if (items === undefined) return this.#isThere(request);
    if (total <= items.length) return items.some((item) => this.#isSame(item)) ? 'found' : 'absent';
    const page = meaningOfRead(this.#send(pageOf(request)));
    if (typeof page === 'string') return page;
    return (page.items ?? []).some((item) => this.#isSame(item)) ? 'found' : 'absent';
  }

  /** By the state of the system. */
  #isThere(request: Request): Look {
    const { action } = this.#subject;
    if (action.type === 'pagerduty_title_update') {
      return this.#world.title.includes(String(action['prefix'])) ? 'found' : 'absent';
    }
    if (!this.#hasLanded) return 'absent';
    if (action.type !== 'backplane_report') return 'found';
    const meaning = meaningOfRead(this.#send(candidateOf(request)));
    return typeof meaning === 'string' ? meaning : 'found';
  }

  #isSame(item: unknown): boolean {
    const { action } = this.#subject;
    const { summary, description } = item as { summary?: unknown; description?: unknown };
    return summary === action['summary'] && (description ?? '') === (action['description'] ?? '');
  }

  #send(request: Request): Rule | undefined {
    const { script } = this.#world;
    const rule = script.next({ ...request, path: request.path.join('/') });
    if (rule?.fault === 'refused') return rule;
    const sent: Sent = { ...request, answer: answerOf(request, rule) };
    const before = this.#answeredAt.get(sameness(sent));
    const [least, most] = this.#world.elapsed;
    if (before !== undefined) {
      sent.wait = [(least - before[0]) / 1_000, (most - before[1]) / 1_000];
    }
    this.requests.push(sent);
    const tookMs = Math.min(rule?.delayMs ?? 0, deadlineMs);
    this.#world.elapsed = [least + tookMs, most + tookMs];
    this.#answeredAt.set(sameness(sent), this.#world.elapsed);
    return rule;
  }

  #wait(leastMs: number): void {
    const { elapsed, cancelAfterMs } = this.#world;
    if (elapsed[0] + leastMs > cancelAfterMs) {
      this.#world.elapsed = [cancelAfterMs, cancelAfterMs];
      throw new Stopped();
    }
    this.#world.elapsed = [elapsed[0] + leastMs, elapsed[1] + leastMs + toleranceMs];
  }
}

/** What is asked before the first write. */
function hasPrecheck({ type, allowDuplicates }: GivenAction): boolean {
  if (type === 'pagerduty_title_update') return true;
  return (type === 'service_log' || type === 'limited_support') && allowDuplicates !== true;
}

function answerOf({ method }: Request, rule: Rule | undefined): string {
  if (rule?.fault === 'reset' || (rule?.delayMs ?? 0) > deadlineMs) return 'none';
  if (rule?.status !== undefined) return String(rule.status);
  return method === 'POST' ? 'healthy' : '200';
}
