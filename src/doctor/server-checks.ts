import type { ApiResource } from '../api/objects.ts';
import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { isApiError } from '../kube/api-error.ts';
import type { KubeClient } from '../kube/client.ts';
import { getJson } from '../kube/get-json.ts';
import type { Clock } from '../time/clock.ts';
import { namespaceResource } from '../kube/well-known-resources.ts';
import { ok, skip, type Check, type Finding } from './check.ts';
import { shellWord } from '../text/shell-words.ts';

/** A server that is there answers well within this; one that drops packets is not waited for any longer. */
const reachableLimitMs = 5_000;
const latencySamples = 10;
/** A signal costs four requests and more, one after the other. */
const slowMs = 500;

const selfReviewResource: ApiResource = {
  group: 'authentication.k8s.io',
  version: 'v1',
  plural: 'selfsubjectreviews',
  singular: 'selfsubjectreview',
  kind: 'SelfSubjectReview',
  namespaced: false,
};

export interface ServerQuestions {
  /** Undefined where the target is an embedded store that nothing has made yet. */
  connect: () => Promise<KubeClient | undefined>;
  /** The same, where it is known to answer. */
  client: () => Promise<KubeClient>;
  clock: Clock;
  /** The folder of the embedded store. */
  store: string;
  namespaces: readonly string[];
}

/** Where the target is, whether it answers, how fast, as whom it sees us, and whether the namespaces are there. */
export function serverChecks(questions: ServerQuestions): Check[] {
  const { client } = questions;
  return [
    {
      name: 'target',
      group: 'server',
      run: async () => describeTarget(await questions.connect(), questions.store),
    },
    {
      name: 'reachable',
      group: 'server',
      needs: ['target'],
      limitMs: reachableLimitMs,
      run: async (signal) => askVersion(await questions.connect(), signal),
    },
    {
      name: 'latency',
      group: 'server',
      needs: ['reachable'],
      limitMs: 30_000,
      run: async (signal) => measureLatency(await client(), questions.clock, signal),
    },
    {
      name: 'identity',
      group: 'server',
      needs: ['reachable'],
      after: ['latency'],
      run: async (signal) => askIdentity(await client(), signal),
    },
    ...questions.namespaces.map((name): Check => ({
      name: `namespace ${name}`,
      group: 'server',
      needs: ['reachable'],
      after: ['latency'],
      run: async (signal) => findNamespace(await client(), name, signal),
    })),
  ];
}

function describeTarget(client: KubeClient | undefined, store: string): Finding {
  if (client === undefined) return ok(`the embedded store ${store}`, { kind: 'embedded', store });
  const { target } = client;
  if (target.kind === 'embedded') return ok(`the embedded store ${store}`, { kind: 'embedded', store });
  const { context, server } = target;
  const named = context === undefined ? "the pod's own cluster" : `context ${context}`;
  return ok(`${named}: ${server}`, { ...target });
}

function askJson({ send }: KubeClient, path: string, signal: AbortSignal): Promise<unknown> {
  return getJson((request) => send({ ...request, signal }), path);
}

async function askVersion(client: KubeClient | undefined, signal: AbortSignal): Promise<Finding> {
  if (client === undefined) {
    return skip('there is no embedded store yet; the first command that needs one makes it');
  }
  try {
    const answer = (await askJson(client, '/version', signal)) as { gitVersion?: unknown } | null;
    const version = typeof answer?.gitVersion === 'string' ? answer.gitVersion : 'an unknown version';
    return ok(`answers as ${version}`, { version });
  } catch (thrown) {
    // An answer is an answer: whoever may not ask for the version may still do other things.
    if (!isApiError(thrown) || (thrown.code !== 'FORBIDDEN' && thrown.httpStatus !== 404)) throw thrown;
    return {
      status: 'warn',
      message: `answers, but does not tell its version: ${thrown.serverMessage}`,
      details: { httpStatus: thrown.httpStatus },
      fix: 'kubectl auth can-i get /version',
    };
  }
}

