/**
 * The file that a stream of events is gone on from.
 *
 * Guarantees: a reader sees the old content or the new, never a part, also after a crash of the machine; it is for its
 * owner alone; one that somebody else wrote meanwhile is not written over.
 */
import { open, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { optionName } from '../errors/option-name.ts';
import { messageOf, RemedyError } from '../errors/remedy-error.ts';
import { placeOf } from '../files/file-place.ts';
import { writeOutputFile } from '../files/output-file.ts';
import type { Random } from '../time/random.ts';
import type { EventVersion, LedgerState } from './event-ledger.ts';
import { differenceOf, type StreamIdentity } from './stream-identity.ts';

/** What the file says. */
export interface Checkpoint {
  identity: StreamIdentity;
  /** Events that were last seen before this were there before the stream began. Milliseconds since the epoch. */
  fromMs: number;
  state: LedgerState;
}

const apiVersion = 'remedyctl.dev/v1';
const kind = 'FollowCheckpoint';
/** Some 500,000 events. */
const mostBytes = 64 * 1024 * 1024;

export class CheckpointFile {
  readonly #path: string;
  /** As it was when this process had written or read it last. */
  #known: string | undefined;

  constructor(file: string) {
    this.#path = file;
  }

  /**
   * Undefined where there is none yet.
   * @throws CHECKPOINT_UNUSABLE for a damaged one and for that of another stream, INPUT_UNREADABLE, OUTPUT_FAILED for
   * what is no plain file
   */
  async read(identity: StreamIdentity): Promise<Checkpoint | undefined> {
    const text = await this.#text();
    if (text === undefined) return undefined;
    const checkpoint = checkpointIn(text);
    if (checkpoint === undefined) throw this.#unusable('it is damaged, or no checkpoint');
    const difference = differenceOf(checkpoint.identity, identity);
    if (difference !== undefined) throw this.#unusable(difference);
    return checkpoint;
  }

  /** @throws OUTPUT_FAILED, CHECKPOINT_UNUSABLE where another process has written it. */
  async write(checkpoint: Checkpoint, random: Random): Promise<void> {
    try {
      if ((await this.#fingerprint()) !== this.#known) {
        throw this.#unusable('another process writes it too', 'Give each run a checkpoint of its own.');
      }
      await writeOutputFile(this.#path, textOf(checkpoint), { random, mode: 0o600, exactMode: true });
      await syncFolder(path.dirname(this.#path));
      this.#known = await this.#fingerprint();
    } catch (thrown) {
      if (thrown instanceof RemedyError) throw thrown;
      throw new RemedyError(
        'OUTPUT_FAILED',
        `the checkpoint was not written to ${this.#path}: ${messageOf(thrown)}`,
        {
          hint: 'Check that the folder exists, that it is writable, and that the disk has room.',
          details: { file: this.#path },
          cause: thrown,
        },
      );
    }
  }

  async #text(): Promise<string | undefined> {
    try {
      const place = await placeOf(this.#path);
      if (place.kind !== 'file') throw new Error('it is no plain file');
      if (place.existing === undefined) return undefined;
      const facts = await stat(this.#path);
      if (facts.size > mostBytes) throw this.#unusable('it is too large to be a checkpoint');
      this.#known = await this.#fingerprint();
      return await readFile(this.#path, 'utf8');
    } catch (thrown) {
      if (thrown instanceof RemedyError) throw thrown;
      throw new RemedyError(
        'INPUT_UNREADABLE',
        `${optionName('checkpoint')}: could not read ${this.#path}: ${messageOf(thrown)}`,
        { cause: thrown },
      );
    }
  }

  /** Another one after every write: each is a file of its own under the same name. */
  async #fingerprint(): Promise<string | undefined> {
    const facts = await stat(this.#path, { bigint: true }).catch(() => undefined);
    return facts === undefined ? undefined : `${facts.dev}/${facts.ino}/${facts.mtimeNs}/${facts.size}`;
  }

  #unusable(why: string, hint?: string): RemedyError {
    return new RemedyError('CHECKPOINT_UNUSABLE', `the checkpoint ${this.#path} cannot be used: ${why}`, {
      hint:
        hint ??
        `Name another file, or remove this one to begin anew: with the events from then on, and with ${optionName('since')} with older ones.`,
      details: { file: this.#path },
    });
  }
}

/** A new name is on the disk when its folder is. Not every file system can do it, and none has to. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder);
    await handle.sync().finally(() => handle.close());
  } catch {
    // the name is there as soon as the system writes it
  }
}

function textOf({ identity, fromMs, state }: Checkpoint): string {
  const { clusterUid, server, stream } = identity;
  return `${JSON.stringify({
    apiVersion,
    kind,
    cluster: { uid: clusterUid, server },
    stream,
    from: new Date(fromMs).toISOString(),
    resourceVersion: state.place,
    inFlight: pairsOf(state.inFlight),
    ahead: pairsOf(state.ahead),
    seen: pairsOf(state.seen),
  })}\n`;
}

function pairsOf(events: readonly EventVersion[]): [string, string][] {
  return events.map(({ uid, resourceVersion }) => [uid, resourceVersion]);
}

type Fields = Readonly<Record<string, unknown>>;

function checkpointIn(text: string): Checkpoint | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isFields(value) || value['apiVersion'] !== apiVersion || value['kind'] !== kind) return undefined;
  const identity = identityIn(value);
  const state = stateIn(value);
  const fromMs = typeof value['from'] === 'string' ? Date.parse(value['from']) : Number.NaN;
  if (identity === undefined || state === undefined || Number.isNaN(fromMs)) return undefined;
  return { identity, fromMs, state };
}

function identityIn({ cluster, stream }: Fields): StreamIdentity | undefined {
  if (!isFields(cluster) || typeof stream !== 'string') return undefined;
  const { uid, server } = cluster;
  if (typeof server !== 'string' || !isOptionalText(uid)) return undefined;
  return { clusterUid: uid, server, stream };
}

function stateIn(fields: Fields): LedgerState | undefined {
  const place = fields['resourceVersion'];
  const inFlight = versionsIn(fields['inFlight']);
  const ahead = versionsIn(fields['ahead']);
  const seen = versionsIn(fields['seen']);
  if (!isOptionalText(place) || inFlight === undefined || ahead === undefined || seen === undefined) {
    return undefined;
  }
  return { place, inFlight, ahead, seen };
}

function versionsIn(value: unknown): EventVersion[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const versions: EventVersion[] = [];
  for (const pair of value as unknown[]) {
    const [uid, resourceVersion] = Array.isArray(pair) ? (pair as unknown[]) : [];
    if (typeof uid !== 'string' || typeof resourceVersion !== 'string') return undefined;
    versions.push({ uid, resourceVersion });
  }
  return versions;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isOptionalText(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}
