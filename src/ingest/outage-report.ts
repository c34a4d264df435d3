import { formatDuration } from '../time/duration.ts';
import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import type { Outage } from '../kube/outage-guard.ts';
import type { LeftLease } from '../lease/held-locks.ts';
import { formatUtcSeconds } from '../time/rfc3339.ts';
import type { Clock } from '../time/clock.ts';
import type { IngestOptions } from './ingest-options.ts';

/** What is said while a run waits for its API server. */
export class OutageReport {
  readonly #ground: Pick<IngestOptions, 'clock' | 'notes' | 'progress'>;
  readonly #server: string;

  constructor(ground: Pick<IngestOptions, 'clock' | 'notes' | 'progress'>, server: string) {
    this.#ground = ground;
    this.#server = server;
  }

  readonly began = ({ sinceMs, givesUpAtMs, lastFailure }: Outage): void => {
    const { notes, progress, clock } = this.#ground;
    if (givesUpAtMs <= clock.now()) return;
    const since = formatUtcSeconds(sinceMs);
    const silent = `does not answer since ${since}`;
    const why = lastFailure === undefined ? '' : ` (${lastFailure})`;
    notes.warn(
      `the API server ${this.#server} ${silent}${why}; nothing more is begun, waiting for it${patience(givesUpAtMs, clock)}`,
    );
    progress.hold(() => `API server ${silent}, waiting${patience(givesUpAtMs, clock)}`);
  };

  readonly ended = ({ sinceMs }: Outage): void => {
    const { notes, progress, clock } = this.#ground;
    const seconds = Math.round((clock.now() - sinceMs) / 1000);
    progress.hold(undefined);
    notes.warn(`the API server answers again after ${formatDuration(seconds * 1000)}; going on`);
  };
}

/** What a run ends with whose server was given up. `reason`: the guard's own error. */
export function serverLost(
  reason: unknown,
  facts: { server: string; outage: Outage | undefined; giveUpAfterMs: number; left: readonly LeftLease[] },
): RemedyError {
  const { server, outage, giveUpAfterMs, left } = facts;
  const since = outage === undefined ? '' : ` since ${formatUtcSeconds(outage.sinceMs)}`;
  const why = outage?.lastFailure === undefined ? '' : ` (${outage.lastFailure})`;
  const locks =
    left.length === 0 ? 'no lock of this run is left' : `locks that may still be held: ${lockTexts(left)}`;
  return new RemedyError(
    'SERVER_LOST',
    `the API server ${server} has not answered${since}${why}; given up after ${formatDuration(giveUpAfterMs)}: what was not begun is notRun; ${locks}`,
    {
      hint: `Run the same command again when the server answers; ${optionName('giveUpAfter')} says how long it is waited for.`,
      cause: reason,
      details: {
        server,
        ...(outage === undefined ? {} : { since: formatUtcSeconds(outage.sinceMs) }),
        gaveUpAfterSeconds: giveUpAfterMs / 1000,
        locks: left.map(({ leaseName, untilMs }) => ({
          name: leaseName,
          expiresAt: formatUtcSeconds(untilMs),
        })),
      },
    },
  );
}

/** `gw-lock-1a2b until 2026-03-01T12:00:30Z, …`. */
export function lockTexts(left: readonly LeftLease[]): string {
  return left.map(({ leaseName, untilMs }) => `${leaseName} until ${formatUtcSeconds(untilMs)}`).join(', ');
}

function patience(givesUpAtMs: number, clock: Clock): string {
  if (givesUpAtMs === Number.POSITIVE_INFINITY) return '';
  return `, gives up in ${secondsUntil(givesUpAtMs, clock)}`;
}

function secondsUntil(atMs: number, clock: Clock): string {
  return formatDuration(Math.max(0, Math.ceil((atMs - clock.now()) / 1000)) * 1000);
}
