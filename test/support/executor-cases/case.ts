/** Cases of the reference's executor: what it was given, what the systems answered, what it sent. */
import { hasShared, readVectors } from '../shared.ts';

export type System = 'pagerduty' | 'ocm' | 'backplane';

export interface Rule {
  system: System;
  /** `METHOD part-of-path`; absent: every request of the system. */
  match?: string;
  /** Absent: for ever. */
  times?: number;
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
  rawBody?: string;
  fault?: 'reset' | 'refused';
  delayMs?: number;
}

export interface ReferenceRequest {
  system: System;
  method: string;
  path: string;
  query?: Record<string, string>;
  body?: Record<string, unknown>;
  headers: Record<string, string>;
  /** A status, or what became of it. */
  answer: string;
  waitSeconds?: [number, number];
  /** `executor` or `ocm-sdk transport`. */
  waitBy?: string;
}

export interface Cluster {
  id: string;
  externalId: string;
  name?: string;
  product?: string;
}

export interface Incident {
  id: string;
  title: string;
  silentPolicy: string;
}

export type GivenAction = { type: string } & Record<string, unknown>;

export interface CaseOptions {
  variant: '' | 'manual' | 'infra' | 'infra-uncertain' | 'infra-manual';
  maxRetries: number;
  concurrent: boolean;
  stopOnError: boolean;
  dryRun: boolean;
  cancelAfterMs?: number;
}

export interface Notes {
  name: string;
  lines: [kind: 'success' | 'warning' | 'automation', text: string][];
}

export interface Case {
  id: string;
  cluster: Cluster | undefined;
  incident: Incident | undefined;
  notes: Notes;
  /** Without a collector nothing is appended; a run of remedyctl always has one. */
  hasCollector: boolean;
  /** Undefined: the executor was given nothing. */
  actions: GivenAction[] | undefined;
  options: CaseOptions;
  script: Rule[];
  requests: ReferenceRequest[];
  metrics: Record<string, number>;
  notesAppended: string;
  result: { ok: boolean; error?: string; failed?: { action: string; error: string }[] };
  elapsedSeconds?: [number, number];
}

interface Recorded {
  id: string;
  cluster?: string | Cluster | null;
  incident?: string | Incident | null;
  notes?: string | Notes;
  actions: GivenAction[] | null;
  options?: Partial<CaseOptions>;
  script?: Rule[];
  requests?: (Omit<ReferenceRequest, 'headers'> & { headers?: string; again?: number })[] | null;
  metrics?: Record<string, number>;
  notesAppended?: string;
  result: Case['result'];
  elapsedSeconds?: [number, number];
}

export interface RecordedFile {
  fixtures?: Record<string, unknown>;
  headerSets: Record<string, Record<string, string>>;
  cases: Recorded[];
}

/** Nothing without the reference material. */
export function executorCases(file: 'cad-actions' | 'cad-execution'): Case[] {
  if (!hasShared) return [];
  const recorded = readVectors<RecordedFile>(file);
  return recorded.cases.map((one) => caseOf(one, recorded));
}

/** With every name resolved and every default filled in. */
export function caseOf(one: Recorded, { fixtures = {}, headerSets }: Omit<RecordedFile, 'cases'>): Case {
  const named = <T>(value: string | T | null | undefined): T | undefined =>
    typeof value === 'string' ? (fixtures[value] as T) : (value ?? undefined);
  const all = one.requests ?? [];
  const requests = all.map((request): ReferenceRequest => {
    const { again, headers, ...own } = request;
    const first = again === undefined ? request : (all[again] ?? request);
    const set = headers ?? `${first.system}-${first.method.toLowerCase()}`;
    return { ...first, ...own, headers: headerSets[set] ?? {} };
  });
  return {
    id: one.id,
    cluster: named(one.cluster),
    incident: named(one.incident),
    notes: named(one.notes) ?? { name: 'none', lines: [] },
    hasCollector: one.notes !== undefined,
    actions: one.actions ?? undefined,
    options: {
      variant: '',
      maxRetries: 1,
      concurrent: false,
      stopOnError: false,
      dryRun: false,
      ...one.options,
    },
    script: one.script ?? [],
    requests,
    metrics: one.metrics ?? {},
    notesAppended: one.notesAppended ?? '',
    result: one.result,
    ...(one.elapsedSeconds === undefined ? {} : { elapsedSeconds: one.elapsedSeconds }),
  };
}
