/**
 * A model of the status of one request: a process of ours that creates it, whose create and whose writes may get no
 * answer and that may die at any time; a second signal of that process, by a look at the server or by its shared
 * view; another process of ours; a gateway; and an orchestrator that moves the request on. Every interleaving is
 * visited. The properties: no phase that the orchestrator has set is taken back; the stored count is never below the
 * number of signals that were reported as counted, and never above the number of signals.
 */
import type { Exploration, Transition as AnyTransition } from './explore.ts';
import { exploreFrom } from './explore.ts';

/** What the counts rest on; each can be taken away. */
export interface CountPremises {
  /** A request that was found after an unanswered create is never PUT. */
  adoptedIsPatched: boolean;
  /** After a conflict the creator patches, too. */
  conflictIsPatched: boolean;
  /** Each write lands only at the version at which the count was read. */
  writesAreGuarded: boolean;
  /** After a conflict the count is read again, not written again at whatever version there is by then. */
  conflictReads: boolean;
  /** A count of 2 or more has the creation in; else the creator writes its 1 over it. */
  countStands: boolean;
  /** A duplicate of ours that finds no count counts the creation in. */
  duplicatesSeedTwo: boolean;
  /** A count of 1 that the creator finds is a gateway's. */
  oneIsAGateways: boolean;
  /** Whoever has seen its creation left out knows that later counts leave it out, too. */
  leftOutIsRemembered: boolean;
  /** A write whose answer is lost is not reported as written. */
  lostIsNotReported: boolean;
}

export const allCountPremises: CountPremises = {
  adoptedIsPatched: true,
  conflictIsPatched: true,
  writesAreGuarded: true,
  conflictReads: true,
  countStands: true,
  duplicatesSeedTwo: true,
  oneIsAGateways: true,
  leftOutIsRemembered: true,
  lostIsNotReported: true,
};

export interface CountScene {
  /** How the second signal of the creator's process finds the request. */
  view: 'single' | 'shared';
  /** Signals besides the creation, each at most one: the creator's second, another process', a gateway's. */
  second: boolean;
  other: boolean;
  gateway: boolean;
}

/** The request as somebody has seen it. */
interface Seen {
  version: number;
  /** 0: none yet; the last one ends it. */
  phase: number;
  count: number | null;
}

type Step = 'idle' | 'create' | 'settle' | 'look' | 'write' | 'reread' | 'done';

interface Actor {
  step: Step;
  known: Seen | null;
}

interface State {
  request: Seen | null;
  /** The newest that the shared view knows of it. */
  index: Seen | null;
  /** The creator has read a gateway's count that leaves it out. */
  sawLeftOut: boolean;
  reported: number;
  faults: number;
  creator: Actor & { adopted: boolean; conflicted: boolean; leftOut: boolean; posts: number };
  second: Actor;
  other: Actor;
  gateway: Actor;
}

type Transition = AnyTransition<State>;
type Name = 'creator' | 'second' | 'other' | 'gateway';

const lastPhase = 2;
const mostFaults = 2;
const mostPosts = 3;

export function exploreCounts(premises: CountPremises, scene: CountScene): Exploration {
  return exploreFrom(
    initialState(scene),
    (state) => new Moves(state, premises, scene).all(),
    (before, after) => isWrong(before, after, scene),
  );
}

function initialState({ second, other, gateway }: CountScene): State {
  const actor = (takesPart: boolean, step: Step = 'look'): Actor => ({
    step: takesPart ? step : 'done',
    known: null,
  });
  return {
    request: null,
    index: null,
    sawLeftOut: false,
    reported: 0,
    faults: 0,
    creator: { ...actor(true, 'create'), adopted: false, conflicted: false, leftOut: false, posts: 0 },
    second: actor(second, 'idle'),
    other: actor(other),
    gateway: actor(gateway),
  };
}

/** What a write would store; `put` takes every other field away. */
interface Write {
  how: 'put' | 'patch';
  count: number;
}

