import { beforeEach, describe, expect, it } from 'vitest';
import {
  listAndWatch,
  sourceOf,
  type ListWatchEvent,
  type ListWatchOptions,
} from '../../../src/kube/list-and-watch.ts';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import { podResource } from '../../../src/kube/well-known-resources.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import {
  bookmarkAt,
  eventOf,
  expired,
  listOf,
  objectOf,
  openWatchOf,
  refusal,
  ScriptedApi,
  watchOf,
} from './scripted-api.ts';

const path = '/api/v1/namespaces/shop/pods';
const listing = `${path}?limit=500`;
const watchFrom = (version: number) =>
  `${path}?watch=true&resourceVersion=${version}&allowWatchBookmarks=true`;
/** In the middle: waits are as long as they are without jitter. */
const random = { next: () => 0.5, uuid: () => '' };

let clock: MockClock;
let stop: AbortController;
let said: string[];
let events: string[];

beforeEach(() => {
  clock = new MockClock();
  stop = new AbortController();
  said = [];
  events = [];
});

function open(
  api: ScriptedApi,
  more: Partial<ListWatchOptions> = {},
): AsyncGenerator<ListWatchEvent, void, void> {
  const source = sourceOf(new ObjectAccess(api.send), podResource, { namespace: 'shop' });
  return listAndWatch(source, {
    clock,
    random,
    signal: stop.signal,
    onLost: ({ message }, { failures, waitMs }) => {
      said.push(`${failures}: ${waitMs} ms, ${message.split(': ').at(-1) ?? ''}`);
    },
    onResumed: () => said.push('resumed'),
    ...more,
  });
}

/** Looks until the script is through. */
function look(...steps: ConstructorParameters<typeof ScriptedApi>[0]): Promise<ScriptedApi> {
  return lookWith({}, ...steps);
}

async function lookWith(
  more: Partial<ListWatchOptions>,
  ...steps: ConstructorParameters<typeof ScriptedApi>[0]
): Promise<ScriptedApi> {
  const api = new ScriptedApi(steps, () => {
    stop.abort();
  });
  const looking = (async () => {
    for await (const event of open(api, more)) events.push(told(event));
  })();
  await clock.runUntil(looking);
  return api;
}

function told(event: ListWatchEvent): string {
  if (event.type === 'BOOKMARK') return `BOOKMARK ${event.resourceVersion}`;
  if (event.type === 'PAGE') return `PAGE ${event.items.map(({ metadata }) => metadata.name).join(' ')}`;
  return 'object' in event ? `${event.type} ${event.object.metadata.name}` : event.type;
}

