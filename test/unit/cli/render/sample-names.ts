/** Names as clusters have them, and as long as the API server takes them. */

/** What one row is about. */
export interface Sample {
  namespace: string;
  kind: string;
  name: string;
  cluster?: string;
  /** 64 hex digits. */
  fingerprint: string;
  request: string;
  signalName: string;
  holder: string;
}

/** A name of exactly so many characters, as a chart with a long release name makes them. */
function longName(length: number, word: string): string {
  return word.repeat(Math.ceil(length / word.length)).slice(0, length - 1) + 'z';
}

function requestOf(fingerprint: string, uuid: string): string {
  return `rr-${fingerprint.slice(0, 12)}-${uuid}`;
}

const fingerprints = [
  '91fce8d5c4949766458bd4bd58859a4fb2e8470ef64ef438c22903744799a9b1',
  '5ef95c0a1b2c3d4e5f60718293a4b5c6d7e8f90112233445566778899aabbccd',
  'c3ab8ff13720e8ad9047dd39466b3c8974e592c2fa383d4a3960714caef0c4f2',
  '0b14d501a594442a01c6859541bcb3e8164d183d32937b851835442f69d5c94e',
] as const;

/** As `/work/shared/signals` and a day of a cluster have them. */
export const ordinary: readonly Sample[] = [
  {
    namespace: 'shop',
    kind: 'Deployment',
    name: 'payments-api',
    fingerprint: fingerprints[0],
    request: requestOf(fingerprints[0], '1c2b5576'),
    signalName: 'KubePodCrashLooping',
    holder: 'gateway-7d9c8b6f5-x2x9k',
  },
  {
    namespace: 'openshift-cluster-csi-drivers',
    kind: 'Pod',
    name: 'aws-ebs-csi-driver-controller-7d9c8b6f5-x2x9k',
    cluster: '2b7c9a4e-6f5d-4c3b-8a19-0e1d2c3b4a5f',
    fingerprint: fingerprints[1],
    request: requestOf(fingerprints[1], '9a8b7c6d'),
    signalName: 'KubeDeploymentReplicasMismatch',
    holder: 'remedyctl/oncall@bastion-2.example.net/41731',
  },
  {
    namespace: 'data',
    kind: 'StatefulSet',
    name: 'ledger',
    fingerprint: fingerprints[2],
    request: requestOf(fingerprints[2], '00ff00ff'),
    signalName: 'KubePersistentVolumeFillingUp',
    holder: 'gateway-7d9c8b6f5-jq4tz',
  },
  {
    namespace: 'batch',
    kind: 'Job',
    name: 'nightly-report-29921996',
    fingerprint: fingerprints[3],
    request: requestOf(fingerprints[3], '4d3c2b1a'),
    signalName: 'KubeJobFailed',
    holder: 'gateway-7d9c8b6f5-x2x9k',
  },
];

/** Among ordinary ones, one that is as long as it may be, and one that is half as long. */
export const extreme: readonly Sample[] = [
  ...ordinary,
  {
    namespace: longName(63, 'team-of-the-long-names-'),
    kind: 'Deployment',
    name: longName(253, 'a-release-with-a-very-long-name-'),
    fingerprint: fingerprints[2],
    request: longName(253, 'rr-c3ab8ff13720-made-by-another-tool-'),
    signalName: 'KubeStatefulSetUpdateNotRolledOut',
    holder: longName(253, 'gateway-of-the-long-names-'),
  },
  {
    namespace: longName(63, 'team-of-the-other-names-'),
    kind: 'Pod',
    name: longName(120, 'half-as-long-'),
    fingerprint: fingerprints[3],
    request: longName(63, 'rr-0b14d501a594-made-by-'),
    signalName: 'KubeJobFailed',
    holder: longName(63, 'gateway-half-as-long-'),
  },
];
