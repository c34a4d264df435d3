/**
 * A model of one fingerprint: a process of ours that handles its signals with the shared view, another writer that
 * takes the lock and lists for itself, a lease that expires, a watch that lags, and creates that get no answer.
 * Every interleaving is visited. The property: no request is ever created while another one is active.
 */

import type { Exploration, Transition as AnyTransition } from './explore.ts';
import { exploreFrom } from './explore.ts';

/** What the proof rests on; each can be taken away. */
export interface Premises {
  /** The lease watch is open before the list of requests begins. */
  watchBeforeList: boolean;
  /** Answers to our own creates enter the index before the lease is released. */
  answersEnterIndex: boolean;
  /** Holder ids are compared whole; else the other writer's id passes for ours. */
  wholeHolderIds: boolean;
  /** An id whose create got no definite answer counts as a stranger's, and its fingerprint is marked. */
  doubtfulIsForeign: boolean;
  /** After an unanswered create that is not found the lease is left to expire. */
  doubtfulKeepsLease: boolean;
  /** A PUT carries the uid of the lease; else it makes a lease that is gone anew. */
  putCarriesUid: boolean;
  /** Before the create we hold the lease by our own clock and have seen no later event, or renew. */
  holdChecked: boolean;
  /** A lost lease watch is restored by the whole start sequence. */
  wholeRestart: boolean;
  /** Another holder's event, or a takeover, asks for a consistent list. */
  strangersAskForList: boolean;
}

export const allPremises: Premises = {
  watchBeforeList: true,
  answersEnterIndex: true,
  wholeHolderIds: true,
  doubtfulIsForeign: true,
  doubtfulKeepsLease: true,
  putCarriesUid: true,
  holdChecked: true,
  wholeRestart: true,
  strangersAskForList: true,
};

type Step =
  'watch' | 'list' | 'decide' | 'post' | 'await' | 'relist' | 'hold' | 'settle' | 'release' | 'done';

interface State {
  lease: { holder: string; uid: number; age: 'fresh' | 'stale' | 'expired' } | null;
  uids: number;
  /** Holders in the order of the lease's events; `-` is a deletion. */
  log: string[];
  /** True: active. The index of a request is its identity. */
  requests: boolean[];
  finishes: number;
  ours: {
    step: Step;
    signal: number;
    /** Lease events delivered so far. */
    seen: number;
    strangers: boolean;
    /** Requests that the index takes for active. */
    index: number[];
    /** Requests whose creation the watch has delivered. */
    delivered: number;
    marked: boolean;
    took: boolean;
    fresh: boolean;
    uid: number;
    vouched: string[];
    losses: number;
    renewals: number;
    /** The holder under whom a create is under way that the client no longer waits for; empty: none. */
    adrift: string;
    landed: number;
  };
  other: { step: 'post' | 'list' | 'create' | 'release' | 'done'; turn: number; crashed: boolean };
}

interface Bounds {
  signals: number;
  otherTurns: number;
}

/** Visits every state that can be reached; stops at the first violation. */
export function explore(premises: Premises, bounds: Bounds): Exploration {
  return exploreFrom(initialState(premises), (state) => transitions(state, premises, bounds));
}

function initialState(premises: Premises): State {
  return {
    lease: null,
    uids: 0,
    log: [],
    requests: [],
    finishes: 0,
    ours: {
      step: premises.watchBeforeList ? 'watch' : 'list',
      signal: 1,
      seen: 0,
      strangers: false,
      index: [],
      delivered: 0,
      marked: false,
      took: false,
      fresh: false,
      uid: 0,
      vouched: [],
      losses: 0,
      renewals: 0,
      adrift: '',
      landed: -1,
    },
    other: { step: 'post', turn: 1, crashed: false },
  };
}

type Transition = AnyTransition<State>;

function transitions(state: State, premises: Premises, bounds: Bounds): Transition[] {
  return [
    ...environment(state, premises),
    ...ourSteps(state, premises, bounds),
    ...otherSteps(state, bounds),
  ];
}

const ourHolder = (state: State): string => `a/1/${state.ours.signal}`;
const otherHolder = (state: State): string => `b/1/${state.other.turn}`;

