import type { Notice } from '../errors/reason.ts';
import { optionName } from '../errors/option-name.ts';
import { exporterIn, watchesOthers } from './known-exporters.ts';
import type { Candidate, LabelCandidates } from './target-candidates.ts';

/** Kinds that an exporter runs as. */
const workloads = new Set([
  'Pod',
  'ReplicaSet',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'DeploymentConfig',
]);

/** An alert of a series that an exporter wrote names the exporter's own pod, where nothing else was kept. */
export function exporterNotices(
  winner: Candidate,
  { candidates, exported }: LabelCandidates,
  labels: Record<string, string>,
): Notice[] {
  const exporter = exporterOf(winner, labels);
  const isNamed = winner.isSaid || exported.includes(winner.labelKey);
  if (exporter === undefined || isNamed || !workloads.has(winner.resource.kind)) return [];
  const scraped =
    labels['instance'] === undefined ? 'what it scrapes' : `what it scrapes (instance ${labels['instance']})`;
  const other = candidates.find(
    (candidate) =>
      candidate !== winner && candidate.refusal === undefined && !isExporters(candidate, exporter, labels),
  );
  const help =
    other === undefined
      ? 'label the alert with the resource itself, for example node, deployment or pod, or keep the labels of the ' +
        'metric (honor_labels)'
      : `${other.labelKey}=${other.name} names another, which ${optionName('prefer')} ${other.resource.kind} takes`;
  return [
    {
      code: 'TARGET_IS_EXPORTER',
      message: `${winner.resource.kind}/${winner.name} is the exporter ${exporter}, and the alert speaks of ${scraped}: ${help}`,
    },
  ];
}

/** The exporter that a target is, where its own series are told of: where another tells of its pod, that is meant. */
function exporterOf(
  { name, resource }: Candidate,
  { container, job = '' }: Record<string, string>,
): string | undefined {
  const scraped = exporterIn(job);
  const called = container ? exporterIn(container) : exporterIn(name);
  if (called === scraped) return called;
  if (watchesOthers(job)) return undefined;
  if (container) return scraped === undefined ? called : undefined;
  return called === undefined && resource.kind === 'Pod' ? scraped : undefined;
}

/** Another part of the exporter: by its name, or as the pod that was scraped. */
function isExporters(
  { name, labelKey }: Candidate,
  exporter: string,
  { job = exporter }: Record<string, string>,
): boolean {
  return exporterIn(name) !== undefined || (labelKey === 'pod' && !watchesOthers(job));
}
