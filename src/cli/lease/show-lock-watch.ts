import { lockStates, type LockRecord, type LockStanding } from '../../lease/lock-record.ts';
import { changeWriter } from '../render/change-lines.ts';
import { shownColumns } from '../render/document.ts';
import { LiveScreen } from '../render/live-screen.ts';
import { lockColumns, lockName } from '../render/lock-columns.ts';
import { BlockTable } from '../render/table.ts';
import { toTerminalText } from '../terminal-text.ts';
import { LockBoard, type LockLine } from '../../locks/lock-board.ts';
import type { SurveyScope } from '../../locks/lock-survey.ts';
import type { ConnectedLocks } from './lock-ground.ts';
import { watchLocks } from '../../locks/lock-watch.ts';

/** How often time is looked at: ages go on, and locks expire. */
const tickMs = 1000;

/** What comes within this belongs together. */
const burstMs = 100;

/** Below so many columns a table that is redrawn leaves out what matters least. */
const narrowWidth = 100;

/** Which locks are shown; absent: those of every state. */
type ShownStates = readonly LockStanding[] | undefined;

/** Locks as they change, until the run is stopped: a table that is redrawn on a terminal, lines elsewhere. */
export async function showLockWatch(
  ground: ConnectedLocks,
  scope: SurveyScope,
  states: ShownStates,
): Promise<void> {
  const { output, render } = ground.session;
  const { kind } = render.format;
  const isTable = kind === 'table' || kind === 'wide';
  await (output.isTerminal && isTable ? showLockTable : showLockLines)(ground, scope, states);
}

/** One line a change, until the run is stopped or nobody reads. */
async function showLockLines(ground: ConnectedLocks, scope: SurveyScope, states: ShownStates): Promise<void> {
  const { session } = ground;
  const { output, notices } = session;
  const write = await changeWriter<LockRecord>(session, {
    columns: columnsOf(ground, scope),
    name: lockName,
  });
  const ended = new AbortController();
  let written = Promise.resolve();
  let failure: Error | undefined;
  const shown = new Set<string>();
  const waiting: LockLine[] = [];
  const print = async (): Promise<void> => {
    const wanted = waiting.splice(0).map((line) => selected(line, { states, shown }));
    await output.write(await write(wanted.filter((line) => line !== undefined)));
    if (output.closed) ended.abort();
  };
  const board = boardOf(ground, (line) => {
    waiting.push(line);
    if (waiting.length > 1) return;
    written = written
      .then(() => ground.clock.sleep(burstMs, ended.signal).catch(() => undefined))
      .then(print)
      .catch((thrown: unknown) => {
        failure ??= thrown instanceof Error ? thrown : new Error(String(thrown));
        ended.abort();
      });
  });
  await follow(ground, scope, {
    board,
    ended,
    tick: () => undefined,
    listed: () => undefined,
    resumed: () => {
      notices.say('watching again');
    },
    say: (text) => {
      notices.say(text);
    },
  });
  await written;
  if (failure !== undefined) throw failure;
}

/** A lock that comes to a state that is shown is ADDED, one that leaves it DELETED. */
function selected(
  line: LockLine,
  { states, shown }: { states: ShownStates; shown: Set<string> },
): LockLine | undefined {
  const { type, object } = line;
  if (states === undefined) return line;
  const key = `${object.namespace ?? ''}/${object.name}`;
  const wasShown = shown.has(key);
  if (type === 'DELETED' || !states.includes(object.state)) {
    shown.delete(key);
    return wasShown ? { type: 'DELETED', object } : undefined;
  }
  shown.add(key);
  return { type: wasShown ? 'MODIFIED' : 'ADDED', object };
}