function step(name: string, apply: (state: State) => void, violates = false): Transition {
  return { name, apply, violates };
}

function hasActive(state: State): boolean {
  return state.requests.includes(true);
}

function environment(state: State, premises: Premises): Transition[] {
  const { lease, ours, log } = state;
  const possible: Transition[] = [];
  if (lease?.age === 'fresh') possible.push(step('time passes: the lease is no longer fresh', growStale));
  // The server gives a create ten seconds: one that is adrift lands or dies before its lease expires.
  if (lease?.age === 'stale' && ours.adrift !== lease.holder) {
    possible.push(step('the lease expires', (s) => void (s.lease!.age = 'expired')));
  }
  if (lease?.age === 'expired') {
    possible.push(
      step('somebody deletes the expired lease', (s) => {
        s.lease = null;
        s.log.push('-');
      }),
    );
  }
  if (ours.seen < log.length && watching(state)) {
    possible.push(
      step(`our watch shows ${log[ours.seen]!}`, (s) => {
        deliverLease(s, premises);
      }),
    );
  }
  if (ours.delivered < state.requests.length) {
    possible.push(step('our watch shows a request', deliverRequest));
  }
  if (ours.adrift !== '') {
    possible.push(step('the create that was adrift lands', landAdrift, hasActive(state)));
    possible.push(step('the create that was adrift dies', (s) => void (s.ours.adrift = '')));
  }
  if (hasActive(state) && state.finishes < 1) {
    possible.push(
      step('the active request ends', (s) => {
        s.requests[s.requests.indexOf(true)] = false;
        s.finishes += 1;
      }),
    );
  }
  return possible;
}

/** Before the watch is open there is nothing to deliver. */
function watching(state: State): boolean {
  return state.ours.step !== 'watch' && !(state.ours.step === 'list' && state.ours.signal === 0);
}

function growStale(state: State): void {
  state.lease!.age = 'stale';
  if (state.lease!.holder === ourHolder(state)) state.ours.fresh = false;
}

function deliverLease(state: State, premises: Premises): void {
  const holder = state.log[state.ours.seen]!;
  state.ours.seen += 1;
  if (holder !== '-' && isStranger(state, holder, premises)) state.ours.strangers = true;
}

function isStranger(state: State, holder: string, premises: Premises): boolean {
  if (holder === ourHolder(state) || state.ours.vouched.includes(holder)) return false;
  return premises.wholeHolderIds || holder.startsWith('a/');
}

function deliverRequest(state: State): void {
  const request = state.ours.delivered;
  state.ours.delivered += 1;
  if (state.requests[request] === true) know(state, request);
}

function know(state: State, request: number): void {
  if (!state.ours.index.includes(request)) state.ours.index = [...state.ours.index, request].sort();
}

function knowTruth(state: State): void {
  state.ours.index = state.requests.flatMap((active, request) => (active ? [request] : []));
}

function landAdrift(state: State): void {
  const stillWaited = state.ours.adrift === ourHolder(state);
  state.ours.adrift = '';
  state.requests.push(true);
  if (stillWaited) state.ours.landed = state.requests.length - 1;
}

function ourSteps(state: State, premises: Premises, bounds: Bounds): Transition[] {
  switch (state.ours.step) {
    case 'watch':
      return [
        step('we open the lease watch', (s) => {
          openWatch(s, premises);
        }),
      ];
    case 'list':
      return [
        step('we list the requests', (s) => {
          knowTruth(s);
          s.ours.step = premises.watchBeforeList ? 'decide' : 'watch';
        }),
      ];
    case 'decide':
      return [...lossSteps(state, premises), ...decideSteps(state, bounds)];
    case 'post':
      return acquireSteps(state, premises);
    case 'await':
      return awaitSteps(state, premises);
    case 'relist':
      return [
        step('we list this fingerprint', (s) => {
          knowTruth(s);
          afterLook(s);
        }),
      ];
    case 'hold':
      return holdSteps(state, premises, bounds);
    case 'settle':
      return [
        step('we look for the unanswered create', (s) => {
          settle(s, premises, bounds);
        }),
        step('looking for the unanswered create fails', (s) => {
          doubt(s, premises, bounds);
        }),
      ];
    case 'release':
      return [
        step('we release', (s) => {
          release(s, bounds);
        }),
      ];
    case 'done':
      return [];
  }
}