describe('looking at a resource', () => {
  it('begins with a listing and goes on from the version of its first page', async () => {
    const api = await look(
      listOf(7, [objectOf('a', 1)], 'more'),
      listOf(9, [objectOf('b', 8)]),
      watchOf(eventOf('ADDED', objectOf('b', 8)), eventOf('DELETED', objectOf('a', 10))),
    );
    expect(events).toEqual(['LISTING', 'PAGE a', 'PAGE b', 'LISTED', 'ADDED b', 'DELETED a']);
    expect(api.asked.slice(0, 3)).toEqual([listing, `${listing}&continue=more`, watchFrom(7)]);
  });

  it('resumes an ordinary end after the last event or bookmark, without telling bookmarks', async () => {
    const api = await look(
      listOf(7, []),
      watchOf(eventOf('ADDED', objectOf('a', 8)), bookmarkAt(12)),
      watchOf(eventOf('MODIFIED', objectOf('a', 13))),
    );
    expect(events).toEqual(['LISTING', 'LISTED', 'ADDED a', 'MODIFIED a'].toSpliced(1, 0, 'PAGE '));
    expect(api.asked.slice(1)).toEqual([watchFrom(7), watchFrom(12), watchFrom(13)]);
    expect(said).toEqual([]);
  });

  it('tells bookmarks in their turn where they are asked for', async () => {
    await lookWith(
      { bookmarks: true },
      listOf(7, []),
      watchOf(eventOf('ADDED', objectOf('a', 8)), bookmarkAt(12), eventOf('MODIFIED', objectOf('a', 13))),
    );
    expect(events.slice(3)).toEqual(['ADDED a', 'BOOKMARK 12', 'MODIFIED a']);
  });

  it('goes on from a version without a listing, and survives a first watch that fails', async () => {
    const api = await lookWith(
      { from: '40' },
      refusal(503, 'ServiceUnavailable'),
      watchOf(eventOf('ADDED', objectOf('a', 41))),
    );
    expect(api.asked.slice(0, 2)).toEqual([watchFrom(40), watchFrom(40)]);
    expect(events).toEqual(['ADDED a']);
    expect(said).toEqual(['1: 500 ms, ServiceUnavailable', 'resumed']);
  });

  it('lists where the version to go on from has expired', async () => {
    await lookWith({ from: '40' }, watchOf(expired), listOf(90, [objectOf('b', 80)]));
    expect(events).toEqual(['LISTING', 'PAGE b', 'LISTED']);
  });

  it.each([
    ['an event', [watchOf(expired)]],
    ['an answer', [refusal(410, 'Expired')]],
  ])('lists again when %s says that the version expired', async (_what, steps) => {
    const api = await look(listOf(7, []), ...steps, listOf(20, [objectOf('b', 19)]), watchOf());
    expect(events).toEqual(['LISTING', 'PAGE ', 'LISTED', 'LISTING', 'PAGE b', 'LISTED']);
    expect(api.asked.slice(0, 4)).toEqual([listing, watchFrom(7), listing, watchFrom(20)]);
    expect(said).toEqual([]);
  });

  it('begins a listing that breaks off anew, and completes it once', async () => {
    const broken = [listOf(20, [objectOf('a', 19)], 'more'), refusal(500, 'InternalError')];
    await look(listOf(7, []), watchOf(expired), ...broken, listOf(21, [objectOf('a', 19)]), watchOf());
    expect(events.slice(3)).toEqual(['LISTING', 'PAGE a', 'LISTING', 'PAGE a', 'LISTED']);
    expect(said).toEqual(['1: 500 ms, InternalError', 'resumed']);
  });

  it('waits longer after each failure up to 15 s, and says so until the server answers', async () => {
    const api = await look(
      listOf(7, []),
      ...Array.from({ length: 7 }, () => refusal(503, 'ServiceUnavailable')),
      watchOf(),
    );
    const waits = [500, 1000, 2000, 4000, 8000, 15_000, 15_000];
    expect(said).toEqual([
      ...waits.map((waitMs, index) => `${index + 1}: ${waitMs} ms, ServiceUnavailable`),
      'resumed',
    ]);
    // The watch that ended at once is followed by another only after a wait of its own.
    expect(clock.monotonicMs()).toBe(45_500 + 500);
    expect(new Set(api.asked.slice(1))).toEqual(new Set([watchFrom(7)]));
  });

  it('waits as long as Retry-After asks', async () => {
    await look(listOf(7, []), refusal(429, 'TooManyRequests', { 'retry-after': '3' }), watchOf());
    expect(said).toEqual(['1: 3000 ms, TooManyRequests', 'resumed']);
  });

  it('asks a server that lets every version expire at once no more often than one that fails', async () => {
    const rounds = 6;
    const round = () => [listOf(7, []), watchOf(expired)];
    await look(...Array.from({ length: rounds }, round).flat());
    expect(clock.monotonicMs()).toBe(rounds * 500);
  });

  it.each([
    ['the first listing fails', [refusal(503, 'ServiceUnavailable')], 503],
    ['the first listing expires half way', [listOf(7, [], 'more'), refusal(410, 'Expired')], 410],
    ['the watch is refused', [listOf(7, []), refusal(403, 'Forbidden')], 403],
    ['it is refused later', [listOf(7, []), watchOf(expired), refusal(403, 'Forbidden')], 403],
  ])('ends with the failure when %s', async (_what, steps, httpStatus) => {
    await expect(look(...steps)).rejects.toMatchObject({ httpStatus });
    expect(said).toEqual([]);
  });

  it('ends without a failure when it is stopped, and closes the connection', async () => {
    const api = new ScriptedApi(
      [listOf(7, []), openWatchOf(eventOf('ADDED', objectOf('a', 8)))],
      () => undefined,
    );
    for await (const event of open(api)) if (event.type === 'ADDED') stop.abort();
    expect(api.closed).toBe(2);
  });

  it('closes the connection of a reader that leaves', async () => {
    const api = new ScriptedApi(
      [listOf(7, []), openWatchOf(eventOf('ADDED', objectOf('a', 8)))],
      () => undefined,
    );
    for await (const event of open(api)) if (event.type === 'ADDED') break;
    expect(api.closed).toBe(2);
    expect(api.asked).toHaveLength(2);
  });
});
