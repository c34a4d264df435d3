import { agePattern } from '../time/duration.ts';
import type { Setting } from './setting.ts';

const dnsLabel = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
const outputPattern =
  /^(?:table|wide|json|jsonl|yaml|name|markdown|plan|(?:jsonpath|custom-columns)=[\s\S]+)$/;
const namespaceName = { kind: 'text', pattern: dnsLabel, like: 'the name of a namespace' } as const;
const baseUrl = {
  kind: 'text',
  pattern: /^https?:\/\/\S+$/,
  like: 'a URL that begins with https://',
} as const;
const dayMs = 24 * 3_600_000;

function optional(setting: Omit<Setting<undefined>, 'default'>): Setting<string | undefined> {
  return { ...setting, default: undefined };
}

/** Every setting, by its place in the configuration file (dots are nesting). Durations are milliseconds, sizes bytes. */
export const settings = {
  namespace: {
    type: namespaceName,
    description: 'Where RemediationRequests live.',
    flag: 'namespace',
    default: 'kubernaut-system',
  } as Setting<string>,
  leaseNamespace: optional({
    type: namespaceName,
    description: 'Where the locks live. Default: the namespace.',
    flag: 'lease-namespace',
  }),
  target: {
    type: { kind: 'choice', choices: ['auto', 'cluster', 'embedded'] },
    description: 'What to work on. auto: the cluster when there is one configured, else the embedded store.',
    flag: 'target',
    default: 'auto',
  } as Setting<'auto' | 'cluster' | 'embedded'>,
  store: optional({
    type: { kind: 'path', like: 'the path of a folder' },
    description: 'The folder of the embedded store. Default: $XDG_DATA_HOME/remedyctl/store.',
    flag: 'store',
  }),
  kubeconfig: optional({
    type: { kind: 'path', like: 'the path of a kubeconfig' },
    description: 'The kubeconfig. Default: $KUBECONFIG, then ~/.kube/config.',
    flag: 'kubeconfig',
    alsoEnvironment: ['KUBECONFIG'],
  }),
  context: optional({
    type: { kind: 'text', like: 'the name of a context' },
    description: 'The context of the kubeconfig. Default: its current one.',
    flag: 'context',
  }),
  cluster: optional({
    type: { kind: 'text', like: 'the name of a cluster' },
    description: "The cluster of the kubeconfig, in place of the context's.",
    flag: 'cluster',
  }),
  user: optional({
    type: { kind: 'text', like: 'the name of a user' },
    description: "The user of the kubeconfig, in place of the context's.",
    flag: 'user',
  }),
  as: optional({
    type: { kind: 'text', like: 'the name of a user to act as' },
    description: 'The user to act as.',
    flag: 'as',
  }),
  asGroup: {
    type: { kind: 'list', like: 'a list of group names' },
    description: 'The groups to act as.',
    flag: 'as-group',
    default: [],
  } as Setting<readonly string[]>,
  requestTimeout: {
    type: { kind: 'timeout', minMs: 0, maxMs: dayMs },
    description: 'How long one request to an API server may take, repetitions included; 0 is without limit.',
    flag: 'request-timeout',
    default: 60_000,
  } as Setting<number>,
  output: {
    type: {
      kind: 'text',
      pattern: outputPattern,
      like: 'table, wide, json, jsonl, yaml, name, jsonpath=… or custom-columns=…',
    },
    description: 'The format of results.',
    flag: 'output',
    default: 'table',
  } as Setting<string>,
  color: {
    type: { kind: 'choice', choices: ['auto', 'always', 'never'] },
    description: 'When to use colour.',
    flag: 'color',
    default: 'auto',
  } as Setting<'auto' | 'always' | 'never'>,
  readOnly: {
    type: { kind: 'boolean' },
    description: 'Refuse every command that writes.',
    fileOnly: true,
    default: false,
  } as Setting<boolean>,
  confirm: {
    type: { kind: 'choice', choices: ['none', 'typed'] },
    description: "typed: before a write, ask for the cluster's name to be typed.",
    fileOnly: true,
    default: 'none',
  } as Setting<'none' | 'typed'>,
  'retry.creation.maxAttempts': {
    type: { kind: 'integer', min: 1, max: 10 },
    description: 'How often the creation of a RemediationRequest is attempted.',
    default: 3,
  } as Setting<number>,
  'retry.creation.initial': {
    type: { kind: 'duration', minMs: 0, maxMs: 5_000 },
    description: 'The wait after the first failed attempt; it doubles with each.',
    default: 100,
  } as Setting<number>,
  'retry.creation.max': {
    type: { kind: 'duration', minMs: 0, maxMs: 30_000 },
    description: 'The longest wait between attempts.',
    default: 5_000,
  } as Setting<number>,
  'lock.durationSeconds': {
    type: { kind: 'integer', min: 10, max: 3_600 },
    description: "How long a lock outlives its holder's last renewal.",
    default: 30,
  } as Setting<number>,
  'lock.wait': {
    type: { kind: 'duration', minMs: 0, maxMs: dayMs },
    description: "How long to wait for somebody else's lock. Default: ten tries, about 6 s.",
    flag: 'lock-wait',
    default: undefined,
  } as Setting<number | undefined>,
  'ingest.concurrency': {
    type: { kind: 'integer', min: 1, max: 256 },
    description: 'How many signals are worked on at once.',
    flag: 'concurrency',
    default: 8,
  } as Setting<number>,
  'ingest.maxDocument': {
    type: { kind: 'size', min: 1_024, max: 2 ** 30 },
    description: 'The largest single document that is read.',
    flag: 'max-document',
    default: 10 * 2 ** 20,
  } as Setting<number>,
  'ingest.signalTimeout': {
    type: { kind: 'duration', minMs: 1, maxMs: dayMs },
    description: 'How long one signal may take.',
    flag: 'signal-timeout',
    default: 30_000,
  } as Setting<number>,
  'ingest.giveUpAfter': {
    type: { kind: 'duration', minMs: 0, maxMs: dayMs },
    description: 'How long a run waits for an API server that has stopped answering; 0: not at all.',
    flag: 'give-up-after',
    default: 60_000,
  } as Setting<number>,
  'ingest.clusterIdScope': {
    type: { kind: 'choice', choices: ['local', 'refuse'] },
    description: 'What to do with a signal of a named cluster: check its scope on this one, or refuse it.',
    flag: 'cluster-id-scope',
    default: 'local',
  } as Setting<'local' | 'refuse'>,
  'ingest.skipScopeCheck': {
    type: { kind: 'boolean' },
    description: 'Take signals of resources that are not marked as managed.',
    flag: 'skip-scope-check',
    default: false,
  } as Setting<boolean>,
  'ingest.strictResource': {
    type: { kind: 'boolean' },
    description: 'Refuse signals of resources that have an active request under another fingerprint.',
    flag: 'strict-resource',
    default: false,
  } as Setting<boolean>,
  'ingest.labelAs': {
    type: { kind: 'list', like: 'a list of FROM=KEY' },
    description: 'Labels that are read as others when the target of an alert is chosen: FROM=KEY each.',
    flag: 'label-as',
    default: [],
  } as Setting<readonly string[]>,
  'ingest.prefer': {
    type: { kind: 'list', like: 'a list of kinds' },
    description: 'Kinds that go before all others when the target of an alert is chosen.',
    flag: 'prefer',
    default: [],
  } as Setting<readonly string[]>,
  'ingest.targetChoice': {
    type: { kind: 'choice', choices: ['corrected', 'gateway'] },
    description: 'Whether labels exported_<key> go before <key>, which the gateway does not know of.',
    flag: 'target-choice',
    default: 'corrected',
  } as Setting<'corrected' | 'gateway'>,
  'from.username': optional({
    type: { kind: 'text', like: 'a name' },
    description:
      'The name that AlertManager or Prometheus is asked under; its password is in ALERTMANAGER_PASSWORD or PROMETHEUS_PASSWORD.',
    flag: 'from-username',
  }),
  'from.passwordFile': optional({
    type: { kind: 'path', like: 'the path of a file' },
    description: 'A file that holds the password, where the variable is not set; nobody else may read it.',
    flag: 'from-password-file',
  }),
  'from.tokenFile': optional({
    type: { kind: 'path', like: 'the path of a file' },
    description:
      'A file that holds the token, where ALERTMANAGER_TOKEN or PROMETHEUS_TOKEN is not set; nobody else may read it.',
    flag: 'from-token-file',
  }),
  'from.caFile': optional({
    type: { kind: 'path', like: 'the path of a file' },
    description:
      'The certificates of the authorities that AlertManager and Prometheus are believed by, as PEM.',
    flag: 'from-ca-file',
  }),
  'from.insecure': {
    type: { kind: 'boolean' },
    description: 'Believe whoever answers for AlertManager or Prometheus.',
    flag: 'from-insecure',
    default: false,
  } as Setting<boolean>,
  'gateway.url': optional({
    type: { ...baseUrl, like: 'a URL that begins with https://, or with http:// for this machine' },
    description: 'The gateway that signals are sent through, in front of /api/v1/signals.',
    flag: 'gateway',
  }),
  'gateway.tokenFile': optional({
    type: { kind: 'path', like: 'the path of a file' },
    description: 'A file that holds the token for the gateway; nobody else may read it.',
    flag: 'token-file',
  }),
  'gateway.serviceAccount': optional({
    type: { kind: 'text', like: 'NAME or NAMESPACE/NAME of a service account' },
    description: 'The service account as which the gateway is asked, by a token of ten minutes.',
    flag: 'service-account',
  }),
  'gateway.caFile': optional({
    type: { kind: 'path', like: 'the path of a file' },
    description: 'The certificates of the authorities that the gateway is believed by, as PEM.',
    flag: 'gateway-ca-file',
  }),
  'gateway.timeout': {
    type: { kind: 'duration', minMs: 20_000, maxMs: 3_600_000 },
    description:
      'How long the gateway may take for one request. A client that leaves early leaves its lock behind.',
    flag: 'gateway-timeout',
    default: 60_000,
  } as Setting<number>,
  'plan.env': {
    type: { kind: 'list', like: 'a list of names of variables' },
    description: 'Variables of the environment that every plan may name as ${env:NAME}.',
    fileOnly: true,
    default: [],
  } as Setting<readonly string[]>,
  'plan.duplicateWithin': {
    type: { kind: 'text', pattern: agePattern, like: 'an age such as 7d or 36h' },
    description: 'How old a service log may be to count as the same as one that is to be sent; 0s: none is.',
    default: '7d',
  } as Setting<string>,
  'pagerduty.url': {
    type: baseUrl,
    description: "PagerDuty's REST API; in the EU https://api.eu.pagerduty.com.",
    default: 'https://api.pagerduty.com',
  } as Setting<string>,
  'pagerduty.from': optional({
    type: { kind: 'text', pattern: /^[^\s@]+@[^\s@]+$/, like: 'an e-mail address' },
    description: 'The user of the PagerDuty account as whom notes and changes are written.',
  }),
  'pagerduty.tokenFile': optional({
    type: { kind: 'path', like: 'the path of a file' },
    description: 'A file that holds the API key, where PAGERDUTY_TOKEN is not set; nobody else may read it.',
  }),
  'pagerduty.silentPolicy': optional({
    type: { kind: 'text', pattern: /^[A-Za-z0-9]+$/, like: 'the id of an escalation policy' },
    description: 'The escalation policy that silences an incident.',
  }),
  'pagerduty.escalationLevel': {
    type: { kind: 'integer', min: 1, max: 20 },
    description: 'The level that an escalation goes to.',
    default: 2,
  } as Setting<number>,
  'ocm.url': {
    type: baseUrl,
    description: "OCM's API; on stage https://api.stage.openshift.com.",
    default: 'https://api.openshift.com',
  } as Setting<string>,
  'ocm.tokenUrl': {
    type: baseUrl,
    description: 'Where tokens for OCM are granted.',
    default: 'https://sso.redhat.com/auth/realms/redhat-external/protocol/openid-connect/token',
  } as Setting<string>,
  'ocm.tokenFile': optional({
    type: { kind: 'path', like: 'the path of a file' },
    description: 'A file that holds the offline token, where OCM_TOKEN is not set; nobody else may read it.',
  }),
  'ocm.clientId': optional({
    type: { kind: 'text', pattern: /^[\x21-\x39\x3b-\x7e]+$/, like: 'the id of a service account' },
    description: 'The service account for OCM, in place of a token.',
    alsoEnvironment: ['OCM_CLIENT_ID'],
  }),
  'ocm.clientSecretFile': optional({
    type: { kind: 'path', like: 'the path of a file' },
    description:
      "A file that holds the service account's secret, where OCM_CLIENT_SECRET is not set; nobody else may read it.",
  }),
  'backplane.url': optional({
    type: baseUrl,
    description: "Backplane's API.",
  }),
  'remote.timeout': {
    type: { kind: 'duration', minMs: 100, maxMs: 3_600_000 },
    description: 'How long one request to PagerDuty, OCM or Backplane may take.',
    flag: 'call-timeout',
    default: 30_000,
  } as Setting<number>,
};

