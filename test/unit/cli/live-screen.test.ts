import { describe, expect, it } from 'vitest';
import { LiveScreen } from '../../../src/cli/render/live-screen.ts';
import { Output } from '../../../src/cli/render/output.ts';
import { MemoryStream } from './memory-stream.ts';

class Terminal extends MemoryStream {
  override isTTY = true;
  override columns = 40;
  rows = 4;
}

describe('a live screen', () => {
  it('keeps within the rows, says what it leaves out, and is drawn anew when the size changes', async () => {
    const terminal = new Terminal();
    const lines = ['one', 'two', 'three', 'four', 'five'];
    const screen = new LiveScreen(new Output(terminal), ({ columns }) => ({
      title: `width ${columns}`,
      lines,
    }));
    await screen.enter();
    await screen.draw();
    expect(terminal.chunks.at(-1)).toContain('two');
    expect(terminal.chunks.at(-1)).toContain('… 3 more');
    expect(terminal.chunks.at(-1)).not.toContain('three');
    terminal.columns = 60;
    terminal.rows = 20;
    terminal.emit('resize');
    await screen.draw();
    expect(terminal.chunks.at(-1)).toContain('width 60');
    expect(terminal.chunks.at(-1)).toContain('five');
    await screen.leave();
    expect(terminal.chunks.at(-1)).toContain('\u001b[?1049l');
    const before = terminal.chunks.length;
    terminal.emit('resize');
    expect(terminal.chunks).toHaveLength(before);
  });

  it('goes on below with a name that is longer than the terminal', async () => {
    const terminal = new Terminal();
    const screen = new LiveScreen(new Output(terminal), () => ({
      title: 'one',
      lines: [`${'a'.repeat(40)}z`],
    }));
    await screen.draw();
    expect(terminal.chunks.at(-1)).toMatch(/a{40}\r\n\u001b\[2Kz\r/);
  });

  it('clears nothing after a line, whose last character a terminal would clear where it is full', async () => {
    const terminal = new Terminal();
    const full = 'x'.repeat(40);
    for (const lines of [[full], [full, full, full]]) {
      const screen = new LiveScreen(new Output(terminal), () => ({ title: full, lines }));
      await screen.draw();
      expect(terminal.chunks.at(-1)).toContain(full);
      expect(terminal.chunks.at(-1)).not.toMatch(/x\u001b/);
    }
  });
});
