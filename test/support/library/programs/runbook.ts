/** A runbook as somebody writes it who has installed the package; every line that it prints is a thing that works. */
import {
  configuredSettings,
  creationRetry,
  decideDeduplication,
  givenText,
  LeaseLock,
  MockClock,
  normalizeSignals,
  RemedyError,
  retry,
  SeededRandom,
  startIngest,
  summarizeRequest,
  thisMachine,
  type HeldLock,
  type RequestSummary,
} from 'remedyctl';
import { connect, ObjectAccess } from 'remedyctl/kube';
import {
  buildPlan,
  escalate,
  planHash,
  previewPlan,
  remoteSystems,
  requestSettings,
  runPlans,
  ServiceLogBuilder,
} from 'remedyctl/plan';
import { openEmbeddedStore } from 'remedyctl/store';

const machine = thisMachine();
const namespace = 'kubernaut-system';
const fingerprint = '91fce8d5c4949766458bd4bd58859a4fb2e8470ef64ef438c22903744799a9b1';

async function retryOnMockClock(): Promise<string> {
  const clock = new MockClock();
  const waits: number[] = [];
  const done = retry(
    (attempt) =>
      attempt < 3
        ? Promise.reject(Object.assign(new Error('reset'), { code: 'ECONNRESET' }))
        : Promise.resolve('third'),
    {
      policy: { ...creationRetry, jitter: 0 },
      clock,
      random: new SeededRandom(1),
      observer: ({ waitMs }) => waits.push(waitMs),
    },
  );
  const which = await clock.runUntil(done);
  return `waits ${waits.join(', ')}; done at the ${which} attempt`;
}

async function lockOnTheStore(): Promise<void> {
  const store = await openEmbeddedStore({ directory: 'locks', namespaces: [namespace], ...machine });
  const objects = new ObjectAccess(store.send);
  const locks = new LeaseLock({ objects, namespace, ...machine });
  const held = await locks.acquire(fingerprint);
  if (held.kind !== 'held') throw new Error('nobody else is there');
  const mine = held.holder.startsWith(`${machine.identity.host}/${machine.identity.pid}/`);
  console.log(`locked: ${held.leaseName} by a holder of ${mine ? 'this process' : 'somebody'}`);
  console.log(`renewed: ${await renewed(held)}`);
  const other = new LeaseLock({ objects, namespace, ...machine });
  const { kind } = await other.tryAcquire(fingerprint);
  console.log(`contended: somebody else ${kind === 'contention' ? 'does not get' : 'gets'} it`);
  const { kind: how } = await held.release();
  const next = await other.tryAcquire(fingerprint);
  console.log(`released: ${how}; the next one ${next.kind === 'held' ? 'gets' : 'does not get'} it`);
  if (next.kind === 'held') await next.release();
  await store.close();
}

async function renewed(held: HeldLock): Promise<string> {
  const { token } = held;
  await held.renew();
  return `${held.token === token ? 'the same' : 'another'} token, ${held.stillSafe() ? 'still safe' : 'not safe'}`;
}

function decide(): string {
  const request = (status: Record<string, unknown>): RequestSummary =>
    summarizeRequest({
      metadata: { name: 'rr-1', namespace },
      spec: { signalFingerprint: fingerprint },
      status,
    });
  const candidates = [
    [request({ overallPhase: 'Completed' })],
    [request({ overallPhase: 'Executing' })],
    [request({ overallPhase: 'Failed', completionStatus: { outcome: 'ManualReviewRequired' } })],
  ];
  return candidates
    .map((requests) => decideDeduplication(requests, machine.clock.now()))
    .map(({ kind, reason }) => `${kind} ${reason}`)
    .join(', ');
}

async function ingest(): Promise<void> {
  const labels = { alertname: 'KubePodCrashLooping', namespace: 'prod', deployment: 'payment-api' };
  const alert = { status: 'firing', labels, startsAt: '2026-08-22T12:00:00Z' };
  const webhook = JSON.stringify({ version: '4', status: 'firing', alerts: [alert] });
  const client = await connect({
    target: 'embedded',
    store: { directory: 'requests' },
    namespace,
    ...machine,
  });
  for await (const item of normalizeSignals({ ...givenText(webhook), client, ...machine })) {
    if (item.outcome !== 'normalized') throw new Error(item.reason.message);
    const { fingerprint: whole, resource } = item.signal;
    const { kind, name, namespace: where } = resource;
    console.log(`normalized: ${whole.slice(0, 12)} ${kind}/${name} in ${where ?? 'no namespace'}`);
  }
  const outcomes: string[] = [];
  for (let times = 0; times < 2; times += 1) {
    const run = await startIngest({ ...givenText(webhook), client, ...machine });
    for await (const { outcome, deduplication } of run.items())
      outcomes.push(`${outcome} ${deduplication?.occurrenceCount ?? 0}`);
    await run.close();
  }
  const { resource } = await client.discovery.remediationRequests();
  const { items } = await client.objects.list(resource, { namespace });
  console.log(
    `ingested: ${outcomes.join(', ')}, ${items.length === 1 ? 'one request' : items.length} in the store`,
  );
  await client.close();
}

async function plan(): Promise<void> {
  const built = buildPlan(
    {
      name: 'egress-blocked',
      cluster: { id: '1a2b3c4d', externalId: '5f0cbf4e-5d3b-4b9c-8e8e-0d5f5b8a1c11' },
      incident: { id: 'Q1' },
    },
    [
      new ServiceLogBuilder('Major', 'The runbook has found something').description('Look.').build(),
      escalate('egress is blocked'),
    ],
  );
  const settings = await configuredSettings(machine);
  const preview = previewPlan(built, requestSettings(settings, machine.version));
  const writes = preview.actions.map(({ system, requests }) => `${system} ${requests.at(-1)?.method ?? ''}`);
  console.log(`previewed: ${writes.join('; ')}`);
  const options = {
    settings,
    openSystems: () => Promise.resolve(remoteSystems({ settings, ...machine })),
    expectHash: planHash(built),
    ...machine,
  };
  for (const run of await runPlans([built], options)) {
    const outcomes = run.actions.map(({ type, outcome }) => `${type} ${outcome}`);
    console.log(`executed: ${run.state}: ${outcomes.join(', ')}`);
  }
  try {
    await runPlans([built], options);
  } catch (thrown) {
    console.log(`refused: ${thrown instanceof RemedyError ? thrown.code : String(thrown)}`);
  }
}

console.log(`retried: ${await retryOnMockClock()}`);
await lockOnTheStore();
console.log(`decided: ${decide()}`);
await ingest();
await plan();
