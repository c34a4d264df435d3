import { Writable } from 'node:stream';
import { TerminalScreen } from '../../../support/terminal-screen.ts';

/** A stream that is a terminal. */
export class ScreenStream extends Writable {
  readonly isTTY = true;
  readonly screen: TerminalScreen;

  constructor(columns: number, rows: number) {
    super();
    this.screen = new TerminalScreen({ columns, rows });
  }

  get columns(): number {
    return this.screen.size.columns;
  }

  get rows(): number {
    return this.screen.size.rows;
  }

  resize(columns: number, rows: number): void {
    this.screen.resize({ columns, rows });
    this.emit('resize');
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.screen.write(chunk.toString('utf8'));
    done();
  }
}