function openWatch(state: State, premises: Premises): void {
  state.ours.seen = state.log.length;
  // Without a resourceVersion a watch begins with what there is.
  state.ours.strangers = state.lease !== null && isStranger(state, state.lease.holder, premises);
  state.ours.step = premises.watchBeforeList ? 'list' : 'decide';
}

function lossSteps(state: State, premises: Premises): Transition[] {
  if (state.ours.losses > 0) return [];
  return [
    step('our lease watch is lost', (s) => {
      s.ours.losses += 1;
      s.ours.seen = s.log.length;
      if (premises.wholeRestart) s.ours.step = premises.watchBeforeList ? 'watch' : 'list';
    }),
  ];
}

function decideSteps(state: State, bounds: Bounds): Transition[] {
  const known = state.ours.index[0];
  if (known === undefined)
    return [step('nothing known: we go for the lock', (s) => void (s.ours.step = 'post'))];
  if (state.requests[known] === true)
    return [
      step('duplicate, counted', (s) => {
        nextSignal(s, bounds);
      }),
    ];
  return [step('the count conflicts: it has ended', (s) => void s.ours.index.shift())];
}

function acquireSteps(state: State, premises: Premises): Transition[] {
  const { lease } = state;
  if (lease === null) {
    return [
      step('we take the lease', (s) => {
        take(s, ourHolder(s));
        afterTaking(s, false, premises);
      }),
    ];
  }
  if (lease.age !== 'expired') return [];
  return [
    step('we take the expired lease over', (s) => {
      takeOver(s, ourHolder(s));
      afterTaking(s, true, premises);
    }),
  ];
}

function take(state: State, holder: string): void {
  state.uids += 1;
  state.lease = { holder, uid: state.uids, age: 'fresh' };
  state.log.push(holder);
}

function takeOver(state: State, holder: string): void {
  state.lease = { holder, uid: state.lease!.uid, age: 'fresh' };
  state.log.push(holder);
}

function afterTaking(state: State, took: boolean, premises: Premises): void {
  Object.assign(state.ours, { step: 'await', fresh: true, took, uid: state.lease!.uid });
  if (!premises.strangersAskForList) state.ours.took = false;
}

function awaitSteps(state: State, premises: Premises): Transition[] {
  const { ours, log } = state;
  if (!log.slice(0, ours.seen).includes(ourHolder(state))) return [];
  const asks = premises.strangersAskForList && (ours.strangers || ours.took);
  const mustList = asks || ours.marked;
  return [
    step('our own event is there', (s) => {
      if (mustList) s.ours.step = 'relist';
      else afterLook(s);
    }),
  ];
}

function afterLook(state: State): void {
  state.ours.step = state.ours.index.length > 0 ? 'release' : 'hold';
}

function holdSteps(state: State, premises: Premises, bounds: Bounds): Transition[] {
  const { ours } = state;
  const own = ourHolder(state);
  const shown = state.log.slice(0, ours.seen);
  const laterEvent = shown.lastIndexOf(own) < shown.length - 1;
  if (premises.holdChecked && laterEvent)
    return [
      step('a later event: lost', (s) => {
        nextSignal(s, bounds);
      }),
    ];
  // One renewal is enough to show what a renewal can do; without a bound there is no end to them.
  if (premises.holdChecked && !ours.fresh && ours.renewals > 0) {
    return [
      step('we give up', (s) => {
        release(s, bounds);
      }),
    ];
  }
  if (premises.holdChecked && !ours.fresh)
    return [
      step('we renew', (s) => {
        renew(s, premises, bounds);
      }),
    ];
  const violates = hasActive(state);
  return [
    step(
      'our create lands and is answered',
      (s) => {
        land(s, premises);
        s.ours.step = 'release';
        vouch(s);
      },
      violates,
    ),
    step(
      'our create lands, the answer is lost',
      (s) => {
        land(s, { ...premises, answersEnterIndex: false });
        s.ours.step = 'settle';
      },
      violates,
    ),
    step('our create is lost', (s) => {
      s.ours.landed = -1;
      s.ours.step = 'settle';
    }),
    step('our create is adrift', (s) => {
      s.ours.landed = -1;
      s.ours.adrift = ourHolder(s);
      s.ours.step = 'settle';
    }),
  ];
}

