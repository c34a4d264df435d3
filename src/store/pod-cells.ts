/** READY, STATUS and RESTARTS of a Pod: the API server reads them from every container's state (release 1.35). */
import type { Json } from './json.ts';
import { at, objectsAt, since, whole } from './table-cells.ts';

interface Tally {
  ready: number;
  restarts: number;
  lastRestart: string;
  reason: string;
}

type Cells = readonly [ready: string, status: string, restarts: string];

export function podStatusCells(pod: Json, nowMs: number): Cells {
  const phase = words(at(pod, 'status.phase'));
  const sidecars = new Set(
    objectsAt(pod, 'spec.initContainers')
      .filter((one) => one['restartPolicy'] === 'Always')
      .map((one) => one['name']),
  );
  const total = objectsAt(pod, 'spec.containers').length + sidecars.size;
  const tally = tallyOf(pod, sidecars, words(at(pod, 'status.reason')) || phase);
  const restarts =
    tally.restarts > 0 && tally.lastRestart !== ''
      ? `${tally.restarts} (${since(tally.lastRestart, nowMs)} ago)`
      : String(tally.restarts);
  return [`${tally.ready}/${total}`, ending(pod, phase, tally.reason), restarts];
}

const words = (value: unknown): string => (typeof value === 'string' ? value : '');

function isTrue(pod: Json, type: string): boolean {
  return objectsAt(pod, 'status.conditions').some((one) => one['type'] === type && one['status'] === 'True');
}

function tallyOf(pod: Json, sidecars: ReadonlySet<unknown>, reason: string): Tally {
  const gated = objectsAt(pod, 'status.conditions').some(
    (one) => one['type'] === 'PodScheduled' && one['reason'] === 'SchedulingGated',
  );
  const start = { ready: 0, restarts: 0, lastRestart: '', reason: gated ? 'SchedulingGated' : reason };
  const { all, ofSidecars, initializing } = initTally(pod, sidecars, start);
  if (initializing && !isTrue(pod, 'Initialized')) return all;
  return containerTally(pod, { ...ofSidecars, ready: all.ready, reason: all.reason });
}

function restarted(tally: Tally, container: Json): void {
  tally.restarts += whole(container, 'restartCount');
  const finished = words(at(container, 'lastState.terminated.finishedAt'));
  if (finished > tally.lastRestart) tally.lastRestart = finished;
}

function initTally(
  pod: Json,
  sidecars: ReadonlySet<unknown>,
  start: Tally,
): { all: Tally; ofSidecars: Tally; initializing: boolean } {
  const all = { ...start };
  const ofSidecars = { ...start };
  const wanted = objectsAt(pod, 'spec.initContainers').length;
  for (const [index, container] of objectsAt(pod, 'status.initContainerStatuses').entries()) {
    restarted(all, container);
    const isSidecar = sidecars.has(container['name']);
    if (isSidecar) restarted(ofSidecars, container);
    if (at(container, 'state.terminated.exitCode') === 0) continue;
    if (isSidecar && container['started'] === true) {
      if (container['ready'] === true) all.ready += 1;
      continue;
    }
    all.reason = `Init:${stateOf(container, 'PodInitializing') ?? `${index}/${wanted}`}`;
    return { all, ofSidecars, initializing: true };
  }
  return { all, ofSidecars, initializing: false };
}

/** Why it does not run; undefined where nothing says so. `unsaid`: a reason that says nothing. */
function stateOf(container: Json, unsaid = ''): string | undefined {
  const waiting = words(at(container, 'state.waiting.reason'));
  if (at(container, 'state.terminated') === undefined) {
    return waiting === '' || waiting === unsaid ? undefined : waiting;
  }
  const reason = words(at(container, 'state.terminated.reason'));
  if (reason !== '') return reason;
  const signal = whole(container, 'state.terminated.signal');
  if (signal !== 0) return `Signal:${signal}`;
  return `ExitCode:${whole(container, 'state.terminated.exitCode')}`;
}

function containerTally(pod: Json, tally: Tally): Tally {
  let running = false;
  let failed = '';
  for (const container of objectsAt(pod, 'status.containerStatuses').toReversed()) {
    restarted(tally, container);
    const state = stateOf(container);
    if (state !== undefined) tally.reason = state;
    else if (container['ready'] === true && at(container, 'state.running') !== undefined) {
      running = true;
      tally.ready += 1;
    }
    if (whole(container, 'state.terminated.exitCode') !== 0) failed = tally.reason;
  }
  if (tally.reason === 'Completed') tally.reason = afterCompletion(pod, running, failed);
  return tally;
}

function afterCompletion(pod: Json, running: boolean, failed: string): string {
  if (running && isTrue(pod, 'Ready')) return 'Running';
  if (failed !== '') return failed;
  return running ? 'NotReady' : 'Completed';
}

function ending(pod: Json, phase: string, reason: string): string {
  if (at(pod, 'metadata.deletionTimestamp') === undefined) return reason;
  if (at(pod, 'status.reason') === 'NodeLost') return 'Unknown';
  return phase === 'Succeeded' || phase === 'Failed' ? reason : 'Terminating';
}
