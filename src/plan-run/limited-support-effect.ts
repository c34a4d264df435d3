import type { CallOptions } from '../http/remote-request.ts';
import type { LimitedSupportReason } from '../ocm/ocm-client.ts';
import { sentLine } from '../plan/notes.ts';
import { limitedSupportPayload } from '../plan/payloads.ts';
import type { PlannedActionOf } from '../plan/plan.ts';
import type { EffectContext } from './effect-context.ts';
import { foundObject, mayBeOurs, type Done, type Effect } from './effect.ts';
import { clusterOf } from './plan-subject.ts';
import { saysAny } from './refusal-text.ts';

/** OCM's answer about a cluster that is going away: nobody needs limited support there. */
const uninstalling = "Operation is not allowed for a cluster in 'uninstalling' state";

/** Adds a reason of limited support, unless the cluster has it or is being uninstalled. */
export function limitedSupportEffect(
  action: PlannedActionOf<'limited_support'>,
  context: EffectContext,
): Effect {
  const cluster = clusterOf(context.plan);
  const sent = (reason: LimitedSupportReason): Done => ({
    outcome: 'succeeded',
    id: reason.id,
    lines: [sentLine(action)],
  });
  const find = async (call: CallOptions): Promise<LimitedSupportReason[]> => {
    const ocm = await context.clients.ocm();
    const reasons = await ocm.listLimitedSupport(cluster.id, call);
    return reasons.filter(
      ({ summary, details, overridden }) =>
        // a reason that is overridden does not limit the support of the cluster
        overridden !== true && summary === action.summary && details === action.details,
    );
  };
  return {
    content: {},
    ...(action.allowDuplicates ? {} : { precheck: async (call) => duplicateOf(action, await find(call)) }),
    send: async (call) => {
      const ocm = await context.clients.ocm();
      return sent(await ocm.createLimitedSupport(cluster.id, limitedSupportPayload(action), call));
    },
    lookUp: async (search, call) => {
      const ours = (await find(call)).find(
        (reason) => mayBeOurs(reason.createdAt, search) && !search.taken.has(reason.id ?? ''),
      );
      return ours === undefined ? 'absent' : sent(ours);
    },
    accept: (refusal) =>
      saysAny(refusal, { httpStatus: 400, text: uninstalling })
        ? {
            outcome: 'skipped_uninstalling',
            lines: [
              {
                kind: 'automation',
                text: `LS was not sent, the cluster is uninstalling: '${action.summary}'`,
              },
            ],
          }
        : undefined,
  };
}

function duplicateOf(
  { summary }: PlannedActionOf<'limited_support'>,
  [found]: readonly LimitedSupportReason[],
): Done | undefined {
  if (found === undefined) return undefined;
  return {
    outcome: 'skipped_duplicate',
    found: foundObject(found),
    lines: [{ kind: 'automation', text: `LS was there already: '${summary}'` }],
  };
}
