const plain = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** A command line that a POSIX shell reads back as these words. */
export function shellLine(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}

function shellWord(word: string): string {
  return plain.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
