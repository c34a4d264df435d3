import { Writable } from 'node:stream';

/** A stream that keeps what is written to it. */
export class MemoryStream extends Writable {
  readonly chunks: string[] = [];
  isTTY = false;
  columns = 100;

  get text(): string {
    return this.chunks.join('');
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.chunks.push(chunk.toString('utf8'));
    done();
  }
}
