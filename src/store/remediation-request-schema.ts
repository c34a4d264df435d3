/**
 * What the API server knows of kubernaut.ai/v1alpha1 RemediationRequest: names, limits, enumerations, formats
 * and rules of its CustomResourceDefinition. A test compares it with the definition field by field.
 */
import type { Schema } from './schema.ts';

const text: Schema = { type: 'string' };
const flag: Schema = { type: 'boolean' };
const moment: Schema = { type: 'string', format: 'date-time' };
const duration: Schema = { type: 'string', format: 'duration' };
const textMap: Schema = { type: 'object', additionalProperties: text };

function oneOfTexts(...values: string[]): Schema {
  return { type: 'string', enum: values };
}

/** The generator of the definition wrote these enumerations twice; the server then reports both. */
function twice(...values: string[]): Schema {
  return { type: 'string', allOf: [{ enum: values }, { enum: values }] };
}

/** What `status.overallPhase` may say. */
export const requestPhases = [
  'Pending',
  'Processing',
  'Analyzing',
  'AwaitingApproval',
  'Executing',
  'Verifying',
  'Blocked',
  'Completed',
  'Failed',
  'TimedOut',
  'Skipped',
  'Cancelled',
] as const;
const phase = oneOfTexts(...requestPhases);

const objectReference: Schema = {
  type: 'object',
  properties: {
    apiVersion: text,
    fieldPath: text,
    kind: text,
    name: text,
    namespace: text,
    resourceVersion: text,
    uid: text,
  },
  'x-kubernetes-map-type': 'atomic',
};

const targetResource: Schema = {
  type: 'object',
  required: ['kind', 'name'],
  properties: { apiVersion: text, kind: text, name: text, namespace: text },
};

const spec: Schema = {
  type: 'object',
  required: [
    'firingTime',
    'receivedTime',
    'severity',
    'signalFingerprint',
    'signalName',
    'signalType',
    'targetResource',
    'targetType',
  ],
  properties: {
    clusterID: { type: 'string', maxLength: 253 },
    firingTime: moment,
    originalPayload: text,
    providerData: text,
    receivedTime: moment,
    severity: { type: 'string', minLength: 1, maxLength: 50 },
    signalAnnotations: textMap,
    signalFingerprint: {
      type: 'string',
      maxLength: 64,
      pattern: '^[a-f0-9]{64}$',
      'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'signalFingerprint is immutable' }],
    },
    signalLabels: textMap,
    signalName: { type: 'string', maxLength: 253 },
    signalSource: { type: 'string', maxLength: 63 },
    signalType: text,
    targetResource,
    targetType: oneOfTexts('kubernetes', 'aws', 'azure', 'gcp', 'datadog'),
  },
  'x-kubernetes-validations': [
    { rule: 'self == oldSelf', message: 'spec is immutable after creation (ADR-001)' },
  ],
};

const completionStatus: Schema = {
  type: 'object',
  properties: {
    approvalNotificationSent: flag,
    failurePhase: twice(
      'Configuration',
      'SignalProcessing',
      'AIAnalysis',
      'Approval',
      'WorkflowExecution',
      'Blocked',
      'Deduplicated',
    ),
    failureReason: text,
    notificationRequestRefs: { type: 'array', items: objectReference },
    notificationStatus: oneOfTexts('Pending', 'InProgress', 'Sent', 'Failed', 'Cancelled'),
    outcome: oneOfTexts(
      'Remediated',
      'NoActionRequired',
      'ManualReviewRequired',
      'VerificationTimedOut',
      'Inconclusive',
      'DryRun',
    ),
    requiresManualReview: flag,
    timeoutPhase: phase,
    timeoutTime: moment,
  },
};

const condition: Schema = {
  type: 'object',
  required: ['lastTransitionTime', 'message', 'reason', 'status', 'type'],
  properties: {
    lastTransitionTime: moment,
    message: { type: 'string', maxLength: 32768 },
    observedGeneration: { type: 'integer', format: 'int64', minimum: 0 },
    reason: {
      type: 'string',
      minLength: 1,
      maxLength: 1024,
      pattern: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$',
    },
    status: oneOfTexts('True', 'False', 'Unknown'),
    type: {
      type: 'string',
      maxLength: 316,
      pattern:
        '^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$',
    },
  },
};

