import { describe, expect, it } from 'vitest';
import { readConfigFile } from '../../../src/config/config-file.ts';
import { parseText, showValue } from '../../../src/config/setting.ts';
import { settingOf, type SettingKey } from '../../../src/config/settings.ts';

const urls: SettingKey[] = ['pagerduty.url', 'ocm.url', 'ocm.tokenUrl', 'backplane.url'];
const bad = [
  'htps://me:hidden@host/',
  'ftp://me:hid/hidden@host',
  'me:hidden@host',
  'https//me:hidden@host',
  'https:\\\\me:hidden@host',
  'https://me:hidden@host with space',
  'http://me:hidden hidden@host/',
  'htps://host/?key=hidden',
];

describe('a URL that cannot be used', () => {
  it.each(urls.flatMap((key) => bad.map((text) => [key, text] as const)))(
    '%s: %s keeps its password',
    (key, text) => {
      const parsed = parseText(settingOf(key).type, text);
      expect(parsed).toHaveProperty('problem');
      expect(JSON.stringify(parsed)).not.toContain('hidden');
      const [room = '', field = ''] = key.split('.');
      for (const config of [
        `${room}: { ${field}: ${JSON.stringify(text)} }`,
        `${room}: ${JSON.stringify(text)}`,
      ]) {
        const read = readConfigFile(config, 'config.yaml');
        expect(read).toHaveProperty('problems');
        expect(JSON.stringify(read)).not.toContain('hidden');
      }
    },
  );

  it.each([
    'https://me:hidden@host',
    'https://me:hid/hidden@host',
    'https://me:hid/hidden hidden@host',
    'https://me:hidden hidden@host',
    'https://host/?key=hidden',
    'https://host/#hidden',
  ])('%s is not shown by config show', (text) => {
    expect(showValue(settingOf('pagerduty.url').type, text)).not.toContain('hidden');
  });
});
