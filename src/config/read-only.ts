import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import type { EffectiveConfig } from './load-config.ts';

/** Refuses what the configuration or its profile forbids. `canLook`: whether what is refused has a dry run. @throws READ_ONLY_PROFILE */
export function refuseWrites(
  { values, profile }: Pick<EffectiveConfig, 'values' | 'profile'>,
  canLook: boolean,
): void {
  if (!values.readOnly) return;
  const forbidding = profile === undefined ? 'the configuration' : `profile ${profile.name}`;
  const look = canLook ? `, or look first with ${optionName('dryRun')}` : '';
  throw new RemedyError('READ_ONLY_PROFILE', `${forbidding} forbids every write (readOnly: true)`, {
    hint: `choose another profile with ${optionName('profile')}${look}`,
  });
}