/** A table on the terminal that is redrawn in place; what stood last remains when it ends. */
async function showLockTable(ground: ConnectedLocks, scope: SurveyScope, states: ShownStates): Promise<void> {
  const { session } = ground;
  const { output, runtime } = session;
  const ended = new AbortController();
  let status = 'connecting';
  const board = boardOf(ground, () => {
    void screen.draw();
  });
  const records = (): LockRecord[] =>
    board.records().filter(({ state }) => states === undefined || states.includes(state));
  const screen = new LiveScreen(output, ({ columns }) => ({
    title: titleOf(ground, scope, { records: records(), status }),
    lines: tableLines(ground, scope, { records: records(), maxWidth: columns }),
  }));
  const answered = (): void => {
    status = '';
    void screen.draw();
  };
  await screen.enter();
  try {
    await follow(ground, scope, {
      board,
      ended,
      tick: () => {
        if (output.closed) ended.abort();
        void screen.draw();
      },
      say: (text) => {
        status = text;
        void screen.draw();
      },
      listed: answered,
      resumed: answered,
    });
  } finally {
    await screen.leave();
  }
  if (runtime.interruption() === 'output closed') return;
  const lines = tableLines(ground, scope, { records: records(), maxWidth: output.columns });
  await output.write(lines.map((line) => `${line}\n`).join(''));
}

function columnsOf({ session }: ConnectedLocks, { leaseNamespace }: SurveyScope) {
  const { runtime, paint } = session;
  return lockColumns({
    now: () => runtime.clock.now(),
    paint,
    withNamespace: leaseNamespace === undefined,
  });
}

function boardOf({ clock, skew }: ConnectedLocks, onChange: (line: LockLine) => void): LockBoard {
  return new LockBoard({ now: () => clock.now(), skew, onChange });
}

interface Following {
  board: LockBoard;
  ended: AbortController;
  tick: () => void;
  say: (text: string) => void;
  listed: () => void;
  resumed: () => void;
}

/** Watches, and lets time pass, until the run is stopped. */
async function follow(
  ground: ConnectedLocks,
  scope: SurveyScope,
  { board, ended, tick, say, listed, resumed }: Following,
): Promise<void> {
  const { clock, signal: stopped } = ground;
  const signal = AbortSignal.any([stopped, ended.signal]);
  const events = {
    onLost: (message: string) => {
      say(`${message}; trying again`);
    },
    onResumed: () => {
      resumed();
    },
    onListed: () => {
      listed();
      board.tick();
      tick();
    },
  };
  const ticking = (async () => {
    while (!signal.aborted) {
      await clock.sleep(tickMs, signal).catch(() => undefined);
      board.tick();
      tick();
    }
  })();
  try {
    await watchLocks(ground, scope, { board, events, signal });
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  } finally {
    ended.abort();
    await ticking;
  }
}

function titleOf(
  { session }: ConnectedLocks,
  { leaseNamespace }: SurveyScope,
  { records, status }: { records: readonly LockRecord[]; status: string },
): string {
  const where = leaseNamespace === undefined ? 'all namespaces' : leaseNamespace;
  const counts = lockStates
    .map((state) => ({ state, count: records.filter((record) => record.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${count} ${state}`);
  const time = new Date(session.runtime.clock.now()).toISOString().slice(11, 19);
  const parts = [`locks in ${where}`, counts.join(', ') || 'none', `${time} UTC`, status];
  return toTerminalText(parts.filter((part) => part !== '').join(' · '));
}

function tableLines(
  ground: ConnectedLocks,
  scope: SurveyScope,
  { records, maxWidth }: { records: readonly LockRecord[]; maxWidth: number | undefined },
): string[] {
  const { format, table } = ground.session.render;
  const isNarrow = maxWidth !== undefined && maxWidth < narrowWidth && format.kind === 'table';
  const columns = shownColumns(columnsOf(ground, scope), format).filter(
    ({ spare }) => !isNarrow || spare === undefined || spare === 1,
  );
  const text = new BlockTable(columns, { ...table, maxWidth }).block(records);
  return text.replace(/\n$/, '').split('\n');
}
