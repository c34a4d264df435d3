import { RemedyError } from '../errors/remedy-error.ts';

/**
 * An id as one segment of a path. Errors: INVALID_OPTION for an empty one (it would address the whole collection) and for
 * `.` and `..`, which servers resolve away.
 */
export function pathSegment(id: string, what: string): string {
  if (id.trim() === '' || id === '.' || id === '..') {
    throw new RemedyError('INVALID_OPTION', `${what} is ${id.trim() === '' ? 'empty' : JSON.stringify(id)}`, {
      hint: `Give ${what}.`,
    });
  }
  // through bytes: half a surrogate pair cannot be percent-encoded
  return encodeURIComponent(Buffer.from(id, 'utf8').toString('utf8'));
}
