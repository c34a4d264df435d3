/** The stages before anything of RemediationRequests is asked: what the signal is, and what it is about. */
import { fingerprintInput } from '../signal/fingerprint.ts';
import type { ParsedSignal } from '../signal/parsed-signal.ts';
import type { Notice, Reason } from '../errors/reason.ts';
import type { NormalizedSignal, TargetResource } from '../signal/signal.ts';
import type { ResolutionFacts } from '../signal/signal-resolver.ts';
import type { TargetChoice } from '../signal/target.ts';
import type { StageDetails } from './explanation.ts';
import { describeResource } from '../signal/resource-text.ts';
import type { Walk } from './walk.ts';
import { counted } from '../text/count.ts';

/** Where the reasons that a resolver refuses with belong. */
type RefusingStage = 'parse' | 'target' | 'owner';

/**
 * Adds the stages from parse to owner. `refusal`: why the signal was refused on the way, if it was; the stage that it
 * belongs to is the last one then.
 */
export function addResolution(
  walk: Walk,
  parsed: ParsedSignal,
  facts: ResolutionFacts,
  refusal: Reason | undefined,
): void {
  const stage = refusal === undefined ? undefined : refusingStage(refusal, facts);
  addParse(walk, { parsed, facts, refusal: stage === 'parse' ? refusal : undefined });
  if (stage === 'parse') return;
  addTarget(walk, { parsed, facts, refusal: stage === 'target' ? refusal : undefined });
  if (stage === 'target') return;
  addOwner(walk, facts, stage === 'owner' ? refusal : undefined);
}

interface Resolved {
  parsed: ParsedSignal;
  facts: ResolutionFacts;
  refusal: Reason | undefined;
}

function refusingStage({ code }: Reason, { choice, walk }: ResolutionFacts): RefusingStage {
  if (code === 'STALE' || code === 'INVALID_FIELD') return 'parse';
  if (code === 'NO_TARGET' || choice?.failure !== undefined) return 'target';
  return choice === undefined && walk === undefined ? 'target' : 'owner';
}

function addParse(walk: Walk, { parsed, facts, refusal }: Resolved): void {
  const warnings = texts(parsed.warnings);
  if (facts.stale !== undefined && refusal === undefined) {
    warnings.push(`the gateway would refuse the signal: ${facts.stale}`);
  }
  const details = { ...parsedFacts(parsed), ...listed(warnings) };
  if (refusal !== undefined) walk.stop('parse', refusal, details);
  else walk.add('parse', warnings.length > 0 ? 'warn' : 'ok', parsedText(parsed), details);
}

function parsedFacts(parsed: ParsedSignal): StageDetails['parse'] {
  const { signalName, severity, signalSource, clusterID, firingTime } = parsed;
  return {
    ...(signalName === '' ? {} : { signalName }),
    severity,
    signalSource,
    ...(clusterID === undefined ? {} : { clusterID }),
    ...(firingTime === undefined ? {} : { firingTime }),
  };
}

function parsedText({ signalName, severity, signalSource, firingTime }: ParsedSignal): string {
  const what = signalSource === 'prometheus' ? 'an alert' : 'an event';
  const since = firingTime === undefined ? '' : `, firing since ${firingTime}`;
  return `it is ${what} named ${signalName === '' ? '(nothing)' : signalName}, severity ${severity}${since}`;
}

function addTarget(walk: Walk, { parsed, facts, refusal }: Resolved): void {
  if (parsed.subject.from === 'object') {
    const target = parsed.subject.resource;
    const details = { from: 'object' as const, target };
    if (refusal !== undefined) walk.stop('target', refusal, details);
    else walk.add('target', 'ok', `the event names ${describeResource(target)}`, details);
    return;
  }
  const { choice } = facts;
  const details: StageDetails['target'] = {
    from: 'labels',
    ...(choice === undefined ? {} : { candidates: choice.candidates, ...listed(texts(choice.warnings)) }),
    ...(choice?.target === undefined ? {} : { target: choice.target }),
  };
  if (refusal !== undefined) walk.stop('target', refusal, details);
  else walk.add('target', details.warnings === undefined ? 'ok' : 'warn', choiceText(choice), details);
}

function choiceText(choice: TargetChoice | undefined): string {
  const chosen = choice?.candidates.find(({ verdict }) => verdict === 'chosen');
  if (chosen === undefined || choice?.target === undefined) return 'the target is known';
  const { labelKey, name, why } = chosen;
  return `the label ${labelKey}=${name} names ${describeResource(choice.target)}: ${why}`;
}

function addOwner(walk: Walk, { walk: owners }: ResolutionFacts, refusal: Reason | undefined): void {
  if (refusal !== undefined) {
    walk.stop('owner', refusal, {});
    return;
  }
  if (owners?.state !== 'resolved') return;
  const { chain, ended } = owners;
  const last: TargetResource = chain.at(-1) ?? chain[0];
  const hops = chain.length - 1;
  const found =
    hops === 0
      ? `${describeResource(last)} stands for itself`
      : `${counted(hops, 'hop leads', 'hops lead')} to ${describeResource(last)}`;
  const details = { chain, ended, ...listed(texts(owners.warnings)) };
  walk.add('owner', owners.warnings.length > 0 ? 'warn' : 'ok', `${found}: ${ended}`, details);
}

/** The namespace that a cluster-scoped owner keeps is part of the fingerprint, as in the gateway. */
export function addFingerprint(walk: Walk, signal: NormalizedSignal): void {
  const { clusterID, namespace, resource, fingerprint } = signal;
  const input = fingerprintInput({ clusterID, namespace, kind: resource.kind, name: resource.name });
  walk.add('fingerprint', 'ok', `SHA-256 of ${input}`, { fingerprint, input });
}

function texts(notices: readonly Notice[]): string[] {
  return notices.map(({ message }) => message);
}

function listed(warnings: string[]): { warnings?: string[] } {
  return warnings.length > 0 ? { warnings } : {};
}