function isWrong(before: State, { request, reported, sawLeftOut }: State, scene: CountScene): boolean {
  if (request === null) return false;
  if ((before.request?.phase ?? 0) > request.phase) return true;
  const signals = 1 + Number(scene.second) + Number(scene.other) + Number(scene.gateway);
  // A count that a gateway began and that one of ours went on with before the creator looked leaves it out for good.
  const forgiven = scene.gateway && (scene.second || scene.other) && !sawLeftOut ? 1 : 0;
  const count = request.count ?? 0;
  return count < reported - forgiven || count > signals;
}

function step(name: string, apply: (state: State) => void): Transition {
  return { name, apply, violates: false };
}

class Moves {
  readonly #state: State;
  readonly #premises: CountPremises;
  readonly #scene: CountScene;

  constructor(state: State, premises: CountPremises, scene: CountScene) {
    this.#state = state;
    this.#premises = premises;
    this.#scene = scene;
  }

  all(): Transition[] {
    return [
      ...this.#orchestrator(),
      ...this.#watch(),
      ...this.#creator(),
      ...this.#duplicate('second'),
      ...this.#duplicate('other'),
      ...this.#duplicate('gateway'),
    ];
  }

  #orchestrator(): Transition[] {
    const { request } = this.#state;
    if (request === null || request.phase === lastPhase) return [];
    return [
      step('the orchestrator sets the next phase', (s) => {
        change(s, { phase: s.request!.phase + 1 });
      }),
    ];
  }

  /** A watch that lags is one whose step comes later; what lies between is then overtaken. */
  #watch(): Transition[] {
    const { request, index } = this.#state;
    if (this.#scene.view === 'single' || request === null || request.version === index?.version) return [];
    return [
      step('our watch shows the request', (s) => {
        learn(s, s.request!);
      }),
    ];
  }

  #creator(): Transition[] {
    const { creator, request } = this.#state;
    if (creator.step === 'done') return [];
    const moves = [
      step('the creator dies', (s) => {
        finish(s, 'creator');
      }),
    ];
    if (creator.step === 'create') return [...moves, ...this.#creates()];
    if (creator.step === 'settle') {
      moves.push(
        step('the creator looks for its request', (s) => {
          this.#adopt(s);
        }),
      );
      return moves;
    }
    if (creator.step === 'reread') {
      moves.push(
        step('the creator reads again', (s) => {
          this.#read(s, 'creator');
        }),
      );
      return moves;
    }
    const write = this.#creatorsWrite(creator);
    if (write === undefined)
      moves.push(
        step('the creator finds itself counted', (s) => {
          this.#end(s, 'creator');
        }),
      );
    else if (request !== null) moves.push(...this.#writes('creator', write));
    return moves;
  }

  #creates(): Transition[] {
    const { request, faults, creator } = this.#state;
    if (request !== null)
      return [
        step('the name is taken', (s) => {
          this.#adopt(s);
        }),
      ];
    const moves = [
      step('the request is created', (s) => {
        create(s);
        this.#read(s, 'creator');
        learn(s, s.request!);
        s.second.step = s.second.step === 'idle' ? 'look' : s.second.step;
      }),
    ];
    if (faults === mostFaults || creator.posts === mostPosts) return moves;
    const lost = (state: State): void => {
      state.faults += 1;
      state.creator.posts += 1;
    };
    return [
      ...moves,
      step('the create is lost', lost),
      step('the request is created, the answer is lost, and it is tried again', (s) => {
        lost(s);
        create(s);
      }),
      step('the request is created, the answer is lost, and nothing is tried any more', (s) => {
        lost(s);
        create(s);
        s.creator.step = 'settle';
      }),
    ];
  }

  #adopt(state: State): void {
    this.#read(state, 'creator');
    state.creator.adopted = true;
    learn(state, state.request!);
    if (state.second.step === 'idle') state.second.step = 'look';
  }

  /** Undefined where nothing is missing. */
  #creatorsWrite({ known, adopted, conflicted, leftOut }: State['creator']): Write | undefined {
    const { adoptedIsPatched, conflictIsPatched, countStands } = this.#premises;
    const count = known?.count ?? null;
    const isPatched = (adopted && adoptedIsPatched) || (conflicted && conflictIsPatched);
    if (!isPatched && (adopted || conflicted || count === null)) return { how: 'put', count: 1 };
    if (count === null) return { how: 'patch', count: 1 };
    if (leftOut) return { how: 'patch', count: count + 1 };
    return countStands ? undefined : { how: 'patch', count: 1 };
  }

  #duplicate(name: 'second' | 'other' | 'gateway'): Transition[] {
    const actor = this.#state[name];
    if (actor.step === 'look' && this.#state.request !== null) {
      return [
        step(`${name} finds the request`, (s) => {
          this.#look(s, name);
        }),
      ];
    }
    if (actor.step === 'reread') {
      return [
        step(`${name} reads again`, (s) => {
          this.#read(s, name);
        }),
      ];
    }
    if (actor.step !== 'write') return [];
    if (actor.known!.phase === lastPhase) {
      return [
        step(`${name} finds it ended`, (s) => {
          finish(s, name);
        }),
      ];
    }
    return this.#writes(name, { how: 'patch', count: this.#counted(name, actor.known!) });
  }

  #look(state: State, name: 'second' | 'other' | 'gateway'): void {
    this.#read(state, name);
    if (name === 'second' && this.#scene.view === 'shared') state.second.known = state.index;
  }

  #counted(name: Name, { count }: Seen): number {
    if (count !== null) return count + 1;
    return name === 'gateway' || !this.#premises.duplicatesSeedTwo ? 1 : 2;
  }

  #writes(name: Name, write: Write): Transition[] {
    const { request, faults } = this.#state;
    const isCurrent = request!.version === this.#state[name].known!.version;
    const moves: Transition[] = [];
    if (isCurrent || !this.#premises.writesAreGuarded) {
      moves.push(
        step(`${name} writes ${write.count}`, (s) => {
          land(s, write);
          learnOwn(s, name);
          this.#end(s, name);
        }),
      );
    } else {
      moves.push(
        step(`${name} meets a conflict`, (s) => {
          this.#conflict(s, name);
        }),
      );
    }
    if (faults === mostFaults) return moves;
    const lose = (state: State): void => {
      state.faults += 1;
      if (this.#premises.lostIsNotReported) finish(state, name);
      else this.#end(state, name);
    };
    moves.push(step(`the write of ${name} is lost`, lose));
    if (!isCurrent) return moves;
    return [
      ...moves,
      step(`${name} writes ${write.count}, and the answer is lost`, (s) => {
        land(s, write);
        lose(s);
      }),
    ];
  }

  #read(state: State, name: Name): void {
    state[name].known = state.request;
    state[name].step = 'write';
    if (name !== 'creator') return;
    const { oneIsAGateways, leftOutIsRemembered } = this.#premises;
    const isOne = state.request?.count === 1;
    state.sawLeftOut ||= isOne;
    state.creator.leftOut = (isOne && oneIsAGateways) || (leftOutIsRemembered && state.creator.leftOut);
  }

  #conflict(state: State, name: Name): void {
    if (name === 'creator') state.creator.conflicted = true;
    state[name].step = 'reread';
    if (this.#premises.conflictReads) return;
    state[name].known!.version = state.request!.version;
    state[name].step = 'write';
  }

  #end(state: State, name: Name): void {
    finish(state, name);
    state.reported += 1;
  }
}

/** What nobody asks for any more would only make more states of the same. */
function finish(state: State, name: Name): void {
  Object.assign(state[name], { step: 'done', known: null });
  if (name === 'creator')
    Object.assign(state.creator, { adopted: false, conflicted: false, leftOut: false, posts: 0 });
}

function create(state: State): void {
  state.request = { version: 1, phase: 0, count: null };
}

function change(state: State, what: Partial<Seen>): void {
  const { request } = state;
  if (request === null) throw new Error('there is nothing to change');
  state.request = { ...request, ...what, version: request.version + 1 };
}

function land(state: State, { how, count }: Write): void {
  change(state, how === 'put' ? { count, phase: 0 } : { count });
}

/** An answer to a write of the process that has the shared view. */
function learnOwn(state: State, name: Name): void {
  if (name === 'creator' || name === 'second') learn(state, state.request!);
}

/** The index never moves back. */
function learn(state: State, seen: Seen): void {
  if (state.index === null || state.index.version < seen.version) state.index = seen;
}
