/** A shorter beginning of a name is taken for a name that is not there. */
const leastCharacters = 4;

/** Whether a text may stand for the one request whose name begins so; for reading alone: who writes names it whole. */
export function mayBeginName(text: string): boolean {
  return text.length >= leastCharacters;
}
