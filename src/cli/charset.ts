/** Whether what reads our output takes UTF-8, by the locale; anything else gets plain ASCII. */
export function takesUtf8(env: Readonly<Record<string, string | undefined>>): boolean {
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find(
    (value) => value !== undefined && value !== '',
  );
  return /utf-?8/i.test(locale ?? '');
}

/** `text` in ASCII, for charts and marks of our own. */
export function inAscii(text: string): string {
  return text.replaceAll('…', '...').replaceAll('–', '-').replaceAll('±', '+-').replaceAll('█', '#');
}
