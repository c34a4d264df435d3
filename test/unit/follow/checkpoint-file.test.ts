import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CheckpointFile, type Checkpoint } from '../../../src/follow/checkpoint-file.ts';
import { CheckpointWriter } from '../../../src/follow/checkpoint-writer.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import { SystemRandom } from '../../../src/time/system-random.ts';

const random = new SystemRandom();
const identity = { clusterUid: 'uid-1', server: 'https://here:6443', stream: 'events' };
const checkpoint: Checkpoint = {
  identity,
  fromMs: Date.UTC(2026, 7, 22, 12),
  state: {
    place: '41',
    inFlight: [{ uid: 'a', resourceVersion: '42' }],
    ahead: [{ uid: 'b', resourceVersion: '43' }],
    seen: [
      { uid: 'b', resourceVersion: '43' },
      { uid: 'c', resourceVersion: '7' },
    ],
  },
};

let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'remedyctl-checkpoint-'));
  file = path.join(directory, 'events.json');
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe('the file of a checkpoint', () => {
  it('gives back what was written, for its owner alone, and leaves nothing beside it', async () => {
    await new CheckpointFile(file).write(checkpoint, random);
    expect(await new CheckpointFile(file).read(identity)).toEqual(checkpoint);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory)).toEqual(['events.json']);
  });

  it('is none yet where there is no file', async () => {
    expect(await new CheckpointFile(file).read(identity)).toBeUndefined();
  });

  it.each([
    ['another cluster', { ...identity, clusterUid: 'uid-2' }, /another cluster .*uid-1.*uid-2/],
    [
      'another stream',
      { ...identity, stream: 'events=shop' },
      /it is of events, and this follows events=shop/,
    ],
    [
      'another server, where no uid may be read',
      { server: 'https://there', stream: 'events' },
      /https:\/\/there/,
    ],
  ])('refuses that of %s', async (_, other, message) => {
    await new CheckpointFile(file).write(checkpoint, random);
    await expect(new CheckpointFile(file).read(other)).rejects.toMatchObject({
      code: 'CHECKPOINT_UNUSABLE',
      message: expect.stringMatching(message) as string,
      hint: expect.stringContaining('--since') as string,
    });
  });

  it('takes that of the same cluster under another address', async () => {
    await new CheckpointFile(file).write(checkpoint, random);
    const moved = { ...identity, server: 'https://moved:6443' };
    expect(await new CheckpointFile(file).read(moved)).toEqual(checkpoint);
  });

  it('refuses whatever was damaged: cut anywhere, or with a member of another form', async () => {
    await new CheckpointFile(file).write(checkpoint, random);
    const text = readFileSync(file, 'utf8');
    const whole = JSON.parse(text) as Record<string, unknown>;
    const damaged = [
      ...Array.from({ length: 20 }, (_, nth) => text.slice(0, Math.floor((nth * (text.length - 2)) / 20))),
      ...['apiVersion', 'kind', 'cluster', 'stream', 'from', 'inFlight', 'ahead', 'seen'].flatMap((key) => [
        JSON.stringify({ ...whole, [key]: undefined }),
        JSON.stringify({ ...whole, [key]: 5 }),
      ]),
      JSON.stringify({ ...whole, seen: [['a']] }),
      JSON.stringify({ ...whole, resourceVersion: 41 }),
    ];
    for (const content of damaged) {
      writeFileSync(file, content);
      await expect(new CheckpointFile(file).read(identity), content).rejects.toMatchObject({
        code: 'CHECKPOINT_UNUSABLE',
        message: expect.stringContaining('damaged') as string,
      });
    }
  });

  it('refuses what is no plain file', async () => {
    await expect(new CheckpointFile(directory).read(identity)).rejects.toMatchObject({
      code: 'INPUT_UNREADABLE',
    });
    await expect(new CheckpointFile('/dev/null').read(identity)).rejects.toMatchObject({
      code: 'INPUT_UNREADABLE',
    });
  });

  it('is not written over where another process has written it', async () => {
    const [one, other] = [new CheckpointFile(file), new CheckpointFile(file)];
    await one.write(checkpoint, random);
    await other.read(identity);
    await other.write(checkpoint, random);
    await expect(one.write(checkpoint, random)).rejects.toMatchObject({ code: 'CHECKPOINT_UNUSABLE' });
  });
});

describe('writing checkpoints', () => {
  let clock: MockClock;
  let warned: string[];
  let written: string[];
  let place: number;

  beforeEach(() => {
    clock = new MockClock();
    warned = [];
    written = [];
    place = 0;
  });

  function writerTo(write: (text: string) => Promise<void>): CheckpointWriter {
    const double = {
      write: ({ state }: Checkpoint) => write(state.place ?? ''),
    } as unknown as CheckpointFile;
    return new CheckpointWriter({
      file: double,
      checkpoint: () => ({ ...checkpoint, state: { ...checkpoint.state, place: String(place) } }),
      clock,
      random,
      notes: { warn: (text) => void warned.push(text) },
    });
  }

  it('holds what is known when it is written, and one write serves all who wait', async () => {
    let release: (() => void)[] = [];
    const writer = writerTo(async (text) => {
      await new Promise<void>((resolve) => release.push(resolve));
      written.push(text);
    });
    const first = writer.save();
    await clock.advance(0);
    place = 1;
    const later = [writer.save(), writer.save()];
    place = 2;
    release.shift()?.();
    await first;
    await clock.advance(1);
    release.shift()?.();
    await Promise.all(later);
    expect(written).toEqual(['0', '2']);
    release = [];
  });

  it('writes what has ended within a quarter of a second', async () => {
    const writer = writerTo((text) => Promise.resolve(void written.push(text)));
    writer.touch();
    place = 3;
    await clock.advance(249);
    expect(written).toEqual([]);
    await clock.advance(2);
    expect(written).toEqual(['3']);
  });

  it('goes on over a full disk, says so once and when it is over, and returns what the last write failed with', async () => {
    const full = new CheckpointFile(path.join(directory, 'missing', 'events.json'));
    let isFull = true;
    const writer = writerTo((text) =>
      isFull ? full.write(checkpoint, random) : Promise.resolve(void written.push(text)),
    );
    await writer.save();
    await writer.save();
    expect(warned).toEqual([expect.stringMatching(/^the checkpoint was not written .*going on/)]);
    isFull = false;
    await writer.save();
    expect(warned[1]).toBe('the checkpoint is written again');
    isFull = true;
    expect(await writer.close()).toMatchObject({ code: 'OUTPUT_FAILED' });
  });
});
