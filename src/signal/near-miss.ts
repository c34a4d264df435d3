/**
 * Labels that nearly name a resource: the same words in another spelling, as exporters, relabelling and OpenTelemetry
 * write them. They are never taken by themselves; an operator can say that they are meant.
 */
import type { KindIndex } from './kind-index.ts';
import { optionName } from '../errors/option-name.ts';
import { shellWord } from '../text/shell-words.ts';
import { isObjectName } from './object-name.ts';
import { quoteText, shortenText } from './quoted-text.ts';
import { isReserved } from './target-candidates.ts';

/** A label, and the key that would make it a target. */
export interface NearMiss {
  labelKey: string;
  value: string;
  /** What the label is to be read as; absent where only an operator can know. */
  key?: string;
  /** What tells the kind, where that is another label. */
  by?: string;
}

/** Words that say where a label comes from, or what part of an object it is, and not which kind. */
const fillers = new Set(
  (
    'k8s kubernetes kube io label labels tag meta resource object obj involved target affected src source dst ' +
    'destination exported original my the name names id container annotation annotations docker cri'
  ).split(' '),
);

/** What kinds are called beside their names: kubectl's short names, and words of monitoring. */
const otherNames: Readonly<Record<string, string>> = {
  po: 'pod',
  no: 'node',
  host: 'node',
  hostname: 'node',
  nodename: 'node',
  kubelet: 'node',
  machine: 'node',
  deploy: 'deployment',
  sts: 'statefulset',
  ds: 'daemonset',
  rs: 'replicaset',
  cj: 'cronjob',
  pv: 'persistentvolume',
  pvc: 'persistentvolumeclaim',
  volumeclaim: 'persistentvolumeclaim',
  hpa: 'horizontalpodautoscaler',
  pdb: 'poddisruptionbudget',
  dc: 'deploymentconfig',
  co: 'clusteroperator',
  operator: 'clusteroperator',
  podname: 'pod',
  // The keys of these kinds are Prometheus' own.
  job: 'job_name',
};

/** Words for a workload of which the kind stands elsewhere. */
const kindlessWords = new Set(['workload', 'controller', 'owner']);
const kindWords = new Set(['kind', 'type']);
const mostTold = 3;

/** The labels of an alert without a target that look like one, the likeliest first. */
export function nearMissesIn(labels: Record<string, string>, kinds: KindIndex): NearMiss[] {
  const entries = Object.entries(labels).filter(([key, value]) => key !== 'alertname' && value !== '');
  const pairs = entries.flatMap(([key, value]) => pairOf(key, value, { labels, kinds }));
  const taken = new Set(pairs.flatMap(({ labelKey, by }) => [labelKey, by]));
  const spelled = entries
    .filter(([key]) => !taken.has(key) && !isReserved(key))
    .flatMap(([key, value]) => spellingOf(key, value, kinds));
  const bare = pairs.length + spelled.length > 0 ? [] : bareNames(labels, kinds);
  return [...pairs, ...spelled, ...bare].slice(0, mostTold);
}

/** `owner_kind` beside `owner_name`, `workload_type` beside `workload`, `kind` beside `name`. */
function pairOf(
  key: string,
  value: string,
  { labels, kinds }: { labels: Record<string, string>; kinds: KindIndex },
): NearMiss[] {
  const match = /^(.*?)[._-]?(kind|type)$/i.exec(key);
  const kindKey = keyOfKind(value.toLowerCase(), kinds);
  if (match === null || kindKey === undefined) return [];
  const base = match[1] ?? '';
  const wanted =
    base === '' ? ['name'] : [`${base}_name`, `${base}.name`, `${base}-name`, `${base}Name`, base];
  const labelKey = wanted.find((name) => isNameOf(labels[name], kindKey, kinds));
  return labelKey === undefined ? [] : [{ labelKey, value: labels[labelKey] ?? '', key: kindKey, by: key }];
}

/** `k8s.pod.name`, `kubernetes_pod_name`, `podName`, `pods`: what is left without fillers is a kind. */
function spellingOf(key: string, value: string, kinds: KindIndex): NearMiss[] {
  const words = wordsOf(key);
  if (words.some((word) => kindWords.has(word))) return [];
  const left = words.filter((word) => !fillers.has(word));
  const whole = left.join('');
  const kindKey = keyOfKind(whole, kinds) ?? keyOfKind(whole.replace(/s$/, ''), kinds);
  if (kindKey === 'namespace') return [];
  if (kindKey !== undefined && kindKey !== key) {
    return isNameOf(value, kindKey, kinds) ? [{ labelKey: key, value, key: kindKey }] : [];
  }
  return kindlessWords.has(whole) && isNameOf(value, 'deployment', kinds) ? [{ labelKey: key, value }] : [];
}

/** A bare `name` says nothing of the kind; that of the alert may: ClusterOperatorDown speaks of a ClusterOperator. */
function bareNames({ name = '', alertname = '' }: Record<string, string>, kinds: KindIndex): NearMiss[] {
  if (name === '') return [];
  const alert = alertname.toLowerCase().replace(/^kube(?=[a-z])/, '');
  const told = [...kinds.labelKeys()].filter((key) => alert.startsWith(key) && isNameOf(name, key, kinds));
  const [key] = told.sort((a, b) => b.length - a.length);
  return [{ labelKey: 'name', value: name, ...(key === undefined ? {} : { key }) }];
}

function wordsOf(key: string): string[] {
  const words = key.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  return words.split(/[^a-z0-9]+/).filter((word) => word !== '');
}

/** The label key that names a kind by this word. */
function keyOfKind(word: string, kinds: KindIndex): string | undefined {
  const other = Object.hasOwn(otherNames, word) ? otherNames[word] : undefined;
  const key = other ?? word;
  if (kinds.labelKind(key) === undefined) return undefined;
  return key;
}

function isNameOf(value: string | undefined, key: string, kinds: KindIndex): boolean {
  const found = kinds.labelKind(key);
  return value !== undefined && found !== undefined && isObjectName(value, found.resource);
}

/** One near miss in words: what looks like the name of which kind. */
export function nearMissText({ labelKey, value, key, by }: NearMiss): string {
  const kind = key === undefined ? 'of a kind that no label tells' : `read as ${key}`;
  return `${shortenText(labelKey)}=${quoteText(value)} could be it, ${kind}${by === undefined ? '' : `, by ${shortenText(by)}`}`;
}

/** What to do about near misses, ready to be pasted. */
export function relabelWords(nearMisses: readonly NearMiss[], labels: Record<string, string>): string {
  const [first] = nearMisses;
  if (first === undefined) return '';
  const key = first.key ?? 'KIND';
  const namespace = Object.hasOwn(labels, 'namespace') ? undefined : namespaceLabel(labels);
  const words = [
    `${optionName('labelAs')} ${shellWord(`${first.labelKey}=${key}`)}`,
    ...(namespace === undefined ? [] : [`${optionName('labelAs')} ${shellWord(`${namespace}=namespace`)}`]),
  ];
  const unknown = first.key === undefined ? ', with KIND as the kind is called in lower case' : '';
  return `Relabel the alert (${key}: ${quoteText(first.value)}), or have the label read so: ${words.join(' ')}${unknown}.`;
}

/** The label that names the namespace in another spelling. */
function namespaceLabel(labels: Record<string, string>): string | undefined {
  return Object.keys(labels).find((key) => {
    const words = wordsOf(key).filter((word) => !fillers.has(word));
    return words.join('') === 'namespace' && !isReserved(key) && key !== 'exported_namespace';
  });
}
