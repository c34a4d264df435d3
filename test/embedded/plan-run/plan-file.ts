import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runProgram, type ProgramResult } from '../../support/built-program.ts';
import { startRemoteSystems, type FakeRemoteSystems } from '../../support/remote-systems/remote-systems.ts';

export const clusterId = '1a2b3c';
export const incidentId = 'Q2I4AV3ZURABC';
export const silentPolicy = 'PSILENT1';

const actions = {
  limited_support:
    '    - limited_support: { summary: Cluster is in Limited Support, details: Instances were stopped., context: StoppedInstances }',
  service_log:
    '    - service_log: { severity: Major, summary: "Action required: network", description: Open the firewall. }',
  backplane_report: '    - backplane_report: { summary: chgm, fromNotes: true, timestamped: true }',
  pagerduty_note: '    - pagerduty_note: { fromNotes: true }',
  pagerduty_title_update: '    - pagerduty_title_update: { prefix: "[LS]" }',
  silence_incident: '    - silence_incident: { reason: in limited support }',
  escalate_incident: '    - escalate_incident: { reason: a person has to look }',
} as const;
export type ActionName = keyof typeof actions;

export const silencing: readonly ActionName[] = [
  'limited_support',
  'service_log',
  'backplane_report',
  'pagerduty_note',
  'pagerduty_title_update',
  'silence_incident',
];

/** The effects of all of these, each once. */
export const everythingOnce = {
  limitedSupports: 1,
  serviceLogs: 1,
  reports: 1,
  notes: 1,
  title: '[LS] ClusterHasGoneMissing',
  policy: silentPolicy,
  escalations: 0,
};

/** The text of a plan with these actions; `options` as in the file. */
export function planText(names: readonly ActionName[], options = '{ concurrent: false }'): string {
  return `apiVersion: remedyctl.dev/v1
kind: Plan
metadata: { name: chgm }
spec:
  cluster: { id: ${clusterId}, externalId: 6e7f4c10-0000-4000-8000-000000000001, product: rosa }
  incident: { id: ${incidentId} }
  options: ${options}
  notes:
    - warning: Instances are stopped.
  actions:
${names.map((name) => actions[name]).join('\n')}
`;
}

/** The built program, a store of its own, and the three systems. */
export class PlanBench {
  readonly folder: string;
  readonly systems: FakeRemoteSystems;
  readonly env: Record<string, string>;

  private constructor(folder: string, systems: FakeRemoteSystems) {
    this.folder = folder;
    this.systems = systems;
    this.env = {
      ...systems.env,
      HOME: folder,
      REMEDYCTL_STORE: path.join(folder, 'store'),
      REMEDYCTL_TARGET: 'embedded',
      REMEDYCTL_PAGERDUTY_SILENT_POLICY: silentPolicy,
    };
  }

  static async start(): Promise<PlanBench> {
    const systems = await startRemoteSystems();
    systems.ocm.addCluster({ id: clusterId });
    systems.pagerDuty.addIncident({ id: incidentId });
    return new PlanBench(await mkdtemp(path.join(tmpdir(), 'plan-run-')), systems);
  }

  /** The systems are gone then, and everything in the folder. */
  async stop(): Promise<void> {
    await this.systems.stop();
    // a program that was killed may leave its last file while the folder goes
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  get store(): string {
    return path.join(this.folder, 'store');
  }

  async write(name: string, text: string): Promise<string> {
    const file = path.join(this.folder, name);
    await writeFile(file, text);
    return file;
  }

  run(...args: string[]): Promise<ProgramResult> {
    return runProgram(args, { env: this.env });
  }

  incident(): { title: string; escalationPolicy: string } {
    const incident = this.systems.pagerDuty.incidents.get(incidentId);
    if (incident === undefined) throw new Error('the incident is gone');
    return incident;
  }

  /** What the systems hold, counted. */
  effects(): Record<string, unknown> {
    const { pagerDuty, ocm, backplane } = this.systems;
    return {
      limitedSupports: ocm.reasons.length,
      serviceLogs: ocm.serviceLogs.length,
      reports: backplane.reports.length,
      notes: pagerDuty.notes.length,
      title: this.incident().title,
      policy: this.incident().escalationPolicy,
      escalations: pagerDuty.escalations.length,
    };
  }
}
