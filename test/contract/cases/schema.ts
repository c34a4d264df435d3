import { type ContractCase, post, put } from '../contract-case.ts';
import { fingerprint, request, requestSpec, requests, requestWith, statusOf } from '../specimens.ts';

/** One violation of the spec each: what is changed in a request that holds every rule. */
const specViolations: [string, Record<string, unknown>][] = [
  ['a fingerprint with capitals breaks the pattern', { signalFingerprint: fingerprint('A') }],
  ['a short fingerprint breaks the pattern', { signalFingerprint: 'abc' }],
  ['a long fingerprint is too long, which goes before its pattern', { signalFingerprint: 'a'.repeat(65) }],
  ['an empty severity is too short', { severity: '' }],
  ['a severity has at most 50 characters', { severity: 's'.repeat(51) }],
  ['a signal name has at most 253 characters', { signalName: 'n'.repeat(254) }],
  ['a signal source has at most 63 characters', { signalSource: 's'.repeat(64) }],
  ['a cluster ID has at most 253 characters', { clusterID: 'c'.repeat(254) }],
  ['length counts characters, not bytes or code units', { severity: '😀'.repeat(50) }],
  ['a target type is one of a list', { targetType: 'openstack' }],
  ['a number is no string', { signalName: 5 }],
  ['a boolean is no string', { signalName: true }],
  ['an object is no string', { signalName: {} }],
  ['a list is no object', { targetResource: [] }],
  ['a string is no object', { targetResource: 'Pod/a' }],
  ['a target needs a kind and a name', { targetResource: {} }],
  ['a value of a map of strings is a string', { signalLabels: { a: 1, b: 'x' } }],
  ['a map is no list', { signalAnnotations: ['x'] }],
  ['a time is RFC 3339', { firingTime: 'yesterday' }],
  ['a time needs its zone', { firingTime: '2026-11-20T10:00:00' }],
  ['a date is no time', { firingTime: '2026-11-20' }],
  ['a time with fractions and an offset stays as written', { firingTime: '2026-11-20T12:00:00.123+02:00' }],
  ['null for a required field counts as missing', { severity: null }],
  ['null for an optional field is dropped', { clusterID: null }],
  ['each missing field is named', { severity: undefined, signalName: undefined, firingTime: undefined }],
  [
    'several violations come together',
    {
      severity: '',
      targetType: 'x',
      signalFingerprint: 'zz',
      signalName: 1,
      targetResource: { kind: 'Pod' },
    },
  ],
];

/** The same for the status, written through /status. */
const statusViolations: [string, Record<string, unknown>][] = [
  ['a phase is one of a list', { overallPhase: 'Paused' }],
  ['an outcome is one of a list', { completionStatus: { outcome: 'Fixed' } }],
  [
    'an enum under allOf is refused with the rule that holds it',
    { completionStatus: { failurePhase: 'Nowhere' } },
  ],
  ['a count is a whole number', { deduplication: { occurrenceCount: 1.5 } }],
  ['a whole number may be written with a point', { deduplication: { occurrenceCount: 2.0 } }],
  ['a count is no string', { deduplication: { occurrenceCount: '2' } }],
  [
    'a count is not held to the int32 that its format names',
    { deduplication: { occurrenceCount: 2147483648 } },
  ],
  ['the largest int32 is a count', { deduplication: { occurrenceCount: 2147483647 } }],
  ['an int64 is not held to 32 bits', { observedGeneration: 4294967296 }],
  ['a flag is a boolean', { completionStatus: { requiresManualReview: 'yes' } }],
  ['a list is a list', { routingStatus: { duplicateRefs: 'rr-1' } }],
  ['items are checked each', { routingStatus: { duplicateRefs: ['rr-1', 2, null] } }],
  ['a condition needs its fields', { conditions: [{ type: 'Ready' }] }],
  [
    'a condition is checked field by field',
    {
      conditions: [
        {
          type: 'not ok!',
          status: 'Maybe',
          reason: '',
          message: 'm',
          lastTransitionTime: 'now',
          observedGeneration: -1,
        },
      ],
    },
  ],
  [
    'two conditions of one type are refused',
    {
      conditions: [1, 2].map(() => ({
        type: 'Ready',
        status: 'True',
        reason: 'Fine',
        message: '',
        lastTransitionTime: '2026-11-20T10:00:00Z',
      })),
    },
  ],
  ['a time in the status is RFC 3339', { deduplication: { firstSeenAt: 'now', occurrenceCount: 1 } }],
  ['a duration is a duration', { timeoutConfig: { global: 'long' } }],
  ['a duration in hours and minutes is fine', { timeoutConfig: { global: '1h30m' } }],
  ['null for a field of the status is dropped', { overallPhase: null, message: 'm' }],
  ['an unknown field of the status is pruned with a warning', { dedup: 1, message: 'm' }],
];

export const schemaCases: ContractCase[] = [
  ...specViolations.map(([name, spec]) => ({
    name: `spec: ${name}`,
    steps: [post(requests, requestWith('a', spec))],
  })),
  {
    name: 'spec: required as a whole only where the schema says so',
    steps: [post(requests, request('a', { spec: undefined }))],
  },
  { name: 'spec: null is as good as absent', steps: [post(requests, request('a', { spec: null }))] },
  { name: 'spec: is an object', steps: [post(requests, request('a', { spec: 'x' }))] },
  {
    name: 'spec: every optional field is kept as it came',
    steps: [
      post(
        requests,
        request('a', {
          spec: requestSpec({
            clusterID: 'prod-east',
            originalPayload: '{"a":"<&>\\u2028"}',
            providerData: '{}',
            signalLabels: { alertname: 'X', '': 'empty key' },
            signalAnnotations: {},
            targetResource: { kind: 'Pod', name: 'p', namespace: 'n', apiVersion: 'v1' },
          }),
        }),
      ),
    ],
  },
  ...statusViolations.map(([name, status]) => ({
    name: `status: ${name}`,
    steps: [
      post(requests, request('a'), { save: { version: 'metadata.resourceVersion' } }),
      put(`${requests}/a/status`, statusOf('a', status, { resourceVersion: '{version}' })),
    ],
  })),
  {
    name: 'status: a hash that is set stays',
    steps: [
      post(requests, request('a'), { save: { version: 'metadata.resourceVersion' } }),
      put(
        `${requests}/a/status`,
        statusOf('a', { operatorAudit: { preRemediationSpecHash: 'x' } }, { resourceVersion: '{version}' }),
        { save: { version: 'metadata.resourceVersion' } },
      ),
      put(
        `${requests}/a/status`,
        statusOf('a', { operatorAudit: { preRemediationSpecHash: 'y' } }, { resourceVersion: '{version}' }),
      ),
    ],
  },
];
