/**
 * Whether a gateway can be sent signals to: there, ready, with a token that it takes, by a clock that is near enough, and
 * which signals of a sample it would leave out. What is posted holds no signal, and makes none.
 */
import { optionName } from '../errors/option-name.ts';
import { readDocuments, type ReadOptions } from '../documents/read-documents.ts';
import {
  gatewayLimitBytes,
  gatewayPaths,
  gatewayPermission,
  timestampWindowSeconds,
} from '../gateway/gateway-contract.ts';
import type { GatewayAnswer, GatewayClient } from '../gateway/gateway-client.ts';
import { detailOf } from '../gateway/gateway-verdict.ts';
import type { KubeClient } from '../kube/client.ts';
import { ClockSkewMeasurement, type ClockSkew } from '../kube/clock-skew.ts';
import { isApiError } from '../kube/api-error.ts';
import { bodyStaleness, gatewayReading } from '../signal/gateway-reading.ts';
import { ObservedCluster } from '../signal/observed-cluster.ts';
import type { ParsedSignal } from '../signal/parsed-signal.ts';
import { signalParser } from '../signal/parse-signals.ts';
import { once } from '../time/once.ts';
import type { Clock } from '../time/clock.ts';
import { ok, skip, type Check, type Finding } from './check.ts';

/** A gateway to be examined. */
export interface ExaminedGateway {
  gateway: GatewayClient;
  /** As `gatewayBase` gives it. */
  base: string;
  /** Where its health is served, if not under its URL. */
  healthUrl?: string | undefined;
  /** As whom the token makes us known; undefined where it does not say. */
  user: () => Promise<string | undefined>;
  /** Files of signals of which to foretell what it leaves out. */
  sample?: { files: readonly string[]; read: ReadOptions } | undefined;
}

/** What the checks of a gateway ask. */
export interface GatewayQuestions {
  /** Rejects where it cannot be opened: no URL, no token. */
  open: () => Promise<ExaminedGateway>;
  client: () => Promise<KubeClient>;
  clock: Clock;
  /** The namespace that the gateway is in. */
  namespace: string;
}

/** A gateway asks its own API server twice before it answers. */
const limitMs = 25_000;

/** The checks of a gateway that is named, in the order in which they need each other. */
export function gatewayChecks(questions: GatewayQuestions): Check[] {
  const { clock, client, namespace } = questions;
  const open = once(questions.open);
  const skew = new ClockSkewMeasurement();
  const ask = async (
    method: 'GET' | 'POST',
    isAuthorized: boolean,
    signal: AbortSignal,
  ): Promise<GatewayAnswer> => {
    const { gateway } = await open();
    const sentAtMs = clock.now();
    const { answer, failure } = await gateway.ask(method, gateway.urlOf('alert'), { isAuthorized, signal });
    if (answer === undefined) throw failure ?? new Error('neither an answer nor a failure');
    if (answer.dateMs !== undefined) {
      skew.observe({ serverDateMs: answer.dateMs, sentAtMs, receivedAtMs: clock.now() });
    }
    return answer;
  };
  const posted = once(() => ask('POST', true, AbortSignal.timeout(limitMs)));
  return [
    check('gateway', [], async (signal) => judgePresence(await ask('GET', false, signal))),
    check('gateway readiness', ['gateway'], async (signal) => readiness(await open(), signal)),
    check('gateway token', ['gateway'], async () => judgeToken(await posted())),
    check('gateway permission', ['gateway token'], async () =>
      permission({ answer: await posted(), user: await (await open()).user(), client, namespace }),
    ),
    { ...check('gateway clock', ['gateway'], () => judgeGatewaySkew(skew.best())), after: ['gateway token'] },
    check('gateway sample', ['reachable'], async (signal) => {
      const { sample } = await open();
      if (sample === undefined)
        return skip(`no signals to look at; ${optionName('sample')} names a file of them`);
      return judgeSample(sample, { client: await client(), clock, signal, skew: skew.best() });
    }),
  ];
}

function check(
  name: string,
  needs: readonly string[],
  run: (signal: AbortSignal) => Promise<Finding> | Finding,
): Check {
  return { name, group: 'gateway', needs, limitMs, run };
}

