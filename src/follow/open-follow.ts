import path from 'node:path';
import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import type { TargetDescription } from '../kube/client.ts';
import type { Notes } from '../notes/notes.ts';
import { CheckpointFile } from './checkpoint-file.ts';
import { EventStream, resumedText } from './event-stream.ts';
import { streamIdentity } from './stream-identity.ts';
import type { WatchedEventsOptions } from './watched-events.ts';

/** What is followed. */
export interface FollowOptions {
  /** `events` of every namespace, or `events=NAMESPACE`. */
  stream: string;
  /** Also takes events that were seen within so many milliseconds before the first start. Default: none. */
  sinceMs?: number | undefined;
  /** The file that the stream goes on from, and is to be gone on from. */
  checkpoint?: string | undefined;
  /** Asks for Normal events too, which are skipped. Default: false. */
  withNormal?: boolean | undefined;
}

type FollowGround = Omit<WatchedEventsOptions, 'namespace' | 'withNormal' | 'notes'> & {
  target: TargetDescription;
  cwd: string;
  isDryRun: boolean;
  notes: Pick<Notes, 'say' | 'warn' | 'detail'>;
};

const form = /^events(?:=([a-z0-9](?:[-a-z0-9]*[a-z0-9])?))?$/;

/**
 * Opens a stream of events, and goes on from its checkpoint where there is one.
 * @throws INVALID_OPTION for what is no stream, CHECKPOINT_UNUSABLE, INPUT_UNREADABLE, OUTPUT_FAILED
 */
export async function openFollow(follow: FollowOptions, ground: FollowGround): Promise<EventStream> {
  const { stream, sinceMs, checkpoint: name, withNormal = false } = follow;
  const found = form.exec(stream);
  if (found === null) {
    throw new RemedyError('INVALID_OPTION', `${optionName('follow')} ${stream}: no stream`, {
      hint: 'Give events for those of every namespace, or events=NAMESPACE.',
    });
  }
  const { objects, target, signal, notes, cwd } = ground;
  const identity = await streamIdentity(objects, { target, stream, signal });
  const file = name === undefined ? undefined : new CheckpointFile(path.resolve(cwd, name));
  const checkpoint = await file?.read(identity);
  if (checkpoint !== undefined) {
    const { say, warn } = resumedText(checkpoint);
    notes.say(say);
    if (warn !== undefined) notes.warn(warn);
  }
  const events = new EventStream(
    { ...ground, namespace: found[1], withNormal, identity, sinceMs, file },
    checkpoint,
  );
  await events.begin();
  return events;
}
