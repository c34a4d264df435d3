import * as z from 'zod';
import { checkValue, describeValue, expectation } from './setting.ts';
import type { SettingType } from './setting.ts';
import { settingKeys, settingOf } from './settings.ts';

interface Branch {
  [key: string]: z.ZodType | Branch;
}

/** The configuration file's schema, made from the table of settings. Loaded only where there is a file. */
export function configFileSchema(): z.ZodType {
  const layer = settingsShape();
  const profile = z.strictObject(layer, { error: mappingExpected }).nullable();
  return z.strictObject(
    {
      apiVersion: z.literal('remedyctl.dev/v1', { error: otherwise('remedyctl.dev/v1') }).optional(),
      kind: z.literal('Config', { error: otherwise('Config') }).optional(),
      profile: z
        .string({ error: otherwise('the name of a profile') })
        .min(1, { error: otherwise('the name of a profile') })
        .nullish(),
      profiles: z.record(z.string().min(1), profile, { error: mappingExpected }).nullish(),
      ...layer,
    },
    { error: mappingExpected },
  );
}

function settingsShape(): Record<string, z.ZodType> {
  const root: Branch = {};
  for (const key of settingKeys) {
    const path = key.split('.');
    const leaf = path.pop() ?? key;
    const branch = path.reduce<Branch>((parent, part) => (parent[part] ??= {}) as Branch, root);
    branch[leaf] = valueSchema(settingOf(key).type);
  }
  return objectShape(root);
}

function objectShape(branch: Branch): Record<string, z.ZodType> {
  return Object.fromEntries(
    Object.entries(branch).map(([key, value]) => [
      key,
      value instanceof z.ZodType
        ? value.optional()
        : z.strictObject(objectShape(value), { error: mappingExpected }).nullish(),
    ]),
  );
}

function valueSchema(type: SettingType): z.ZodType {
  return z
    .unknown()
    .transform((value, context) => {
      // a key with nothing behind it is as good as commented out
      if (value === undefined || value === null) return undefined;
      const parsed = checkValue(type, value);
      if ('value' in parsed) return parsed.value;
      context.addIssue(parsed.problem);
      return z.NEVER;
    })
    .meta({ description: expectation(type) });
}

function otherwise(expected: string): (issue: { input?: unknown }) => string {
  return ({ input }) => `must be ${expected}, not ${describeValue(input)}`;
}

/** Only for a value of the wrong type; unknown keys keep zod's own issue. */
function mappingExpected(issue: { code?: string; input?: unknown }): string | undefined {
  return issue.code === 'invalid_type' ? `must be a mapping, not ${describeValue(issue.input)}` : undefined;
}
