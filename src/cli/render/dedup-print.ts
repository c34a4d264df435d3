import type { TargetDescription } from '../../kube/client.ts';
import type { SubjectState } from '../../dedup/state-reader.ts';
import type { Session } from '../session.ts';
import { stateColumns, stateName } from './dedup-columns.ts';
import { stateText } from './dedup-text.ts';
import { printDocument } from './document.ts';

interface PrintedState {
  state: SubjectState;
  target: TargetDescription;
  nowMs: number;
}

/** One state: a sentence, facts and a table, or the DeduplicationState document. */
export async function printState(session: Session, { state, target, nowMs }: PrintedState): Promise<void> {
  const { output, render, paint } = session;
  if (render.format.kind === 'table' || render.format.kind === 'wide') {
    await output.write(stateText(state, { nowMs, paint, render, scope: session.scope }));
    return;
  }
  const document = { apiVersion: 'remedyctl.dev/v1', kind: 'DeduplicationState', target, ...state };
  const columns = stateColumns({ now: () => nowMs, paint });
  await printDocument(output, { document, rows: [state], columns, name: stateName }, render);
}
