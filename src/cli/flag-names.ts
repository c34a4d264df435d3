import { RemedyError } from '../errors/remedy-error.ts';

/** Fields of calls, plans and actions whose flag is not their own name. */
const flags: Readonly<Record<string, string>> = {
  decisionClock: 'now',
  'spec.incident.id': 'incident-id',
  'spec.incident.silentPolicy': 'silent-policy',
  'spec.cluster.id': 'cluster-id',
  'spec.cluster.externalId': 'external-id',
  'spec.cluster.product': 'product',
  'metadata.alertType': 'alert-type',
  durationMs: 'ttl',
  graceMs: 'grace',
  lockWaitMs: 'lock-wait',
  observeMs: 'observe',
  resourceClusterID: 'resource-cluster-id',
  waitMs: 'wait',
  credentials: 'token-stdin',
  timeoutMs: 'timeout',
  duplicateWithinMs: 'duplicate-within',
};

/** The context of an action is not the one of a kubeconfig. */
const actionFields: Readonly<Record<string, string>> = { context: 'metricContext' };

/** What is wrong with a plan of one action, said of the flags that it was made of; anything else comes back as it is. */
export function inFlags(thrown: unknown): unknown {
  if (!(thrown instanceof RemedyError) || thrown.code !== 'INVALID_FIELD') return thrown;
  const { code, message, hint } = thrown;
  const said = message
    .replace(/^action (?:\d+ )?\w+: /, '')
    .replaceAll(
      /(?<=^|; )([A-Za-z]+(?:\.[A-Za-z]+)*): /g,
      (_, field: string) => `${flagOf(actionFields[field] ?? field)}: `,
    );
  return new RemedyError(code, said, { hint, cause: thrown });
}

/** The flag that gives a field: `--skip-scope-check` for `skipScopeCheck`. */
export function flagOf(field: string): string {
  const name = flags[field] ?? field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return `--${name}`;
}

/** An option of a call that cannot be is a flag that cannot be; anything else comes back as it is. */
export function asFlagError(thrown: unknown): unknown {
  if (!(thrown instanceof RemedyError) || thrown.code !== 'INVALID_OPTION') return thrown;
  const { message, hint, details } = thrown;
  return new RemedyError('USAGE', message, { hint, details, cause: thrown.cause });
}
