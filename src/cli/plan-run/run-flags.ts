import { boolean, string } from '@oclif/core/flags';

/** Flags of commands that work on a run. */
export const workFlags = {
  timeout: string({
    helpValue: 'DURATION',
    summary: 'How long the whole run may take, such as 10m; then it stops and can be resumed.',
  }),
  'call-timeout': string({
    helpValue: 'DURATION',
    summary: 'How long one request to PagerDuty, OCM or Backplane may take, such as 10s (default 30s).',
  }),
  'metrics-file': string({
    helpValue: 'FILE',
    summary: "Write the counters of what succeeded there, in Prometheus' text format.",
  }),
  pushgateway: string({
    helpValue: 'URL',
    summary: 'Push the counters there at the end, as job cad.',
  }),
  'token-stdin': boolean({
    summary: 'Read credentials from stdin: lines NAME=token (PAGERDUTY_TOKEN, OCM_TOKEN, OCM_CLIENT_SECRET).',
  }),
  yes: boolean({ summary: 'Answer every question with yes.' }),
};

export interface WorkFlags {
  readonly timeout?: string | undefined;
  readonly 'metrics-file'?: string | undefined;
  readonly pushgateway?: string | undefined;
  readonly 'token-stdin': boolean;
  readonly yes: boolean;
}
