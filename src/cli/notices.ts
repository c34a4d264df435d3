import type { OutputStream } from './runtime.ts';
import { toTerminalText } from './terminal-text.ts';

/** What a command says beside its result: lines on stderr, none of them part of any contract. */
export class Notices {
  private readonly stream: OutputStream;
  readonly level: 'quiet' | 'normal' | 'verbose';
  private readonly said = new Set<string>();

  constructor(stream: OutputStream, level: 'quiet' | 'normal' | 'verbose') {
    this.stream = stream;
    this.level = level;
  }

  say(text: string): void {
    if (this.level !== 'quiet') this.write(text);
  }

  /** Said once in a run, however often it happens. */
  sayOnce(text: string): void {
    if (this.said.has(text)) return;
    this.said.add(text);
    this.say(text);
  }

  warn(text: string): void {
    this.say(`warning: ${text}`);
  }

  /** Under -v only. */
  detail(text: string): void {
    if (this.level === 'verbose') this.write(text);
  }

  private write(text: string): void {
    this.stream.write(`${toTerminalText(text)}\n`);
  }
}
