/**
 * Which labels of an alert could name its target, before anything is asked of a cluster (docs/gateway-semantics.md
 * 1.4): the candidates that the gateway has, and those that only we have.
 */
import type { ApiResource } from '../api/objects.ts';
import type { KeyMatch, KindIndex } from './kind-index.ts';
import { isLabelName, isNamespaceName, isObjectName } from './object-name.ts';
import { withArticle } from '../text/article.ts';
import type { TargetRules } from './target-options.ts';

/** Labels that Prometheus and its exporters set for themselves: never a target. */
const reservedKeys = new Set(['job', 'service', 'instance', 'endpoint', 'container', 'namespace', 'cluster']);

/** The gateway takes the label `cluster` for the name of an object where the kind Cluster is served. */
const freeForTheGateway = 'cluster';

const firstTier = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob', 'DeploymentConfig']);
const lastTier = new Set(['Pod', 'Node']);

/** What Prometheus puts before a label of a metric that its scrape target has too. */
const exportedPrefix = 'exported_';

/** A label that names a served kind. */
export interface Candidate {
  /** As the alert has it. */
  labelKey: string;
  name: string;
  resource: ApiResource;
  match: KeyMatch;
  /** 1 goes before 2 before 3. */
  tier: 1 | 2 | 3;
  /** The gateway has it too. */
  isGateways: boolean;
  /** Why it is none of ours. */
  refusal?: string;
  /** An operator said that the label is to be read so. */
  isSaid: boolean;
}

/** What the labels of an alert offer. */
export interface LabelCandidates {
  /** In the order of choice; those that nobody takes come last. */
  candidates: Candidate[];
  /** A valid `exported_namespace`, else a valid `namespace`, or what is to be read as one; absent where there is none. */
  namespace?: string;
  /** The labels `exported_<key>` that stand in place of `<key>`. */
  exported: string[];
}

interface ReadLabel {
  labelKey: string;
  /** What it is read as. */
  key: string;
  name: string;
  isSaid: boolean;
  refusal?: string;
}

/** The labels that could name a target, in the order of choice; no request is spent. */
export function candidatesOf(
  labels: Record<string, string>,
  kinds: KindIndex,
  rules: TargetRules,
): LabelCandidates {
  const said = saidLabels(labels, rules);
  const { read, exported } = withExported(said, kinds, rules);
  const named = read.flatMap((label) => candidateOf(label, kinds));
  const isRefused = ({ isGateways, refusal }: Candidate): boolean => !isGateways && refusal !== undefined;
  const candidates = [
    ...named.filter((candidate) => !isRefused(candidate)).sort(byPrecedence),
    ...named.filter(isRefused),
  ];
  const namespace = namespaceIn(labels, said);
  return { candidates, exported, ...(namespace === undefined ? {} : { namespace }) };
}

/** Whether a key can name a target by itself. */
export function isReserved(key: string): boolean {
  return reservedKeys.has(key);
}

/** What an operator says of a label goes before what is called so. */
function saidLabels(labels: Record<string, string>, { labelAs }: TargetRules): ReadLabel[] {
  const pairs = [...labelAs].filter(([from]) => labels[from] !== undefined && labels[from] !== '');
  const replaced = new Set(pairs.flat());
  return Object.entries(labels)
    .filter(([key]) => !replaced.has(key))
    .map(([key, name]) => ({ labelKey: key, key, name, isSaid: false }))
    .concat(pairs.map(([from, key]) => ({ labelKey: from, key, name: labels[from] ?? '', isSaid: true })));
}

/**
 * Where a label `exported_<key>` names a resource, those without the prefix name what was scraped: an exporter, which
 * is not what the alert is about.
 */
function withExported(
  labels: ReadLabel[],
  kinds: KindIndex,
  { readsExported }: TargetRules,
): { read: ReadLabel[]; exported: string[] } {
  const renamed = readsExported ? labels.filter((label) => namesExported(label, kinds)) : [];
  if (renamed.length === 0) return { read: labels, exported: [] };
  const exported = renamed.map(({ labelKey }) => labelKey);
  const refusal = `it is of what was scraped; ${exported.join(', ')} ${exported.length === 1 ? 'names' : 'name'} what the alert is about`;
  const read = labels.map((label) => {
    if (exported.includes(label.labelKey)) return { ...label, key: label.key.slice(exportedPrefix.length) };
    return label.isSaid ? label : { ...label, refusal };
  });
  return { read, exported };
}

function namesExported({ key, name, isSaid }: ReadLabel, kinds: KindIndex): boolean {
  if (isSaid || !key.startsWith(exportedPrefix)) return false;
  const own = key.slice(exportedPrefix.length);
  const found = kinds.labelKind(own);
  return found !== undefined && !reservedKeys.has(own) && isObjectName(name, found.resource);
}

function candidateOf(label: ReadLabel, kinds: KindIndex): Candidate[] {
  const { labelKey, key, name, isSaid } = label;
  const found = kinds.labelKind(key);
  if (found === undefined) return [];
  const { resource, match } = found;
  const refusal = label.refusal ?? refusalOf(label, resource);
  const isFree = !isTaken(label) || key === freeForTheGateway;
  const isGateways = label.refusal === undefined && match !== 'alias' && isFree && isLabelName(name);
  const candidate: Candidate = {
    labelKey,
    name,
    resource,
    match,
    tier: tierOf(resource.kind),
    isGateways,
    isSaid,
  };
  return [refusal === undefined ? candidate : { ...candidate, refusal }];
}

/** What an operator says makes a reserved key a kind; `namespace` stays the signal's own. */
function isTaken({ key, isSaid }: ReadLabel): boolean {
  return reservedKeys.has(key) && (!isSaid || key === 'namespace');
}

function refusalOf(label: ReadLabel, resource: ApiResource): string | undefined {
  if (isTaken(label)) return 'the key is reserved';
  if (!isObjectName(label.name, resource))
    return `the value is no name that ${withArticle(resource.kind)} can have`;
  return undefined;
}

function namespaceIn(labels: Record<string, string>, read: ReadLabel[]): string | undefined {
  const said = read.find(({ key, isSaid }) => isSaid && key === 'namespace')?.name;
  return [said, labels['exported_namespace'], labels['namespace']].find(
    (value) => value !== undefined && isNamespaceName(value),
  );
}

function tierOf(kind: string): 1 | 2 | 3 {
  if (firstTier.has(kind)) return 1;
  return lastTier.has(kind) ? 3 : 2;
}

const matchOrder: Record<KeyMatch, number> = { singular: 0, kind: 1, alias: 2 };

function byPrecedence(a: Candidate, b: Candidate): number {
  return (
    a.tier - b.tier ||
    compareText(a.resource.kind, b.resource.kind) ||
    matchOrder[a.match] - matchOrder[b.match] ||
    compareText(a.labelKey, b.labelKey)
  );
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