function renew(state: State, premises: Premises, bounds: Bounds): void {
  const { lease, ours } = state;
  ours.renewals += 1;
  const same = lease !== null && lease.holder === ourHolder(state) && lease.uid === ours.uid;
  if (same) {
    takeOver(state, ourHolder(state));
    ours.fresh = true;
  } else if (lease === null && !premises.putCarriesUid) {
    take(state, ourHolder(state));
    ours.fresh = true;
  } else {
    nextSignal(state, bounds);
  }
}

function land(state: State, premises: Premises): void {
  state.requests.push(true);
  state.ours.landed = state.requests.length - 1;
  if (premises.answersEnterIndex) know(state, state.ours.landed);
}

function vouch(state: State): void {
  state.ours.vouched.push(ourHolder(state));
}

function settle(state: State, premises: Premises, bounds: Bounds): void {
  const { ours } = state;
  if (ours.landed >= 0) {
    if (state.requests[ours.landed] === true && premises.answersEnterIndex) know(state, ours.landed);
    vouch(state);
    ours.step = 'release';
  } else {
    doubt(state, premises, bounds);
  }
}

function doubt(state: State, premises: Premises, bounds: Bounds): void {
  const { ours } = state;
  if (premises.doubtfulIsForeign) ours.marked = true;
  else vouch(state);
  if (premises.doubtfulKeepsLease) nextSignal(state, bounds);
  else release(state, bounds);
}

function release(state: State, bounds: Bounds): void {
  const { lease, ours } = state;
  if (lease !== null && lease.holder === ourHolder(state) && lease.uid === ours.uid) {
    state.lease = null;
    state.log.push('-');
  }
  nextSignal(state, bounds);
}

function nextSignal(state: State, bounds: Bounds): void {
  const { ours } = state;
  ours.step = ours.signal < bounds.signals ? 'decide' : 'done';
  ours.signal += 1;
  Object.assign(ours, { took: false, fresh: false, uid: 0, landed: -1 });
}

function otherSteps(state: State, bounds: Bounds): Transition[] {
  const { other, lease } = state;
  if (other.crashed || other.step === 'done') return [];
  const holds = lease?.holder === otherHolder(state) && lease.age !== 'expired';
  const crash = step('the other writer dies', (s) => void (s.other.crashed = true));
  if (other.step === 'post') {
    if (lease === null)
      return [
        step('the other takes the lease', (s) => {
          take(s, otherHolder(s));
          s.other.step = 'list';
        }),
      ];
    if (lease.age !== 'expired') return [];
    return [
      step('the other takes the lease over', (s) => {
        takeOver(s, otherHolder(s));
        s.other.step = 'list';
      }),
    ];
  }
  if (other.step === 'list') {
    return [crash, step('the other lists', (s) => void (s.other.step = hasActive(s) ? 'release' : 'create'))];
  }
  if (other.step === 'create') {
    const create = step(
      'the other creates',
      (s) => {
        s.requests.push(true);
        s.other.step = 'release';
      },
      hasActive(state),
    );
    return holds
      ? [crash, create]
      : [
          step('the other has lost the lease', (s) => {
            endTurn(s, bounds);
          }),
        ];
  }
  return [
    crash,
    step('the other releases', (s) => {
      if (s.lease?.holder === otherHolder(s)) {
        s.lease = null;
        s.log.push('-');
      }
      endTurn(s, bounds);
    }),
  ];
}

function endTurn(state: State, bounds: Bounds): void {
  state.other.step = state.other.turn < bounds.otherTurns ? 'post' : 'done';
  state.other.turn += 1;
}
