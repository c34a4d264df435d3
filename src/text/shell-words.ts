const plain = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** A word for a POSIX shell: quoted where the shell would read it as anything else. */
export function shellWord(text: string): string {
  return plain.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A command line that a POSIX shell reads back as these words. */
export function shellLine(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}
