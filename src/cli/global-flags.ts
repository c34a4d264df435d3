import { boolean, option, string } from '@oclif/core/flags';

const access = 'ACCESS';
const output = 'OUTPUT';

/** The flags that every command understands; no command gives one of these names another meaning. */
export const globalFlags = {
  namespace: string({
    char: 'n',
    helpGroup: access,
    helpValue: 'NAMESPACE',
    summary: 'Where requests and leases live (default kubernaut-system).',
  }),
  'lease-namespace': string({
    helpGroup: access,
    helpValue: 'NAMESPACE',
    summary: 'Where leases live (default: the namespace).',
  }),
  target: option({
    options: ['auto', 'cluster', 'embedded'] as const,
    helpGroup: access,
    summary:
      'Where to work; auto takes a cluster when there is a kubeconfig context, else the embedded store.',
  })(),
  store: string({ helpGroup: access, helpValue: 'DIR', summary: 'The folder of the embedded store.' }),
  kubeconfig: string({ helpGroup: access, helpValue: 'FILE', summary: 'The kubeconfig to use.' }),
  context: string({ helpGroup: access, helpValue: 'NAME', summary: 'The kubeconfig context to use.' }),
  cluster: string({ helpGroup: access, helpValue: 'NAME', summary: 'The kubeconfig cluster to use.' }),
  user: string({ helpGroup: access, helpValue: 'NAME', summary: 'The kubeconfig user to use.' }),
  as: string({ helpGroup: access, helpValue: 'USER', summary: 'The user to impersonate.' }),
  'as-group': string({
    helpGroup: access,
    helpValue: 'GROUP',
    multiple: true,
    multipleNonGreedy: true,
    summary: 'A group to impersonate; may be given several times.',
  }),
  'request-timeout': string({
    helpGroup: access,
    helpValue: 'DURATION',
    summary: 'How long one request to the server may take, such as 30s.',
  }),
  config: string({ helpGroup: access, helpValue: 'FILE', summary: 'The configuration file to read.' }),
  profile: string({
    helpGroup: access,
    helpValue: 'NAME',
    summary: 'The profile of the configuration to use.',
  }),
  output: string({
    char: 'o',
    helpGroup: output,
    helpValue: 'FORMAT',
    summary: 'table, wide, json, jsonl, yaml, name, jsonpath=TEMPLATE or custom-columns=HEADER:PATH,…',
  }),
  'no-headers': boolean({ helpGroup: output, summary: 'Print tables without their header.' }),
  color: option({
    options: ['auto', 'always', 'never'] as const,
    helpGroup: output,
    summary: 'Whether to colour the output.',
  })(),
  verbose: boolean({
    char: 'v',
    helpGroup: output,
    summary: 'Say more on stderr: each request as it is made; -vv: its headers too.',
  }),
  quiet: boolean({ char: 'q', helpGroup: output, summary: 'Say nothing on stderr but errors.' }),
};

/** Those that are used most, which the help of every command shows. */
export const commonFlagNames = ['namespace', 'output', 'target', 'context', 'verbose'] as const;

/** Beside the flags of a command: -v was given twice, which a flag that is on or off cannot say. */
export const headersFlag = 'verbose headers';

/** `-vv`, or `-v` twice. */
export function asksForHeaders(argv: readonly string[]): boolean {
  return timesVerbose(argv) > 1;
}

/** How often `-v` stands on a command line, before the words of another program. */
export function timesVerbose(argv: readonly string[]): number {
  const end = argv.indexOf('--');
  const ours = end === -1 ? argv : argv.slice(0, end);
  const given = ours.filter((word) => word === '--verbose' || /^-[qv]+$/.test(word));
  return given.join('').replaceAll('--verbose', 'v').replaceAll(/[^v]/g, '').length;
}

/** Flags of commands that write. `--dry-run` alone means client. */
export const writeFlags = {
  'dry-run': option({
    options: ['client', 'server'] as const,
    summary: 'Write nothing; server: the server checks it too.',
  })(),
  yes: boolean({ summary: 'Answer every question with yes.' }),
};

/** `--now` of commands that decide by time. */
export const nowFlag = {
  now: string({
    helpValue: 'TIME',
    summary: 'The time by which to decide and to stamp what is received (RFC 3339); leases keep the clock.',
  }),
};

/** Whether a flag may stand without the value that it takes. */
export function valueIsOptional(name: string): boolean {
  return name === 'dry-run';
}

/** `--dry-run` alone becomes `--dry-run=client`, before oclif would take the next word as its value. */
export function expandDryRun(argv: readonly string[]): string[] {
  const end = argv.indexOf('--');
  return argv.map((arg, index) =>
    arg === '--dry-run' && (end === -1 || index < end) ? '--dry-run=client' : arg,
  );
}
