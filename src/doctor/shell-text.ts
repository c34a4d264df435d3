const plain = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** A word for a POSIX shell: quoted where the shell would read it as anything else. */
export function shellWord(text: string): string {
  return plain.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
