import { boolean, string } from '@oclif/core/flags';

/** The group of the flags that say how a run is done, of every command that has one. */
export const runGroup = 'RUN';

/** Flags of commands that work on a run. */
export const workFlags = {
  timeout: string({
    helpGroup: runGroup,
    helpValue: 'DURATION',
    summary: 'How long the whole run may take, such as 10m; then it stops and can be resumed.',
  }),
  'call-timeout': string({
    helpGroup: runGroup,
    helpValue: 'DURATION',
    summary: 'How long one request to PagerDuty, OCM or Backplane may take, such as 10s (default 30s).',
  }),
  'metrics-file': string({
    helpGroup: runGroup,
    helpValue: 'FILE',
    summary: "Write the counters of what succeeded there, in Prometheus' text format.",
  }),
  pushgateway: string({
    helpGroup: runGroup,
    helpValue: 'URL',
    summary: 'Push the counters there at the end, as job cad.',
  }),
  'token-stdin': boolean({
    helpGroup: runGroup,
    summary: 'Read credentials from stdin: lines NAME=token (PAGERDUTY_TOKEN, OCM_TOKEN, OCM_CLIENT_SECRET).',
  }),
  yes: boolean({ summary: 'Answer every question with yes.' }),
};

/** Of commands that may send a service log. */
export const duplicateFlag = {
  'duplicate-within': string({
    helpGroup: runGroup,
    helpValue: 'AGE',
    summary: 'A service log is no duplicate once older (default 7d).',
  }),
};

export interface WorkFlags {
  readonly timeout?: string | undefined;
  readonly 'metrics-file'?: string | undefined;
  readonly pushgateway?: string | undefined;
  readonly 'token-stdin': boolean;
  readonly yes: boolean;
}
