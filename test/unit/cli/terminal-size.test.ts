import { describe, expect, it, vi } from 'vitest';
import { Notices } from '../../../src/cli/notices.ts';
import { Progress } from '../../../src/cli/progress.ts';
import { LiveScreen } from '../../../src/cli/render/live-screen.ts';
import { Output } from '../../../src/cli/render/output.ts';
import { BlockTable } from '../../../src/cli/render/table.ts';
import { assumeSize, drawnSize, knownColumns } from '../../../src/cli/terminal-size.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import { MemoryStream } from './memory-stream.ts';

class Terminal extends MemoryStream {
  override isTTY = true;
  rows: number;
  cleared = 0;

  constructor(columns: number, rows = 24) {
    super();
    this.columns = columns;
    this.rows = rows;
  }

  clearLine(): boolean {
    this.cleared += 1;
    return true;
  }

  cursorTo(): boolean {
    return true;
  }

  moveCursor(): boolean {
    return true;
  }
}

const unknown = [0, -1, NaN, 1.5, Infinity, undefined as unknown as number];

describe.each(unknown)('a terminal of %s columns', (columns) => {
  it('has no known width, and a usual size for pictures', () => {
    const terminal = new Terminal(columns, columns);
    expect(knownColumns(terminal)).toBeUndefined();
    expect(new Output(terminal).columns).toBeUndefined();
    expect(drawnSize(terminal)).toEqual({ columns: 80, rows: 24 });
  });

  it('has none still when libraries are given one, until it says its own', () => {
    const terminal = new Terminal(columns);
    assumeSize(terminal);
    // whoever comes second does not take the first one's word for the terminal's
    assumeSize(terminal);
    expect([terminal.columns, terminal.rows, knownColumns(terminal)]).toEqual([80, 24, undefined]);
    terminal.columns = 60;
    terminal.emit('resize');
    expect([terminal.columns, knownColumns(terminal)]).toEqual([60, 60]);
    terminal.columns = columns;
    terminal.emit('resize');
    expect([terminal.columns, knownColumns(terminal)]).toEqual([80, undefined]);
  });

  it('shows tables whole, and text of one piece', () => {
    const terminal = new Terminal(columns);
    const name = 'gw-lock-'.padEnd(200, 'x');
    const table = new BlockTable<string>(
      [
        { header: 'NAME', cell: (text) => text },
        { header: 'WHY', cell: () => 'no reason' },
      ],
      {
        header: true,
        paintHeader: (text) => text,
        maxWidth: new Output(terminal).columns,
      },
    );
    expect(table.block([name])).toContain(`${name}   no reason`);
    const notices = new Notices(terminal, 'normal');
    const long = 'word '.repeat(60).trim();
    notices.sayWrapped(long);
    expect(terminal.text).toBe(`${long}\n`);
  });

  it('is drawn in the usual size', async () => {
    const terminal = new Terminal(columns, columns);
    const screen = new LiveScreen(new Output(terminal), (size) => ({
      title: `${size.columns} x ${size.rows}`,
      lines: ['a'.repeat(80)],
    }));
    await screen.draw();
    expect(terminal.text).toContain('80 x 24');
    expect(terminal.text).toContain('a'.repeat(80));
    expect(terminal.text).not.toContain('…');
  });

  it('has a spinner that comes to an end', async () => {
    const clock = new MockClock();
    const terminal = new Terminal(columns);
    const progress = new Progress(terminal, clock, { quiet: false });
    progress.start('looking');
    await clock.advance(1_000);
    await vi.waitFor(
      () => {
        expect(terminal.text).toContain('looking');
      },
      { timeout: 30_000 },
    );
    // clears as many lines as it takes the text for, which in no columns are endlessly many
    progress.stop();
    expect(terminal.cleared).toBeLessThanOrEqual(2);
  });
});

describe('a terminal that says its size', () => {
  it('is taken by its word', () => {
    const terminal = new Terminal(1, 1);
    assumeSize(terminal);
    expect(knownColumns(terminal)).toBe(1);
    expect(drawnSize(terminal)).toEqual({ columns: 1, rows: 1 });
  });

  it('is none where nothing is a terminal', () => {
    const stream = new MemoryStream();
    stream.columns = 0;
    assumeSize(stream);
    expect([stream.columns, new Output(stream).columns]).toEqual([0, undefined]);
  });
});