/** Only POST is let in: another method is refused by whoever it is that takes signals there, before anything else. */
function judgePresence(answer: GatewayAnswer): Finding {
  const { status } = answer;
  if (status === 405) return ok('it answers');
  if (status === 429) {
    return {
      status: 'warn',
      message: 'it answers, and has more to do than it takes on (HTTP 429)',
      fix: 'Look at its load and at how many requests it takes at once.',
    };
  }
  return {
    status: 'fail',
    message: `no gateway is there: ${gatewayPaths.alert} answers HTTP ${status}`,
    details: { httpStatus: status },
    fix: 'Give the URL in front of /api/v1/signals; a proxy in between has to hand everything on.',
  };
}

/** Under its URL where it is served there, else where somebody says. */
async function readiness(
  { gateway, base, healthUrl }: ExaminedGateway,
  signal: AbortSignal,
): Promise<Finding> {
  const urls = healthUrl === undefined ? [`${base}/readyz`, `${base}/ready`] : [healthUrl];
  for (const url of urls) {
    const { answer, failure } = await gateway.ask('GET', url, { signal });
    if (answer === undefined) throw failure ?? new Error('neither an answer nor a failure');
    if (answer.status === 200) return ok('it is ready', { url });
    if (answer.status === 404) continue;
    return {
      status: 'fail',
      message: `it is not ready: HTTP ${answer.status}${said(answer)}`,
      details: { url, httpStatus: answer.status },
      fix: 'Read its log; it is not ready while it cannot reach its API server.',
    };
  }
  return skip(
    `its URL serves no readiness; ${optionName('gatewayHealth')} names where it does, such as port 8081`,
  );
}

function said(answer: GatewayAnswer): string {
  const detail = detailOf(answer);
  return detail === '' ? '' : `, ${detail}`;
}

/** An empty body is refused after the token and the permission, and before anything is made of it. */
function judgeToken(answer: GatewayAnswer): Finding {
  const { status } = answer;
  const details = { httpStatus: status };
  if (status === 400 || status === 403) return ok('it takes the token', details);
  if (status === 401) {
    return {
      status: 'fail',
      message: `it does not take the token: ${detailOf(answer)}`,
      details,
      fix: 'The token has ended, or another API server made it; make a new one of the cluster that the gateway is in.',
    };
  }
  return {
    status: 'fail',
    message: `it cannot tell whose the token is: HTTP ${status}${said(answer)}`,
    details,
    fix: "The gateway's own account needs create on tokenreviews and subjectaccessreviews, and an API server that answers.",
  };
}

interface PermissionFacts {
  answer: GatewayAnswer;
  user: string | undefined;
  client: () => Promise<KubeClient>;
  namespace: string;
}

/** The gateway's own answer decides; the API server says the same of a user without groups, which is what it asks. */
async function permission({ answer, user, client, namespace }: PermissionFacts): Promise<Finding> {
  const { verb, resource, name } = gatewayPermission;
  const what = `${verb} ${resource}/${name} in namespace ${namespace}`;
  const known = user === undefined ? {} : { user };
  const details = { verb, resource, name, namespace, ...known };
  if (answer.status === 400) return ok(`may ${what}`, details);
  const reviewed = user === undefined ? undefined : await review(await client(), { user, namespace });
  const hint =
    reviewed === true ? ': the API server allows it in this namespace, the gateway asks about another' : '';
  return {
    status: 'fail',
    message: `may not ${what}${hint}; a grant to a group does not count`,
    details,
    fix: grants(namespace, user),
  };
}

async function review(
  client: KubeClient,
  { user, namespace }: { user: string; namespace: string },
): Promise<boolean | undefined> {
  try {
    const { authorization } = await client.clientNodeApis();
    const body: object = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: { user, resourceAttributes: { ...gatewayPermission, namespace } },
    };
    type Body = Parameters<typeof authorization.createSubjectAccessReview>[0]['body'];
    const { status } = await authorization.createSubjectAccessReview({ body: body as Body });
    return status?.allowed;
  } catch (thrown) {
    // to ask about others takes a permission of its own
    if (isApiError(thrown)) return undefined;
    throw thrown;
  }
}