async function measureLatency(client: KubeClient, clock: Clock, signal: AbortSignal): Promise<Finding> {
  const times: number[] = [];
  for (let sample = 0; sample < latencySamples; sample += 1) {
    const startMs = clock.monotonicMs();
    await askJson(client, '/version', signal).catch(toleratingRefusal);
    times.push(clock.monotonicMs() - startMs);
  }
  times.sort((one, other) => one - other);
  const p50Ms = ((times[latencySamples / 2 - 1] ?? 0) + (times[latencySamples / 2] ?? 0)) / 2;
  const maxMs = times.at(-1) ?? 0;
  const details = { p50Seconds: seconds(p50Ms), maxSeconds: seconds(maxMs), samples: latencySamples };
  const message = `${shownMs(p50Ms)} at the median of ${latencySamples} requests, ${shownMs(maxMs)} at most`;
  if (p50Ms <= slowMs) return ok(message, details);
  return {
    status: 'warn',
    message: `${message}: a signal needs several one after the other`,
    details,
    fix: `Run remedyctl nearer to the server, or raise ${optionName('concurrency')} of signal ingest.`,
  };
}

function toleratingRefusal(thrown: unknown): void {
  if (!isApiError(thrown) || thrown.httpStatus >= 500 || thrown.httpStatus === 429) throw thrown;
}

function seconds(ms: number): number {
  return Math.round(ms * 1000) / 1_000_000;
}

function shownMs(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms`;
}

async function askIdentity(client: KubeClient, signal: AbortSignal): Promise<Finding> {
  try {
    const { user, groups } = await whoAmI(client, signal);
    if (user === undefined) return skip('the server does not say as whom it sees us');
    if (user !== 'system:anonymous') return ok(`seen as ${user}`, { user, groups });
  } catch (thrown) {
    if (!isApiError(thrown) || thrown.httpStatus === 401) throw thrown;
    return skip(`the server does not say as whom it sees us: ${thrown.serverMessage}`);
  }
  return {
    status: 'warn',
    message: 'seen as system:anonymous: no credentials were sent, or none were taken',
    details: { user: 'system:anonymous' },
    fix: 'Check the user of the kubeconfig context: kubectl config view --minify',
  };
}

/** As whom the server sees us; no user where it does not say. */
export async function whoAmI(
  client: KubeClient,
  signal?: AbortSignal,
): Promise<{ user: string | undefined; groups: readonly string[] }> {
  const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview', metadata: {} };
  const { object } = await client.objects.create(selfReviewResource, review as never, { signal });
  const status = object['status'] as { userInfo?: { username?: unknown; groups?: unknown } } | undefined;
  const { username, groups } = status?.userInfo ?? {};
  return {
    user: typeof username === 'string' && username !== '' ? username : undefined,
    groups: Array.isArray(groups) ? groups.map(String) : [],
  };
}

async function findNamespace(client: KubeClient, name: string, signal: AbortSignal): Promise<Finding> {
  try {
    const { metadata } = await client.objects.get(namespaceResource, { name }, { signal });
    if (metadata.deletionTimestamp === undefined) return ok('is there');
    return {
      status: 'fail',
      message: 'is being deleted: nothing can be created in it',
      fix: `Choose another namespace with ${optionName('namespace')}, or wait and make it again: kubectl create namespace ${shellWord(name)}`,
    };
  } catch (thrown) {
    if (!isApiError(thrown)) throw thrown;
    if (thrown.httpStatus === 404) throw absentNamespace(client, name);
    if (thrown.code !== 'FORBIDDEN') throw thrown;
    return skip('may not be read, so whether it exists is not known');
  }
}

function absentNamespace({ target }: KubeClient, name: string): RemedyError {
  const make =
    target.kind === 'cluster'
      ? `or make it: kubectl create namespace ${shellWord(name)}`
      : 'or import it: remedyctl store import FILE';
  return new RemedyError('NOT_FOUND', 'does not exist: every creation in it is refused', {
    hint: `Name the right one with ${optionName('namespace')} or ${optionName('leaseNamespace')}, ${make}`,
    details: { namespace: name },
  });
}