/** The place of a setting in the configuration file. */
export type SettingKey = keyof typeof settings;

type ValueOf<S> = S extends Setting<infer T> ? T : never;

/** Every value, after defaults: `leaseNamespace` and `store` are always known. */
export type SettingValues = {
  readonly [K in SettingKey]: ValueOf<(typeof settings)[K]>;
} & { readonly leaseNamespace: string; readonly store: string };

/** All of them, in the order of the file. */
export const settingKeys = Object.keys(settings) as SettingKey[];

/** The setting of a place. */
export function settingOf(key: SettingKey): Setting<unknown> {
  return settings[key];
}

/** The variables that set it, the most specific first: `REMEDYCTL_INGEST_MAX_DOCUMENT` for `ingest.maxDocument`. */
export function environmentNames(key: SettingKey): string[] {
  const setting = settingOf(key);
  if (setting.fileOnly === true) return [];
  const own = key
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll('.', '_')
    .toUpperCase();
  return [`REMEDYCTL_${own}`, ...(setting.alsoEnvironment ?? [])];
}

/** The values of a configuration that says only what is given; the place of the store is never a default here. */
export function withDefaults(given: Partial<SettingValues>): Omit<SettingValues, 'store'> {
  const defaults = Object.fromEntries(settingKeys.map((key) => [key, settingOf(key).default]));
  const values = { ...defaults, ...given } as SettingValues;
  return { ...values, leaseNamespace: given.leaseNamespace ?? values.namespace };
}
