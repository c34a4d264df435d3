import type { ErrorCode } from '../errors/error-codes.ts';
import type { UnreadableDocument } from './source-document.ts';
import type { TextPosition } from './text-position.ts';

/** Which document of which file, and where in it; `document` from 0, positions from 1. */
export interface DocumentPlace {
  file: string;
  document: number;
  position?: TextPosition;
}

/** A refused document whose message opens with the place, as compilers name it: `file:line:column: what`. */
export function refuse(
  place: DocumentPlace,
  code: ErrorCode,
  what: string,
  hint?: string,
): UnreadableDocument {
  const { file, document, position } = place;
  const where = position === undefined ? file : `${file}:${position.line}:${position.column}`;
  return {
    kind: 'unreadable',
    file,
    document,
    reason: { code, message: `${where}: ${what}`, ...(hint === undefined ? {} : { hint }) },
    ...position,
  };
}
