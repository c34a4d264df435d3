/**
 * Whether a command line asks for JSON, read from argv itself: a command line that cannot be parsed still gets
 * its error as a document. The environment's default output counts where no flag stands.
 */
export function wantsJson(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  const format = outputFlag(argv) ?? env['REMEDYCTL_OUTPUT'];
  return format === 'json' || format === 'jsonl';
}

function outputFlag(argv: readonly string[]): string | undefined {
  let format: string | undefined;
  for (const [index, arg] of argv.entries()) {
    if (arg === '--') break;
    if (arg === '-o' || arg === '--output') format = argv[index + 1];
    else if (arg.startsWith('--output=')) format = arg.slice('--output='.length);
    else if (/^-o./.test(arg)) format = arg.slice(2).replace(/^=/, '');
  }
  return format;
}
