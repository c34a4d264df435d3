import { string as stringArg } from '@oclif/core/args';
import { boolean, option, string } from '@oclif/core/flags';
import { RemedyError } from '../errors/remedy-error.ts';
import type { ReadOptions } from '../documents/read-documents.ts';
import type { Clock } from '../time/clock.ts';
import { rfc3339Ms } from '../time/rfc3339.ts';
import { nowFlag } from './global-flags.ts';
import type { Session } from './session.ts';

/** The files of commands that read signals. */
export const signalArgs = {
  files: stringArg({
    required: false,
    multiple: true,
    ignoreStdin: true,
    description: 'Files, folders or globs of alerts and events, gzip too; - is stdin.',
  }),
};

const targetGroup = 'TARGET';
const sourceGroup = 'SOURCE';
const readingGroup = 'READING';
/** The group of the flags that say what is refused, of every command that takes signals. */
export const checkGroup = 'CHECK';

/** Of how a run goes on. */
export const runGroup = 'RUN';

/** Of commands that wait for the lock of a fingerprint, or foretell the wait. */
export const lockWaitFlag = {
  'lock-wait': string({
    helpGroup: runGroup,
    helpValue: 'DURATION',
    summary: "How long to wait for somebody else's lock (default: ten tries, about 6 s).",
  }),
};

/** The flags of commands that choose the targets of alerts. */
const targetFlags = {
  'label-as': string({
    helpGroup: targetGroup,
    multiple: true,
    multipleNonGreedy: true,
    helpValue: 'FROM=KEY',
    summary:
      'Read the label FROM as KEY when the target is chosen, for example k8s.pod.name=pod; repeatable.',
  }),
  prefer: string({
    helpGroup: targetGroup,
    multiple: true,
    multipleNonGreedy: true,
    helpValue: 'KIND[,KIND]',
    summary: 'Kinds that go before all others where an alert names several resources.',
  }),
  'target-choice': option({
    helpGroup: targetGroup,
    options: ['corrected', 'gateway'] as const,
    summary: 'gateway: do not let labels exported_<key> go before <key> (default corrected).',
  })(),
};

/** The flags of commands that take signals straight from where they are. */
const sourceFlags = {
  from: string({
    helpValue: 'SOURCE',
    summary:
      'In place of files: what fires at alertmanager=URL or prometheus=URL; or request=NAME once more.',
  }),
  filter: string({
    multiple: true,
    multipleNonGreedy: true,
    helpValue: 'MATCHER',
    summary: 'With --from: only alerts whose labels match.',
  }),
  'all-alerts': boolean({
    helpGroup: sourceGroup,
    summary: 'With --from request=NAME: every alert of its payload, and not only those that it was made for.',
  }),
  'set-start': string({
    helpGroup: sourceGroup,
    helpValue: 'TIME',
    summary: 'With --from request=NAME: since when the alerts are said to fire (RFC 3339, or now).',
  }),
  'from-username': string({
    helpGroup: sourceGroup,
    helpValue: 'NAME',
    summary:
      'With --from: the name to log in with; the password is in ALERTMANAGER_PASSWORD or PROMETHEUS_PASSWORD.',
  }),
  'from-password-file': string({
    helpGroup: sourceGroup,
    helpValue: 'FILE',
    summary: 'With --from: the file of the password.',
  }),
  'from-token-file': string({
    helpGroup: sourceGroup,
    helpValue: 'FILE',
    summary:
      'With --from: the file of the token, where ALERTMANAGER_TOKEN or PROMETHEUS_TOKEN does not have it.',
  }),
  'from-ca-file': string({
    helpGroup: sourceGroup,
    helpValue: 'FILE',
    summary: 'With --from: certificates to check the server by, as PEM.',
  }),
  'from-insecure': boolean({
    helpGroup: sourceGroup,
    summary: "With --from: do not check the server's certificate.",
  }),
};

/** The flags of commands that read signals. */
export const signalFlags = {
  now: { ...nowFlag.now, helpGroup: checkGroup },
  ...targetFlags,
  ...sourceFlags,
  format: option({
    helpGroup: readingGroup,
    options: ['auto', 'json', 'ndjson', 'yaml'] as const,
    summary: 'How to read the input, instead of finding out by name and content.',
  })(),
  'max-document': string({
    helpGroup: readingGroup,
    helpValue: 'SIZE',
    summary: 'The largest document, or item of a large List, that is read (default 10MiB).',
  }),
  'enforce-freshness': boolean({
    helpGroup: checkGroup,
    summary: 'Refuse signals that the gateway would refuse for their time, instead of warning.',
  }),
  'include-suppressed': boolean({
    helpGroup: readingGroup,
    summary: 'Take alerts that AlertManager has as suppressed, by a silence or by another alert.',
  }),
  'include-pending': boolean({
    helpGroup: readingGroup,
    summary: 'Take alerts that Prometheus has as pending: they do not fire yet.',
  }),
};

export interface SignalInput {
  format?: ReadOptions['format'];
  'max-document'?: string | undefined;
}

/** How the reader is to read, of flags and configuration. */
export function readOptions(
  { runtime, config, notices }: Pick<Session, 'runtime' | 'config' | 'notices'>,
  flags: SignalInput,
): ReadOptions {
  return {
    cwd: runtime.cwd,
    get stdin() {
      return runtime.stdin;
    },
    format: flags.format ?? 'auto',
    maxDocumentBytes: config.values['ingest.maxDocument'],
    elements: true,
    textSkipped: (file, { message }) => {
      notices.warn(`${file}: ${message}`);
    },
    signal: runtime.signal,
  };
}

/** Flags as settings have them: a boolean flag that was not given must not hide what the configuration says. */
export function settingFlags<Flags extends { 'from-insecure': boolean }>(
  flags: Flags,
): Omit<Flags, 'from-insecure'> & { 'from-insecure': true | undefined } {
  return { ...flags, 'from-insecure': flags['from-insecure'] ? true : undefined };
}

/** The clock of decisions: `--now` stands still, else the real one. Throws USAGE for what is no time. */
export function decisionClock(clock: Clock, now: string | undefined): Pick<Clock, 'now'> {
  if (now === undefined) return clock;
  const atMs = rfc3339Ms(now);
  if (Number.isNaN(atMs)) {
    throw new RemedyError('USAGE', `--now: "${now}" is no RFC 3339 time`, {
      hint: 'for example --now 2026-03-01T12:00:00Z',
    });
  }
  return { now: () => atMs };
}
