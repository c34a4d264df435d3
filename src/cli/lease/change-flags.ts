import { boolean, string } from '@oclif/core/flags';
import { RemedyError } from '../../errors/remedy-error.ts';
import { writeFlags } from '../global-flags.ts';

/** Flags of the commands that change a lock which another process took. */
export const changeFlags = {
  ...writeFlags,
  'if-holder': string({
    helpValue: 'HOLDER',
    summary: 'Only if this is its holder, and then in its name.',
  }),
  'if-expired': boolean({ summary: 'Only if it has expired.' }),
  force: boolean({
    dependsOn: ['reason'],
    summary: "Also if it is somebody else's and live: asks for its name to be typed, and leaves an Event.",
  }),
  reason: string({ helpValue: 'TEXT', summary: 'Why, for the Event that --force leaves.' }),
  holder: string({
    hidden: true,
    helpValue: 'ID',
    summary: 'Our identity: a lock of any other holder is none of ours, and left alone.',
  }),
};

export interface ChangeFlagValues {
  'if-holder': string | undefined;
  'if-expired': boolean;
  force: boolean;
  reason: string | undefined;
  holder: string | undefined;
  'dry-run': 'client' | 'server' | undefined;
  yes: boolean;
}

const longestReason = 512;

/** Throws USAGE. */
export function checkChangeFlags({ force, holder, reason, ...flags }: ChangeFlagValues): void {
  if (holder === '') throw usage('--holder is empty');
  if (holder !== undefined && flags['if-holder'] !== undefined)
    throw usage('--holder and --if-holder exclude each other');
  if (reason === undefined) return;
  if (!force) throw usage('--reason belongs to --force');
  if (reason.trim() === '') throw usage('--reason is empty');
  if (reason.length > longestReason) throw usage(`--reason is longer than ${longestReason} characters`);
}

function usage(message: string): RemedyError {
  return new RemedyError('USAGE', message);
}
