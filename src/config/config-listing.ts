import type { EffectiveConfig } from './load-config.ts';
import type { Origin } from './origin.ts';
import { showValue } from './setting.ts';
import type { ShownValue } from './setting.ts';
import { settingKeys, settingOf } from './settings.ts';
import type { SettingKey } from './settings.ts';

export interface ConfigEntry {
  readonly key: SettingKey;
  /** In the notation of the configuration file; `null` when there is none. */
  readonly value: ShownValue;
  readonly origin: Origin;
}

/** Every setting with its effective value and where it comes from, in the order of the file. */
export function listConfig(config: EffectiveConfig): ConfigEntry[] {
  return settingKeys.map((key) => ({
    key,
    value: showValue(settingOf(key).type, config.values[key]),
    origin: config.origins[key],
  }));
}
