import { string as stringArg } from '@oclif/core/args';
import { boolean, string } from '@oclif/core/flags';
import type { LockKeyInput } from '../../locks/resolve-lock-key.ts';

const keyGroup = 'KEY';

/** KEY of every `lease …` command that is about one lock; `--resource` stands in its place. */
export const lockKeyArgs = {
  key: stringArg({
    ignoreStdin: true,
    description:
      'A fingerprint or its first 8 digits or more, a lease name (gw-lock-…) or a request name (rr-…).',
  }),
};

export const lockKeyFlags = {
  'raw-key': boolean({
    helpGroup: keyGroup,
    summary: 'Take KEY as the key itself, whatever it looks like; one under 16 characters is hashed.',
  }),
  resource: string({
    helpGroup: keyGroup,
    helpValue: 'KIND/NAME',
    summary: 'The lock of this resource, resolved to its owner as a signal is; in place of KEY.',
  }),
  'resource-namespace': string({
    helpGroup: keyGroup,
    helpValue: 'NAMESPACE',
    summary: 'The namespace of --resource (default: default; none for a cluster-scoped kind).',
  }),
  'resource-cluster-id': string({
    helpGroup: keyGroup,
    helpValue: 'ID',
    summary: 'The cluster that the signal of --resource names, if it names one.',
  }),
};

interface LockKeyFlagValues {
  'raw-key': boolean;
  resource: string | undefined;
  'resource-namespace': string | undefined;
  'resource-cluster-id': string | undefined;
}

/** The lock that the command line names. */
export function lockKeyInput(key: string | undefined, flags: LockKeyFlagValues): LockKeyInput {
  return {
    key,
    rawKey: flags['raw-key'],
    resource: flags.resource,
    resourceNamespace: flags['resource-namespace'],
    resourceClusterID: flags['resource-cluster-id'],
  };
}
