import { expectation, isClosed, showValue } from '../../config/setting.ts';
import { environmentNames, settingKeys, settingOf } from '../../config/settings.ts';

/** One key of the configuration file, and what else sets it. */
export interface SettingRow {
  readonly key: string;
  readonly description: string;
  /** What it may hold, where the name does not say it. */
  readonly holds: string | undefined;
  /** As it is written in the file; absent where there is none. */
  readonly default: string | undefined;
  readonly flag: string | undefined;
  readonly variables: readonly string[];
}

/** Every setting, in the order of the file. */
export function settingRows(): SettingRow[] {
  return settingKeys.map((key) => {
    const { type, description, flag, default: value } = settingOf(key);
    const shown = showValue(type, value);
    const standard =
      shown === null || (Array.isArray(shown) && shown.length === 0) ? undefined : String(shown);
    return {
      key,
      description,
      holds: isClosed(type) ? expectation(type) : undefined,
      default: standard,
      flag: flag === undefined ? undefined : `--${flag}`,
      variables: environmentNames(key),
    };
  });
}
