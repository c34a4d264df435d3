import { acknowledge } from '../../dedup/acknowledge.ts';
import type { KubeClient } from '../../kube/client.ts';
import { identityOf } from '../../lease/identity.ts';
import { confirm } from '../confirmation.ts';
import { printDocument } from '../render/document.ts';
import { ackPreview, ackText, type AcknowledgedRequest } from '../render/request-ack-text.ts';
import type { Session } from '../session.ts';
import { confirmWrite } from '../write-guard.ts';
import type { AckWish } from './ack-flags.ts';

/** Acknowledges and prints a RequestAcknowledgement. Throws what `acknowledge` throws, NEEDS_YES, DECLINED. */
export async function acknowledgeAndPrint(
  session: Session,
  client: KubeClient,
  { name, yes, dryRun, reason, settleMs }: AckWish & { name: string },
): Promise<void> {
  const { runtime, config, notices } = session;
  const { clock, signal } = runtime;
  const result = await acknowledge(
    {
      client,
      clock,
      signal,
      identity: identityOf(runtime),
      notes: notices,
      namespace: config.values.namespace,
    },
    {
      name,
      dryRun,
      reason,
      settleMs,
      onPlan: (plan) => {
        notices.say(ackPreview(plan, clock.now()));
      },
      confirm: () => ask(session, client, { name, yes }),
    },
  );
  const { target } = client;
  await print(session, {
    apiVersion: 'remedyctl.dev/v1',
    kind: 'RequestAcknowledgement',
    target,
    ...result,
  });
}

/** A profile that wants the cluster's name typed asks for that in place of y. */
async function ask(
  session: Session,
  { target }: KubeClient,
  { name, yes }: { name: string; yes: boolean },
): Promise<void> {
  if (session.config.values.confirm === 'typed' && target.kind === 'cluster') {
    await confirmWrite(session, { target, dryRun: false, yes });
    return;
  }
  await confirm({ about: `acknowledge the manual review of ${name}`, yes }, session.runtime);
}

async function print({ output, render }: Session, result: AcknowledgedRequest): Promise<void> {
  if (render.format.kind === 'table' || render.format.kind === 'wide') {
    await output.write(`${ackText(result)}\n`);
    return;
  }
  const name = (): string => `remediationrequest/${result.request.name}`;
  await printDocument(output, { document: result, rows: [result], columns: [], name }, render);
}
