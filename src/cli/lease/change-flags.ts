import { boolean, string } from '@oclif/core/flags';
import type { LockClaim } from '../../lease/lock-claim.ts';
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

/** By what right the flags say that the lock is changed. */
export function claimOf({ holder, force, ...flags }: ChangeFlagValues): LockClaim {
  return { ifHolder: flags['if-holder'], holder, ifExpired: flags['if-expired'], force };
}
