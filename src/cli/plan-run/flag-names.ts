import { RemedyError } from '../../errors/remedy-error.ts';

/** Fields of a plan and its action whose flag is not their own name. */
const flags: Readonly<Record<string, string>> = {
  'spec.incident.id': 'incident-id',
  'spec.incident.silentPolicy': 'silent-policy',
  'spec.cluster.id': 'cluster-id',
  'spec.cluster.externalId': 'external-id',
  'spec.cluster.product': 'product',
  'metadata.alertType': 'alert-type',
  context: 'metric-context',
};

/** What is wrong with a plan of one action, said of the flags that it was made of; anything else comes back as it is. */
export function inFlags(thrown: unknown): unknown {
  if (!(thrown instanceof RemedyError) || thrown.code !== 'INVALID_FIELD') return thrown;
  const { code, message, hint } = thrown;
  const said = message
    .replace(/^action (?:\d+ )?\w+: /, '')
    .replaceAll(/(?<=^|; )([A-Za-z]+(?:\.[A-Za-z]+)*): /g, (_, field: string) => `--${flagOf(field)}: `);
  return new RemedyError(code, said, { hint, cause: thrown });
}

function flagOf(field: string): string {
  return flags[field] ?? field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
