import type { Runtime } from './runtime.ts';

/**
 * Whether a command line asks for JSON, read from argv itself: a command line that cannot be parsed still gets
 * its error as a document. Once the configuration is known, what it says counts.
 */
export function wantsJson(argv: readonly string[], runtime: Runtime): boolean {
  const format = remembered.get(runtime) ?? outputFlag(argv) ?? runtime.env['REMEDYCTL_OUTPUT'];
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

const remembered = new WeakMap<Runtime, string>();

/** Notes the format that the whole configuration yields, once it is known; the file may name one too. */
export function rememberFormat(runtime: Runtime, format: string): void {
  remembered.set(runtime, format);
}
