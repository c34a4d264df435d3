import { describe, expect, it } from 'vitest';
import { clusterOfAlerts } from '../../../src/plan/incident-cluster.ts';
import { hasShared, readVectors } from '../../support/shared.ts';

interface Case {
  id: string;
  kind: 'payload' | 'cluster-id';
  alerts?: { id: string; body: { details?: unknown } }[];
  clusterId?: string;
}

async function* inPages(details: readonly unknown[]) {
  for (const one of details) yield await Promise.resolve({ id: 'P1', details: one });
}

const { cases } = hasShared ? readVectors<{ cases: Case[] }>('cad-incidents') : { cases: [] };
const withAlerts = cases.filter(({ kind, alerts }) => kind === 'cluster-id' && alerts !== undefined);

/** Where the reference is wrong: an id with white space or a comma, an alert without an id before one that has it. */
const mended: Readonly<Record<string, string>> = {
  'pub-i-field-spaces': '0c86hk',
  'pub-i-firing-trailing-comma': 'gkdgf',
  'pub-i-first-alert-without': 'two-ft0',
  'pub-i-first-alert-empty-id': 'two-fbe',
};

describe.runIf(hasShared)('the cluster of an incident, as the reference finds it', () => {
  it.each(withAlerts)('$id', async ({ id, alerts = [], clusterId }) => {
    const found = await clusterOfAlerts(inPages(alerts.map(({ body }) => body.details)));
    expect(found).toBe(mended[id] ?? clusterId);
  });
});

describe('the cluster of an incident', () => {
  it.each([
    ['a field', [{ cluster_id: ' c1 ' }], 'c1'],
    ['the YAML of the notes', [{ cluster_id: '', notes: 'runbook: x\ncluster_id: "c2"\n' }], 'c2'],
    ['a number in the notes', [{ notes: 'cluster_id: 12345' }], '12345'],
    ['a label that fires', [{ notes: 'a: b: c\n\t- x', firing: 'Labels:\n - cluster_id = c3, x' }], 'c3'],
    ['a later alert', [undefined, 'cluster_id: x', { cluster_id: 7 }, { cluster_id: 'c4' }], 'c4'],
    ['no other label', [{ firing: ' - hosted_cluster_id = c5\n - _cluster_id = c6' }], undefined],
    ['no alias bomb', [{ notes: `a: &a [x]\nb: [${'*a,'.repeat(300)}]\ncluster_id: c7` }], undefined],
  ])('is in %s', async (_name, details, expected) => {
    expect(await clusterOfAlerts(inPages(details))).toBe(expected);
  });
});
