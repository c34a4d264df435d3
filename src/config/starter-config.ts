import { optionName } from '../errors/option-name.ts';
import { expectation, isClosed, showValue } from './setting.ts';
import { settingKeys, settingOf } from './settings.ts';
import type { SettingKey } from './settings.ts';

const opening = `# Configuration of remedyctl. Every value is optional; what is commented out is the default.
# A flag beats the environment (REMEDYCTL_…), which beats the profile, which beats the rest of this file.
# Secrets have no place here: they come from the environment, or from files that nobody else may read.
apiVersion: remedyctl.dev/v1
kind: Config
`;

const profiles = (): string => `
# Choose one with ${optionName('profile')}, REMEDYCTL_PROFILE, or here:
# profile: staging

# A profile takes every key of above.
# profiles:
#   staging:
#     context: staging
#   prod:
#     context: prod-east
#     confirm: typed
#   prod-look:
#     context: prod-east
#     readOnly: true
`;

/** What \`config init\` writes: every key, described and commented out. */
export function starterConfig(): string {
  const lines: string[] = [];
  let open: string[] = [];
  for (const key of settingKeys) {
    const path = key.split('.');
    const parents = path.slice(0, -1);
    parents.forEach((parent, depth) => {
      if (open[depth] !== parent || depth >= open.length) lines.push(...heading(parent, depth));
    });
    open = parents;
    lines.push(...entry(key, path));
  }
  return `${opening}${lines.join('\n')}\n${profiles()}`;
}

function heading(name: string, depth: number): string[] {
  return depth === 0 ? ['', `# ${name}:`] : [`# ${'  '.repeat(depth)}${name}:`];
}

function entry(key: SettingKey, path: readonly string[]): string[] {
  const { type, description, default: value } = settingOf(key);
  const indent = `# ${'  '.repeat(path.length - 1)}`;
  const shown = showValue(type, value);
  const written = shown === null ? '' : Array.isArray(shown) ? ' []' : ` ${String(shown)}`;
  const says = isClosed(type) ? `${description} Must be ${expectation(type)}.` : description;
  return [
    ...(path.length === 1 ? [''] : []),
    `${indent}# ${says}`,
    `${indent}${path.at(-1) ?? key}:${written}`,
  ];
}
