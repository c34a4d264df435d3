import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hasShared, sharedPath } from '../../support/shared.ts';
import { collect } from './reading.ts';

const folder = sharedPath('hostile', 'json-test-suite');
const files = hasShared ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
/** Refused as one JSON text, legal as several in a row. */
const legalInARow = new Set([
  'n_structure_double_array.json',
  'n_structure_object_with_trailing_garbage.json',
]);

describe.skipIf(!hasShared)('the JSON test suite', () => {
  it('is there', () => {
    expect(files.length).toBeGreaterThan(300);
  });

  it.each(files.filter((name) => name.startsWith('y_') || legalInARow.has(name)))(
    '%s is read',
    async (name) => {
      const documents = await collect([name], { cwd: folder });
      expect(documents.map(({ kind }) => kind)).not.toContain('unreadable');
      expect(documents).not.toHaveLength(0);
    },
  );

  it.each(files.filter((name) => name.startsWith('n_') && !legalInARow.has(name)))(
    '%s is refused by its place',
    async (name) => {
      const refused = (await collect([name], { cwd: folder })).filter(({ kind }) => kind === 'unreadable');
      expect(refused).toHaveLength(1);
      const place = expect.stringMatching(/:\d+:\d+: |nothing to read/) as string;
      expect(refused[0]).toMatchObject({ file: name, reason: { message: place } });
    },
  );

  it.each(files.filter((name) => name.startsWith('i_')))('%s is read or refused', async (name) => {
    expect(await collect([name], { cwd: folder })).toHaveLength(1);
  });
});
