import type { KubeClient } from '../../kube/client.ts';
import { askForRequests } from '../../kube/located-requests.ts';
import { leaseResource, namespaceResource } from '../../kube/well-known-resources.ts';
import type { Lease } from '../../lease/lease-object.ts';
import { describeLock, isLock } from '../../lease/lock-record.ts';
import { hasJournal } from '../../plan-run/journal.ts';
import { listRuns } from '../../plan-run/run-status.ts';
import { waitsForReview } from '../../dedup/review-acknowledgement.ts';
import { longestSummaryText, summarizeRequest } from '../../request/request-fields.ts';
import type { RequestSummary } from '../../request/request-summary.ts';
import { embeddedStoreExists } from '../../store/embedded-store.ts';
import { connectTo } from '../composition.ts';
import { Notices } from '../notices.ts';
import type { LivingName, NameGround, ServedSource } from './names.ts';

/** What reading from a server or a store goes by. */
export interface ServedGround extends NameGround {
  /** The one client of this line. */
  client: () => Promise<KubeClient>;
}

/** The client of the configured target. Throws what `connectTo` throws, and where the target is a store that is not there. */
export async function connectForNames({
  runtime,
  config,
}: Pick<NameGround, 'runtime' | 'config'>): Promise<KubeClient> {
  const { target, store } = config.values;
  const isThere = await embeddedStoreExists(store);
  if (target === 'embedded' && !isThere) throw new Error('there is no store');
  const values = { ...config.values, target: isThere ? target : ('cluster' as const) };
  const notices = new Notices(runtime.stderr, 'quiet');
  return connectTo({ runtime, config: { ...config, values }, notices }, { withoutPlugins: true });
}

/** Hands over the names of a source, page by page. Throws what asking for them throws. */
export async function servedNames(source: ServedSource, ground: ServedGround): Promise<void> {
  if (source === 'run') {
    ground.take(await runNames(ground));
    return;
  }
  const client = await ground.client();
  switch (source) {
    case 'namespace':
      return takeNamespaces(client, ground);
    case 'request':
      return takeRequests(client, ground);
    case 'lock':
      return takeLocks(client, ground);
  }
}

async function takeNamespaces({ objects }: KubeClient, { take, runtime }: NameGround): Promise<void> {
  const { signal } = runtime;
  for await (const { items } of objects.listPages(namespaceResource, {}, { signal }))
    take(items.map(({ metadata }) => ({ value: metadata.name })));
}

async function takeRequests(client: KubeClient, { take, runtime, config }: NameGround): Promise<void> {
  const { namespace } = config.values;
  const options = { signal: runtime.signal, longestText: longestSummaryText };
  await askForRequests(client.discovery, async (resource) => {
    for await (const { items } of client.objects.listPages(resource, { namespace }, options))
      take(items.map((item) => requestName(summarizeRequest(item))));
  });
}

function requestName(request: RequestSummary): LivingName {
  const { name: value, fingerprint, phase, target } = request;
  const resource = target === undefined ? undefined : `${target.kind}/${target.name}`;
  const place = target?.namespace === undefined ? '' : ` in ${target.namespace}`;
  return {
    value,
    about: [phase, resource === undefined ? '' : `${resource}${place}`]
      .filter((text) => text !== '')
      .join(', '),
    fingerprint: fingerprint === '' ? undefined : fingerprint,
    resource,
    isInReview: waitsForReview(request),
  };
}

async function takeLocks({ objects }: KubeClient, { take, runtime, config }: NameGround): Promise<void> {
  const { signal, clock } = runtime;
  const namespace = config.values.leaseNamespace;
  for await (const { items } of objects.listPages<Lease>(leaseResource, { namespace }, { signal })) {
    const locks = items
      .filter(isLock)
      .map((lease) => describeLock(lease, { nowMs: clock.now(), skew: undefined }));
    take(locks.map(({ name: value, state, holder }) => ({ value, about: lockText(state, holder), holder })));
  }
}

function lockText(state: string, holder: string | undefined): string {
  return holder === undefined ? state : `${state}, by ${holder}`;
}

/** Nothing where there is no journal yet. */
async function runNames({ runtime, config }: NameGround): Promise<LivingName[]> {
  const directory = config.values.store;
  if (!hasJournal(directory)) return [];
  const runs = await listRuns({ directory, clock: runtime.clock, random: runtime.random });
  return runs.map(({ run, plan, state, startedAt }) => ({
    value: run,
    about: `${plan.name}, ${state}, begun ${startedAt}`,
    isOpen: state === 'interrupted',
  }));
}
