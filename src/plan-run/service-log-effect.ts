import type { ServiceLogEntry } from '../ocm/ocm-client.ts';
import type { CallOptions } from '../http/remote-request.ts';
import { sentLine } from '../plan/notes.ts';
import { serviceLogPayload } from '../plan/payloads.ts';
import type { PlannedActionOf } from '../plan/plan.ts';
import type { EffectContext } from './effect-context.ts';
import { foundObject, mayBeOurs, type Done, type Effect } from './effect.ts';
import { clusterOf, loggedCluster } from './plan-subject.ts';

/** A log that is older tells of something else: the customer does not look for the trouble of today in it. */
const usuallyWithinMs = 7 * 24 * 3_600_000;

/** Sends a service log, unless the cluster has a young one with the same summary and description. */
export function serviceLogEffect(action: PlannedActionOf<'service_log'>, context: EffectContext): Effect {
  const cluster = clusterOf(context.plan);
  const { duplicateWithinMs: withinMs = usuallyWithinMs } = context.settings;
  const sent = (entry: ServiceLogEntry): Done => ({
    outcome: 'succeeded',
    id: entry.id,
    lines: [sentLine(action)],
  });
  const find = async (call: CallOptions): Promise<ServiceLogEntry[]> => {
    const ocm = await context.clients.ocm();
    const found = await ocm.findServiceLogs(loggedCluster(cluster), action.summary, call);
    return found.filter(
      (entry) =>
        entry.summary === action.summary &&
        entry.description === action.description &&
        // the customer has not been told what is hidden from them
        (entry.internalOnly ?? false) === action.internalOnly,
    );
  };
  return {
    content: {},
    ...(action.allowDuplicates
      ? {}
      : {
          precheck: async (call, { systemNow }) => {
            const young = (await find(call)).filter(({ createdAt }) =>
              isWithin(createdAt, withinMs, systemNow()),
            );
            return duplicateOf(action, young);
          },
        }),
    send: async (call) => {
      const log = serviceLogPayload(action, cluster.id);
      return sent(await (await context.clients.ocm()).createServiceLog(log, call));
    },
    lookUp: async (search, call) => {
      const ours = (await find(call)).find(
        (entry) => mayBeOurs(entry.createdAt, search) && !search.taken.has(entry.id ?? ''),
      );
      return ours === undefined ? 'absent' : sent(ours);
    },
  };
}

/** One that does not say when it was made counts as young. */
function isWithin(createdAt: string | undefined, withinMs: number, nowMs: number): boolean {
  const at = createdAt === undefined ? Number.NaN : Date.parse(createdAt);
  return withinMs > 0 && (Number.isNaN(at) || at >= nowMs - withinMs);
}

function duplicateOf(
  { summary }: PlannedActionOf<'service_log'>,
  [found]: readonly ServiceLogEntry[],
): Done | undefined {
  if (found === undefined) return undefined;
  return {
    outcome: 'skipped_duplicate',
    found: foundObject(found),
    lines: [{ kind: 'automation', text: `SL was there already: '${summary}'` }],
  };
}
