import path from 'node:path';
import { format } from 'prettier';
import { expect, it } from 'vitest';
import { signalFormats } from '../../../src/signal/formats/formats.ts';

const page = path.resolve(import.meta.dirname, '../../../docs/signal-formats.md');

it('docs/signal-formats.md is the table of formats; `vitest -u` writes it', async () => {
  const rows = signalFormats.map(({ name, title, recognised, writtenBy }) => {
    return `| \`${name}\` | ${title} | ${recognised} | ${writtenBy.replaceAll('|', '\\|')} |`;
  });
  const text = [
    '# Formats of signals',
    '',
    'Written from the table in `src/signal/formats/formats.ts`. A value is of the first format that it fits.',
    '',
    '| name | what it is | recognised by | written by, for example |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
  await expect(await format(text, { parser: 'markdown', printWidth: 120 })).toMatchFileSnapshot(page);
});
