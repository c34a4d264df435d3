import { parseSubject, type Subject } from '../../dedup/subject.ts';
import { RemedyError } from '../../errors/remedy-error.ts';
import { parseResourceName } from '../../signal/named-resource.ts';

interface SubjectFlags {
  file?: string | undefined;
  resource?: string | undefined;
  'resource-namespace'?: string | undefined;
  'resource-cluster-id'?: string | undefined;
}

/** The one thing that a command line asks about. Throws USAGE where it is none or several, INVALID_OPTION. */
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

function subjectOf(about = '', { file, resource }: SubjectFlags): Subject | { kind: 'file'; file: string } {
  if (file !== undefined) return { kind: 'file', file };
  if (resource !== undefined) {
    parseResourceName(resource);
    return { kind: 'resource', text: resource };
  }
  if (about.trim() !== '') return parseSubject(about);
  throw new RemedyError('USAGE', 'the name is empty', { hint: 'see remedyctl dedup show --help' });
}