const phaseProgress: Schema = {
  type: 'object',
  properties: {
    aiAnalysisRef: objectReference,
    analyzingStartTime: moment,
    currentProcessingRef: objectReference,
    effectivenessAssessmentRef: objectReference,
    executingStartTime: moment,
    processingStartTime: moment,
    remediationProcessingRef: objectReference,
    signalProcessingRef: objectReference,
    verificationDeadline: moment,
    workflowExecutionRef: objectReference,
  },
};

const routingStatus: Schema = {
  type: 'object',
  properties: {
    blockMessage: text,
    blockReason: twice(
      'ConsecutiveFailures',
      'DuplicateInProgress',
      'ResourceBusy',
      'RecentlyRemediated',
      'ExponentialBackoff',
      'UnmanagedResource',
      'IneffectiveChain',
    ),
    blockedUntil: moment,
    blockingWorkflowExecution: text,
    consecutiveFailureCount: { type: 'integer', format: 'int32' },
    deduplicatedByWE: text,
    duplicateCount: { type: 'integer' },
    duplicateOf: text,
    duplicateRefs: { type: 'array', items: text },
    nextAllowedExecution: moment,
    skipMessage: text,
    skipReason: twice('RecentlyRemediated', 'ResourceBusy', 'ExhaustedRetries', 'PreviousExecutionFailed'),
  },
};

const workflowSelection: Schema = {
  type: 'object',
  properties: {
    confidence: text,
    executionRef: objectReference,
    remediationTarget: targetResource,
    selectedWorkflowRef: {
      type: 'object',
      required: ['executionBundle', 'version', 'workflowId'],
      properties: { executionBundle: text, executionBundleDigest: text, version: text, workflowId: text },
    },
    signalTargetDisplay: text,
    targetDisplay: text,
    workflowDisplayName: text,
  },
};

const status: Schema = {
  type: 'object',
  properties: {
    completedAt: moment,
    completionStatus,
    conditions: {
      type: 'array',
      items: condition,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['type'],
    },
    deduplication: {
      type: 'object',
      properties: {
        firstSeenAt: moment,
        lastSeenAt: moment,
        occurrenceCount: { type: 'integer', format: 'int32' },
      },
    },
    message: text,
    observedGeneration: { type: 'integer', format: 'int64' },
    operatorAudit: {
      type: 'object',
      properties: {
        lastModifiedAt: moment,
        lastModifiedBy: text,
        preRemediationSpecHash: {
          type: 'string',
          'x-kubernetes-validations': [
            {
              rule: "oldSelf == '' || self == oldSelf",
              message: 'preRemediationSpecHash is immutable once set',
            },
          ],
        },
      },
    },
    overallPhase: phase,
    phaseProgress,
    retentionExpiryTime: moment,
    routingStatus,
    startTime: moment,
    timeoutConfig: {
      type: 'object',
      properties: { analyzing: duration, executing: duration, global: duration, processing: duration },
    },
    workflowSelection,
  },
};

export const remediationRequestSchema: Schema = {
  type: 'object',
  properties: { apiVersion: text, kind: text, metadata: { type: 'object' }, spec, status },
};

export const remediationRequestSelectableFields: readonly string[] = [
  '.spec.signalFingerprint',
  '.spec.signalType',
  '.spec.severity',
  '.spec.clusterID',
];

/** What kubectl shows of a request; what has a priority with `-o wide` alone. */
export const remediationRequestPrinterColumns: readonly Record<string, unknown>[] = [
  { name: 'Phase', type: 'string', jsonPath: '.status.overallPhase' },
  { name: 'Outcome', type: 'string', jsonPath: '.status.completionStatus.outcome' },
  { name: 'Alert', type: 'string', jsonPath: '.spec.signalName' },
  { name: 'RCA Target', type: 'string', jsonPath: '.status.workflowSelection.targetDisplay' },
  { name: 'Workflow', type: 'string', jsonPath: '.status.workflowSelection.workflowDisplayName' },
  { name: 'Confidence', type: 'string', jsonPath: '.status.workflowSelection.confidence' },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  { name: 'Cluster', type: 'string', jsonPath: '.spec.clusterID', priority: 1 },
  { name: 'Source', type: 'string', jsonPath: '.spec.signalSource', priority: 1 },
  { name: 'Signal NS', type: 'string', jsonPath: '.spec.targetResource.namespace', priority: 1 },
  {
    name: 'Signal Target',
    type: 'string',
    jsonPath: '.status.workflowSelection.signalTargetDisplay',
    priority: 1,
  },
  {
    name: 'RCA NS',
    type: 'string',
    jsonPath: '.status.workflowSelection.remediationTarget.namespace',
    priority: 1,
  },
];
