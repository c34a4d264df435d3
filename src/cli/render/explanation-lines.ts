import type { ExplainedStage, LookedAtRequest, StageDetails, StageName } from '../../explain/explanation.ts';
import type { PassResult, TargetCandidate } from '../../signal/target.ts';
import { managedLabel } from '../../signal/observed-cluster.ts';
import { sourceText } from './ingest-columns.ts';

/** The facts under a stage's sentence, one a line. */
export function factLines(stage: ExplainedStage): string[] {
  const lines = linesOf[stage.stage] as (details: StageDetails[StageName]) => string[];
  return lines(stage.details);
}

const linesOf: { [S in StageName]: (details: StageDetails[S]) => string[] } = {
  parse: (details) => [...warningLines(details), ...hintLines(details)],
  target: (details) => [
    ...(details.candidates ?? []).map((candidate) => candidateLine(candidate)),
    ...warningLines(details),
    ...hintLines(details),
  ],
  owner: (details) => [...chainLines(details), ...warningLines(details), ...hintLines(details)],
  fingerprint: ({ fingerprint }) => [fingerprint],
  scope: (details) => [
    ...details.looked.map(({ object, state, label }) => {
      if (state === 'failed') return `${object}: could not be read`;
      if (state === 'absent') return `${object}: not found`;
      return `${object}: ${label === undefined ? `no label ${managedLabel}` : `${managedLabel}=${label}`}`;
    }),
    ...warningLines(details),
    ...hintLines(details),
  ],
  lease: leaseLines,
  deduplication: (details) => [
    ...details.requests.map(requestLine),
    ...plannedLines(details),
    ...hintLines(details),
  ],
  decision: (details) => hintLines(details),
};

const passWords: Readonly<Record<PassResult, string>> = {
  found: 'found',
  notFound: 'not found',
  neverFound: 'never found where it is looked for',
  forbidden: 'may not be read',
  notAsked: 'not asked',
  noCandidate: 'no candidate',
};

function candidateLine(candidate: TargetCandidate): string {
  const { labelKey, name, kind, tier, verdict, why, firstPass, secondPass } = candidate;
  const told = `${labelKey}=${name}: ${kind}, tier ${tier}, ${verdict}: ${why}`;
  if ([firstPass, secondPass].every((pass) => ['notAsked', 'noCandidate'].includes(pass))) return told;
  return `${told} (first pass: ${passWords[firstPass]}; second: ${passWords[secondPass]})`;
}

function warningLines({ warnings = [] }: { warnings?: string[] }): string[] {
  return warnings.map((warning) => `warning: ${warning}`);
}

function hintLines({ code, hint }: { code?: string; hint?: string }): string[] {
  return [...(code === undefined ? [] : [`code: ${code}`]), ...(hint === undefined ? [] : [`hint: ${hint}`])];
}

function chainLines({ chain = [] }: StageDetails['owner']): string[] {
  if (chain.length < 2) return [];
  return [chain.map(({ kind, name }) => `${kind}/${name}`).join(' < ')];
}

function leaseLines(details: StageDetails['lease']): string[] {
  const { expiresAt, expiresAtByAcquireTime, renewedAt, acquiredAt, durationSeconds } = details;
  const lines: string[] = [];
  if (acquiredAt !== undefined) lines.push(`acquired ${acquiredAt}`);
  if (renewedAt !== undefined) lines.push(`renewed ${renewedAt}`);
  if (durationSeconds !== undefined) lines.push(`for ${durationSeconds} s at a time`);
  if (expiresAt !== undefined) lines.push(`expires ${expiresAt} by its renewTime, which counts`);
  if (expiresAtByAcquireTime !== undefined)
    lines.push(`expires ${expiresAtByAcquireTime} by its acquireTime`);
  const { clockSkewSeconds: skew, clockSkewErrorSeconds: error } = details;
  if (skew !== undefined && expiresAt !== undefined) {
    lines.push(
      `the server's clock is ${skew.toFixed(1)} s (+-${(error ?? 0).toFixed(1)} s) ahead of this one`,
    );
  }
  return lines;
}

function requestLine(request: LookedAtRequest): string {
  const { name, createdAt, deletedAt, outcome, considered } = request;
  const facts = [
    ...(createdAt === undefined ? [] : [`created ${createdAt}`]),
    ...(outcome === undefined ? [] : [`outcome ${outcome}`]),
    ...(deletedAt === undefined ? [] : [`being deleted since ${deletedAt}`]),
  ];
  const shown = facts.length === 0 ? '' : ` (${facts.join(', ')})`;
  return `${name}${shown}: ${request.counted ? 'counts' : 'does not count'}: ${considered}`;
}

function plannedLines({ plannedBy }: StageDetails['deduplication']): string[] {
  return plannedBy === undefined ? [] : [`made by ${sourceText(plannedBy)}`];
}
