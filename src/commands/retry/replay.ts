import { string as stringArg } from '@oclif/core/args';
import { option, string } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { exitCodes } from '../../cli/exit-codes.ts';
import { policyChange, policyFlags, wholeNumber } from '../../cli/retry/policy-flags.ts';
import { printReplay } from '../../cli/retry/print-replay.ts';

const outageGroup = 'OUTAGE';

export default class RetryReplay extends RemedyCommand {
  static override description =
    'Replay what was recorded with signal ingest --record, or written by hand, on a mock clock and by the code that retries in production: every attempt, its class and why, every wait, and the final error. With other settings both sides stand next to each other. Nothing is sent and nothing really waits.';

  static override examples = [
    '<%= config.bin %> retry replay run.ndjson',
    '<%= config.bin %> retry replay run.ndjson --max-attempts 6 --show differing',
    '<%= config.bin %> retry replay trace.yaml --outage 0s..4s --latency 20ms --runs 1000',
    '<%= config.bin %> retry replay trace.yaml --outage 0s..4s --clients 500 --jitter 0',
    "<%= config.bin %> retry replay trace.yaml --expect ok --expect 'total<2s'",
  ];

  static override args = {
    traces: stringArg({
      multiple: true,
      required: true,
      ignoreStdin: true,
      description: 'Traces: lines of JSON, or one YAML or JSON document; - is stdin.',
    }),
  };

  static override flags = {
    policy: string({
      helpGroup: 'POLICY',
      helpValue: 'POLICY',
      summary: 'Retry by this policy: creation, lock, status, plan, key=value pairs, or a file.',
    }),
    ...policyFlags,
    then: string({
      helpGroup: outageGroup,
      helpValue: 'OUTCOME',
      default: 'repeat',
      summary: 'What comes after the recorded outcomes: repeat, ok or error=503 (a status, errno or text).',
    }),
    outage: string({
      helpGroup: outageGroup,
      helpValue: 'FROM..TO|FILE',
      multiple: true,
      multipleNonGreedy: true,
      summary:
        'In place of recorded outcomes: the server fails from when to when of the trace, as 0s..4s, 0s..4s=429 or 1s..2s=ECONNRESET.',
    }),
    latency: string({
      helpGroup: outageGroup,
      helpValue: 'DURATION',
      summary: 'How long an answer takes under --outage (default 0s).',
    }),
    runs: string({
      helpValue: 'N',
      default: '1',
      summary: 'Replay each operation so often, each time with other jitter, and show the distribution.',
    }),
    clients: string({
      helpGroup: outageGroup,
      helpValue: 'M',
      default: '1',
      summary: 'So many clients do the same at once: requests per 100 ms.',
    }),
    seed: string({ helpValue: 'S', default: '1', summary: 'The same seed gives the same replay.' }),
    operation: string({
      helpValue: 'NAME',
      multiple: true,
      multipleNonGreedy: true,
      summary: 'Replay operations of this name only, such as create_remediation_request.',
    }),
    show: option({
      options: ['all', 'differing', 'summary'] as const,
      summary:
        'Which operations to print; default: under other settings what differs, else all. Documents hold all.',
    })(),
    expect: string({
      helpValue: 'EXPECTATION',
      multiple: true,
      multipleNonGreedy: true,
      summary: "Exit with 3 unless it holds in every replay: ok, error, attempts=3, requests<=6, 'total<2s'.",
    }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(RetryReplay);
    const session = await this.openSession(flags);
    const held = await printReplay(session, {
      ...flags,
      changePolicy: policyChange(flags),
      traces: args.traces,
      runs: wholeNumber('runs', flags.runs, { min: 1, max: 1_000_000 }),
      clients: wholeNumber('clients', flags.clients, { min: 1, max: 100_000 }),
      seed: wholeNumber('seed', flags.seed, { min: 0, max: 4_294_967_295 }),
    });
    return held ? exitCodes.done : exitCodes.differs;
  }
}
