/** Titles and validation of the reference, as cases of its executor. */
import { hasShared, readVectors } from '../shared.ts';
import { caseOf, type Case, type GivenAction, type RecordedFile } from './case.ts';

type Recorded = RecordedFile['cases'][number];

export interface TitleFile extends Omit<RecordedFile, 'cases'> {
  cases: {
    id: string;
    kind: string;
    cachedTitle?: string;
    prefixes?: string[];
    error?: string;
    requests?: Recorded['requests'];
  }[];
}

/** Prefixes, one after another, to an incident with that title. */
export function titleCases(): Case[] {
  if (!hasShared) return [];
  const file = readVectors<TitleFile>('cad-titles');
  return file.cases
    .filter(({ kind }) => kind === 'title')
    .map(({ id, cachedTitle = '', prefixes = [], requests = [], error }) => {
      const incident = { id: incidentIn(requests) ?? 'Q1', title: cachedTitle, silentPolicy: '' };
      const actions = prefixes.map((prefix) => ({ type: 'pagerduty_title_update', prefix }));
      const result = error === undefined ? { ok: true } : { ok: false, error };
      return caseOf({ id, incident, actions, result, requests }, file);
    });
}

function incidentIn(requests: Recorded['requests']): string | undefined {
  const text = JSON.stringify(requests);
  return /"id":"(\w+)"/.exec(text)?.[1] ?? /\/incidents\/(\w+)/.exec(text)?.[1];
}

interface ValidatedFile {
  cases: { id: string; action: GivenAction & { null?: boolean }; error: string | null }[];
}

/** One action that the reference takes, or not; it is never run. */
export function validatedCases(): Case[] {
  if (!hasShared) return [];
  return readVectors<ValidatedFile>('cad-validate').cases.map(({ id, action, error }) => {
    const cluster = { id: 'c1', externalId: 'f383587a-1681-87eb-b860-8f07867c3b06' };
    const incident = { id: 'Q1', title: 't', silentPolicy: 'PSILENT' };
    const result = error === null ? { ok: true } : { ok: false, error };
    return caseOf({ id, cluster, incident, actions: [action], result }, { headerSets: {} });
  });
}
