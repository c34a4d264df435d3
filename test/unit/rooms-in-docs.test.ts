import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

interface Rule {
  name: string;
  to: { pathNot?: string };
}

/** What each room may import, by the rules that hold it. */
function rulesOfRooms(): Record<string, string[]> {
  const { forbidden } = createRequire(import.meta.url)(path.join(root, '.dependency-cruiser.cjs')) as {
    forbidden: Rule[];
  };
  const rooms = forbidden.filter(({ name }) => name.startsWith('room-'));
  return Object.fromEntries(
    rooms.map(({ name, to }) => {
      const [, list = ''] = /\((.*)\)/.exec(to.pathNot ?? '') ?? [];
      return [name.slice('room-'.length), list.split('|').slice(1).sort()];
    }),
  );
}

it('docs/architecture.md says of every room what it may import', () => {
  const text = readFileSync(path.join(root, 'docs/architecture.md'), 'utf8');
  const rows = [...text.matchAll(/^\| `([a-z-]+)` +\| [^|]+ \| ([^|]+) \| +\d+/gm)];
  const said = rows.map(([, room = '', may = '']) => {
    const list = may.trim() === 'nothing' ? [] : may.trim().split(', ');
    return [room, list.sort()] as const;
  });
  expect(Object.fromEntries(said)).toMatchObject(rulesOfRooms());
});
