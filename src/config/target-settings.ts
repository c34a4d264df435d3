import type { SettingValues } from './settings.ts';

/** Settings of the choice of targets, named as in the configuration. */
export type TargetSettings = Pick<SettingValues, 'ingest.labelAs' | 'ingest.prefer' | 'ingest.targetChoice'>;

/** What the configuration says of the choice of targets, as a resolver of signals takes it. */
export function targetOptionsOf(settings: TargetSettings): {
  labelAs: readonly string[];
  prefer: readonly string[];
  targetChoice: 'corrected' | 'gateway';
} {
  return {
    labelAs: settings['ingest.labelAs'],
    prefer: settings['ingest.prefer'],
    targetChoice: settings['ingest.targetChoice'],
  };
}
