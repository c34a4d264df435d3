/** Which cluster an incident is about, as its alerts say. */
import type { IncidentAlert } from '../pagerduty/pagerduty-client.ts';
import { readPlanText } from './plan-text.ts';

/** The id in the first alert that has one, internal or external, without white space around it. Reads no further than that. */
export async function clusterOfAlerts(alerts: AsyncIterable<IncidentAlert>): Promise<string | undefined> {
  for await (const { details } of alerts) {
    const id = clusterOfDetails(details);
    if (id !== undefined) return id;
  }
  return undefined;
}

/** The field `cluster_id`, else the one in the YAML of `notes`, else the label in the text of `firing`. */
function clusterOfDetails(details: unknown): string | undefined {
  return (
    idIn(fieldOf(details, 'cluster_id')) ??
    idInNotes(fieldOf(details, 'notes')) ??
    idInFiring(fieldOf(details, 'firing'))
  );
}

function idInNotes(notes: unknown): string | undefined {
  if (typeof notes !== 'string') return undefined;
  const read = readPlanText(notes, 'notes');
  if ('problems' in read) return undefined;
  const id = fieldOf(read.documents[0]?.value, 'cluster_id');
  return idIn(typeof id === 'number' ? String(id) : id);
}

/** A label of its own: `hosted_cluster_id` is another one. In a list of labels a comma ends the id. */
function idInFiring(firing: unknown): string | undefined {
  if (typeof firing !== 'string') return undefined;
  const [, id] = /(?:^|\s)cluster_id = (\S+)/.exec(firing) ?? [];
  return idIn(id?.replace(/,+$/, ''));
}

function idIn(value: unknown): string | undefined {
  const id = typeof value === 'string' ? value.trim() : '';
  return id === '' ? undefined : id;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
