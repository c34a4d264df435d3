import { RemedyError } from '../../errors/remedy-error.ts';
import { parseResourceName } from '../named-resource.ts';

/** What `dedup show` is asked about, as far as the text alone tells. */
export type Subject =
  | { kind: 'fingerprint'; fingerprint: string }
  | { kind: 'prefix'; prefix: string }
  | { kind: 'request'; name: string }
  | { kind: 'resource'; text: string; namespace?: string | undefined; clusterID?: string | undefined };

const hex = /^[0-9a-f]+$/i;
const fingerprintDigits = 64;
const shortestPrefix = 8;

/** A fingerprint, 8 to 63 of its leading digits, KIND/NAME, else the name of a request. Throws USAGE. */
function parseSubject(text: string): Subject {
  if (text.includes('/')) {
    parseResourceName(text);
    return { kind: 'resource', text };
  }
  if (!hex.test(text)) {
    if (text.trim() !== '') return { kind: 'request', name: text };
    throw new RemedyError('USAGE', 'the name is empty', { hint: 'see remedyctl dedup show --help' });
  }
  const digits = text.toLowerCase();
  if (digits.length === fingerprintDigits) return { kind: 'fingerprint', fingerprint: digits };
  if (digits.length >= shortestPrefix && digits.length < fingerprintDigits) {
    return { kind: 'prefix', prefix: digits };
  }
  throw new RemedyError('USAGE', `"${text}" is no fingerprint: it has ${digits.length} digits`, {
    hint: `give all ${fingerprintDigits} digits, or the first ${shortestPrefix} or more`,
  });
}

interface SubjectFlags {
  file?: string | undefined;
  resource?: string | undefined;
  'resource-namespace'?: string | undefined;
  'resource-cluster-id'?: string | undefined;
}

/** The one thing that a command line asks about. Throws USAGE where it is none or several. */
export function chooseSubject(
  about: string | undefined,
  flags: SubjectFlags,
): Subject | { kind: 'file'; file: string } {
  const given = [about, flags.file, flags.resource].filter((text) => text !== undefined);
  if (given.length !== 1) {
    throw new RemedyError(
      'USAGE',
      `${given.length === 0 ? 'nothing is' : 'several things are'} asked about`,
      {
        hint: 'give one of: a fingerprint, the name of a request, KIND/NAME, or a file of signals with -f',
      },
    );
  }
  const subject = subjectOf(about, flags);
  const place = { namespace: flags['resource-namespace'], clusterID: flags['resource-cluster-id'] };
  if (subject.kind === 'resource') return { ...subject, ...place };
  if (flags['resource-namespace'] === undefined && flags['resource-cluster-id'] === undefined) return subject;
  throw new RemedyError('USAGE', '--resource-namespace and --resource-cluster-id belong to KIND/NAME');
}

function subjectOf(
  about: string | undefined,
  { file, resource }: SubjectFlags,
): Subject | { kind: 'file'; file: string } {
  if (file !== undefined) return { kind: 'file', file };
  const text = resource ?? about ?? '';
  if (resource === undefined) return parseSubject(text);
  parseResourceName(text);
  return { kind: 'resource', text };
}
