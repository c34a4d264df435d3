import { optionName } from '../errors/option-name.ts';
import type { ScopeFacts } from '../ingest/ingest-item.ts';
import type { ScopeCheckOptions, ScopeLook } from '../signal/scope.ts';
import type { Notice, Reason } from '../errors/reason.ts';
import type { StageDetails } from './explanation.ts';
import type { Walk } from './walk.ts';

export interface ScopeOutcome {
  mode: ScopeCheckOptions['mode'];
  looks: ScopeLook[];
  scope: ScopeFacts | undefined;
  reason: Reason | undefined;
  warnings: Notice[];
}

/** Whether the signal's resource is managed, with every label that was looked at. */
export function addScope(walk: Walk, { mode, looks, scope, reason, warnings }: ScopeOutcome): void {
  const { managed, decidedBy } = scope ?? {};
  const details: StageDetails['scope'] = {
    mode,
    looked: looks,
    ...(managed === undefined ? {} : { managed }),
    ...(decidedBy === undefined ? {} : { decidedBy }),
    ...(warnings.length > 0 ? { warnings: warnings.map(({ message }) => message) } : {}),
  };
  if (reason !== undefined) walk.stop('scope', reason, details);
  else if (mode === 'notApplicable') walk.add('scope', 'ok', 'not checked on the embedded store', details);
  else if (mode === 'skip')
    walk.add('scope', 'warn', `not checked: ${optionName('skipScopeCheck')}`, details);
  else {
    const outcome = warnings.length > 0 ? 'warn' : 'ok';
    walk.add('scope', outcome, `it is managed: the label of ${decidedBy ?? ''} says so`, details);
  }
}
