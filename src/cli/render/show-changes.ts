import type { Session } from '../session.ts';
import { toTerminalText } from '../terminal-text.ts';
import { counted } from '../../text/count.ts';
import { changeWriter, columnsOver, timeOfDay, type Change } from './change-lines.ts';
import { shownColumns } from './document.ts';
import { gathered } from './gathered.ts';
import { LiveScreen } from './live-screen.ts';
import { BlockTable, type TableColumn } from './table.ts';

/** A watch as people see it. */
export interface ChangesView<T> {
  /** What is watched and where: `requests in kubernaut-system`. */
  title: string;
  columns: readonly TableColumn<T>[];
  /** For `-o name`. */
  name: (object: T) => string | undefined;
  /** Tells two objects apart. */
  key: (object: T) => string;
  /** What a table that is redrawn keeps of an object; default: all of it. */
  keep?: ((object: T) => T) | undefined;
  /** Begins to watch; ends when the signal aborts. `say`: something to be said about the connection. */
  open: (signal: AbortSignal, say: (text: string) => void) => AsyncIterable<Change<T>>;
}

/** Ages go on while nothing changes. */
const tickMs = 1_000;

/** Every change until the run is stopped or nobody reads: a table that is redrawn on a terminal, lines elsewhere. */
export async function showChanges<T>(session: Session, view: ChangesView<T>): Promise<void> {
  await (session.output.isTerminal && isTable(session) ? redraw(session, view) : printLines(session, view));
}

function isTable({ render }: Session): boolean {
  return render.format.kind === 'table' || render.format.kind === 'wide';
}

/** What programs read comes at once; only the columns of a table need to see what comes together. */
async function* singly<T>(changes: AsyncIterable<T>): AsyncGenerator<T[], void, void> {
  for await (const change of changes) yield [change];
}

async function printLines<T>(session: Session, view: ChangesView<T>): Promise<void> {
  const { output, notices, runtime } = session;
  const ended = new AbortController();
  const changes = view.open(AbortSignal.any([runtime.signal, ended.signal]), (text) => {
    notices.warn(text);
  });
  const write = await changeWriter<T>(session, view);
  try {
    for await (const block of isTable(session) ? gathered(changes, runtime.clock) : singly(changes)) {
      await output.write(await write(block));
      if (output.closed) break;
    }
  } finally {
    ended.abort();
  }
}

/** An object as it stands, and when it changed last. */
export interface BoardRow<T> {
  object: T;
  /** Wall clock, milliseconds. */
  changedMs: number;
}

/** The rows that are there, those that changed last first. */
class ChangeBoard<T> {
  readonly #view: ChangesView<T>;
  readonly #rows = new Map<string, BoardRow<T>>();

  constructor(view: ChangesView<T>) {
    this.#view = view;
  }

  take({ type, object }: Change<T>, nowMs: number): void {
    const { key, keep = (whole: T) => whole } = this.#view;
    this.#rows.delete(key(object));
    if (type !== 'DELETED') this.#rows.set(key(object), { object: keep(object), changedMs: nowMs });
  }

  rows(): BoardRow<T>[] {
    return [...this.#rows.values()].reverse();
  }
}

/** What stood last remains when it ends. */
async function redraw<T>(session: Session, view: ChangesView<T>): Promise<void> {
  const { output, runtime } = session;
  const { clock } = runtime;
  const board = new ChangeBoard(view);
  const ended = new AbortController();
  const signal = AbortSignal.any([runtime.signal, ended.signal]);
  let status = 'connecting';
  const screen = new LiveScreen(output, ({ columns }) => ({
    title: titleOf(view.title, board.rows().length, { nowMs: clock.now(), status }),
    lines: tableLines(session, view, { rows: board.rows(), maxWidth: columns }),
  }));
  const changes = view.open(signal, (text) => {
    status = text;
    void screen.draw();
  });
  const ticking = (async () => {
    while (!signal.aborted) {
      await screen.draw();
      if (output.closed) ended.abort();
      await clock.sleep(tickMs, signal).catch(() => undefined);
    }
  })();
  await screen.enter();
  try {
    for await (const block of gathered(changes, clock)) {
      status = '';
      for (const change of block) board.take(change, clock.now());
      await screen.draw();
    }
  } finally {
    ended.abort();
    await ticking;
    await screen.leave();
  }
  if (runtime.interruption() === 'output closed') return;
  const lines = tableLines(session, view, { rows: board.rows(), maxWidth: output.columns });
  await output.write(lines.map((line) => `${line}\n`).join(''));
}

function titleOf(title: string, count: number, { nowMs, status }: { nowMs: number; status: string }): string {
  const parts = [title, counted(count, 'row'), `${timeOfDay(nowMs)} UTC`, status];
  return toTerminalText(parts.filter((part) => part !== '').join(' · '));
}

function tableLines<T>(
  { render }: Session,
  { columns }: ChangesView<T>,
  { rows, maxWidth }: { rows: readonly BoardRow<T>[]; maxWidth: number | undefined },
): string[] {
  const { format, table } = render;
  const style = { ...table, maxWidth, onHidden: undefined };
  const text = new BlockTable<BoardRow<T>>(boardColumns(shownColumns(columns, format)), style).block(rows);
  return text.replace(/\n$/, '').split('\n');
}

/** The columns of an object, after when it changed last. */
export function boardColumns<T>(columns: readonly TableColumn<T>[]): TableColumn<BoardRow<T>>[] {
  return [
    { header: 'CHANGED', cell: ({ changedMs }) => timeOfDay(changedMs), spare: 1 },
    ...columnsOver(columns, ({ object }: BoardRow<T>) => object),
  ];
}
