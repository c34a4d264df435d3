import type { KubeObject } from '../api/objects.ts';
import type { Random } from '../time/random.ts';
import type { Identity } from './identity.ts';
import type { Lease } from './lease-object.ts';
import { namedHolder } from './lease-object.ts';

interface ForcedChange {
  verb: 'renew' | 'release';
  reason: string;
  author: Identity;
  nowMs: number;
}

const reasons = { renew: 'LeaseRenewalForced', release: 'LeaseReleaseForced' } as const;

/** The Event that stands beside a lease which somebody other than its holder changed while it was live. */
export function forcedChangeEvent(
  lease: Lease,
  { verb, reason, author, nowMs }: ForcedChange,
  random: Random,
): KubeObject {
  const { name, namespace = 'default', uid, resourceVersion } = lease.metadata;
  const holder = namedHolder(lease) ?? 'nobody';
  const whole = new Date(nowMs).toISOString().replace(/\.\d+Z$/, 'Z');
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name}.${random.uuid().replaceAll('-', '').slice(0, 16)}`, namespace },
    involvedObject: {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      name,
      namespace,
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
    type: 'Warning',
    reason: reasons[verb],
    message: `${author.user}@${author.host} forces the ${verb} of the lock of ${holder}: ${reason}`,
    source: { component: 'remedyctl', host: author.host },
    firstTimestamp: whole,
    lastTimestamp: whole,
    count: 1,
  };
}
