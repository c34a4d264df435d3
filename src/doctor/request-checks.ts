import type { ServedRequestKind } from '../kube/discovery.ts';
import { apiVersionOf } from '../api/objects.ts';
import { isApiError } from '../kube/api-error.ts';
import type { KubeClient } from '../kube/client.ts';
import { ok, skip, type Check, type Finding } from './check.ts';

/** By the first of these every decision is looked up; by the others `request list --field-selector` may select. */
const fingerprintField = 'spec.signalFingerprint';
const otherSelectable = ['spec.signalType', 'spec.severity', 'spec.clusterID'];

/** What is written into a new request. `spec.deduplication` is left out on purpose: only old schemas have it. */
const writtenFields = [
  'spec.signalFingerprint',
  'spec.signalName',
  'spec.severity',
  'spec.signalType',
  'spec.signalSource',
  'spec.targetType',
  'spec.clusterID',
  'spec.targetResource.kind',
  'spec.targetResource.name',
  'spec.targetResource.namespace',
  'spec.targetResource.apiVersion',
  'spec.firingTime',
  'spec.receivedTime',
  'spec.signalLabels',
  'spec.signalAnnotations',
  'spec.providerData',
  'spec.originalPayload',
];

const countFields = ['occurrenceCount', 'firstSeenAt', 'lastSeenAt'].map(
  (field) => `status.deduplication.${field}`,
);

/** What a decision is made by, in the one layout and in the other. */
const decisionFields = {
  nested: [
    'status.overallPhase',
    'status.completionStatus.outcome',
    'status.routingStatus.nextAllowedExecution',
  ],
  flat: ['status.overallPhase', 'status.outcome', 'status.nextAllowedExecution'],
} as const;

/** No schema has it: a schema that claims to is not known to us, or open. */
const impossibleField = 'spec.remedyctlAsksWhetherThisSchemaIsPublished';
const updateDefinition =
  'Update the definition to that of the gateway in use: kubectl apply --server-side -f CRD-OF-YOUR-GATEWAY.yaml';

interface RequestQuestions {
  client: () => Promise<KubeClient>;
  namespace: string;
}

/** Which RemediationRequests are served, by what they can be selected, and what of our fields their schema has. */
export function requestChecks({ client, namespace }: RequestQuestions): Check[] {
  return [
    {
      name: 'served',
      group: 'requests',
      needs: ['reachable'],
      after: ['latency'],
      run: async () => describeServed(await client()),
    },
    {
      name: 'selectable',
      group: 'requests',
      needs: ['served'],
      run: async (signal) => askSelectable(await client(), namespace, signal),
    },
    {
      name: 'schema',
      group: 'requests',
      needs: ['served'],
      run: async () => describeSchema(await (await client()).discovery.remediationRequests()),
    },
  ];
}

async function describeServed(client: KubeClient): Promise<Finding> {
  const resource = await client.discovery.requestResource();
  const { group, version, plural } = resource;
  return ok(`${plural} are served as ${apiVersionOf(resource)}`, { group, version, resource: plural });
}

async function askSelectable(client: KubeClient, namespace: string, signal: AbortSignal): Promise<Finding> {
  const fields = [fingerprintField, ...otherSelectable];
  const answers = await Promise.all(
    fields.map((field) => isSelectable(client, { field, namespace }, signal)),
  );
  const forbidden = answers.includes('forbidden');
  if (forbidden) return skip('requests may not be listed, so by what they can be selected is not known');
  const selectable = fields.filter((_, index) => answers[index] === true);
  const details = { selectable, notSelectable: fields.filter((field) => !selectable.includes(field)) };
  if (selectable.includes(fingerprintField)) return ok(`by ${selectable.join(', ')}`, details);
  return {
    status: 'warn',
    message: `not by ${fingerprintField}: every decision reads all requests of the namespace`,
    details,
    fix: updateDefinition,
  };
}

async function isSelectable(
  client: KubeClient,
  { field, namespace }: { field: string; namespace: string },
  signal: AbortSignal,
): Promise<boolean | 'forbidden'> {
  const resource = await client.discovery.requestResource();
  try {
    const query = { namespace, fieldSelector: `${field}=remedyctl-doctor`, limit: 1 };
    await client.objects.list(resource, query, { signal });
    return true;
  } catch (thrown) {
    if (!isApiError(thrown)) throw thrown;
    if (thrown.httpStatus === 400) return false;
    if (thrown.code === 'FORBIDDEN') return 'forbidden';
    throw thrown;
  }
}

/** What the served schema lacks of the fields that are written and read. */
export function describeSchema(kind: ServedRequestKind): Finding {
  const { statusLayout } = kind;
  if (kind.hasField(impossibleField)) {
    return {
      status: 'warn',
      message: 'the schema is not published to us, or takes anything: every field counts as served',
      fix: 'kubectl get --raw /openapi/v3 shows what is published; kubectl auth can-i get /openapi/v3',
    };
  }
  const lacking = (fields: readonly string[]): string[] => fields.filter((field) => !kind.hasField(field));
  const written = lacking(writtenFields);
  const counts = lacking(countFields);
  const read = lacking(decisionFields[statusLayout]);
  const details = { statusLayout, missing: [...written, ...counts, ...read] };
  const losses = [
    ...(counts.length > 0 ? [`occurrences are not counted (no ${counts.join(', ')})`] : []),
    ...(written.length > 0 ? [`new requests lack ${written.join(', ')}`] : []),
    ...(read.length > 0 ? [`decisions do without ${read.join(', ')}`] : []),
  ];
  if (losses.length === 0)
    return ok(`has every field that is used; the status layout is ${statusLayout}`, details);
  return { status: 'warn', message: losses.join('; '), details, fix: updateDefinition };
}