function grants(namespace: string, user: string | undefined): string {
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user ?? '');
  const subject =
    account === null
      ? `--user=${user ?? 'USER'}`
      : `--serviceaccount=${account[1] ?? ''}:${account[2] ?? ''}`;
  const { verb, resource, name } = gatewayPermission;
  return [
    `kubectl create role gateway-sender -n ${namespace} --verb=${verb} --resource=${resource} --resource-name=${name}`,
    `kubectl create rolebinding gateway-sender -n ${namespace} --role=gateway-sender ${subject}`,
  ].join('\n');
}

/** What a difference of clocks means for the times that a gateway judges. */
export function judgeGatewaySkew(skew: ClockSkew | undefined): Finding {
  if (skew === undefined) return skip('its answers carry no Date header to measure by');
  const { skewMs, errorMs } = skew;
  const aheadSeconds = -skewMs / 1_000;
  const details = { clockSkewSeconds: skewMs / 1_000, clockSkewErrorSeconds: errorMs / 1_000 };
  const { behind, ahead } = timestampWindowSeconds;
  const shown = `our clock is ${Math.abs(aheadSeconds).toFixed(1)} s ${aheadSeconds > 0 ? 'ahead of' : 'behind'} its`;
  const certainMs = Math.max(0, Math.abs(skewMs) - errorMs);
  if (certainMs < 1_000) return ok('no difference of clocks beyond what can be measured', details);
  if (aheadSeconds < ahead && aheadSeconds > -behind) {
    return ok(
      `${shown}; it takes what is up to ${behind / 60} min behind and ${ahead / 60} min ahead`,
      details,
    );
  }
  return {
    status: 'fail',
    message: `${shown}, beyond the ${behind / 60} min behind and ${ahead / 60} min ahead that it takes`,
    details,
    fix: 'Set the clock of this machine, or that of the gateway: it refuses what is stamped by a clock that is so far off.',
  };
}

interface SampleGround {
  client: KubeClient;
  clock: Clock;
  signal: AbortSignal;
  skew: ClockSkew | undefined;
}

/** How many signals a message names. */
const mostNamed = 5;

async function judgeSample(
  { files, read }: NonNullable<ExaminedGateway['sample']>,
  { client, clock, signal, skew }: SampleGround,
): Promise<Finding> {
  const cluster = new ObservedCluster({ ...client, clock, signal });
  const parse = signalParser({ includeResolved: true });
  const nowMs = clock.now() + (skew?.skewMs ?? 0);
  const lost: { source: string; why: string }[] = [];
  let count = 0;
  for await (const document of readDocuments(files, { ...read, signal })) {
    for (const item of parse(document)) {
      count += 1;
      const why =
        item.outcome === 'parsed'
          ? await whyLost(item, { cluster, targetKind: client.target.kind, nowMs })
          : item.reason.message;
      const { file, document: at, index } = item.source;
      if (why !== undefined) lost.push({ source: `${file}:${at}:${index}`, why });
    }
  }
  if (lost.length === 0) return ok(`it would take all ${count} signals of the sample`, { signals: count });
  const named = lost.slice(0, mostNamed).map(({ source, why }) => `${source}: ${why}`);
  const more = lost.length > mostNamed ? [`and ${lost.length - mostNamed} more`] : [];
  return {
    status: 'warn',
    message: `it would drop or refuse ${lost.length} of ${count} signals: ${[...named, ...more].join('; ')}`,
    details: { signals: count, lost },
    fix: `See each stage of the way: remedyctl signal explain ${files.join(' ')}`,
  };
}

async function whyLost(
  parsed: ParsedSignal,
  ground: { cluster: ObservedCluster; targetKind: 'cluster' | 'embedded'; nowMs: number },
): Promise<string | undefined> {
  const { as, body } = parsed.delivery();
  const bytes = Buffer.byteLength(JSON.stringify(body));
  if (bytes > gatewayLimitBytes[as]) return `${bytes} bytes, and it reads ${gatewayLimitBytes[as]}`;
  const stale = bodyStaleness([parsed], ground.nowMs);
  if (stale !== undefined) return stale;
  const reading = await gatewayReading(parsed, ground);
  if (reading.fate === 'dropped') return reading.reason.message;
  if (reading.fate === 'unknown') return undefined;
  if (reading.isUnresolved) return 'no label of it names a resource';
  return parsed.signalName === '' ? 'it has no alertname' : undefined;
}
