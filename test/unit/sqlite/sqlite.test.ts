import { describe, expect, it } from 'vitest';
import { sqliteInUse, sqliteUnavailable } from '../../../src/sqlite/sqlite.ts';

const required = new Error(
  "Cannot find module '@photostructure/sqlite'\nRequire stack:\n- /usr/lib/node_modules/remedyctl/bin/start.cjs",
);
const imported = new Error("Cannot find package '@photostructure/sqlite' imported from /app/dist/x.mjs");

describe('SQLite', () => {
  it('is that of Node.js, or else of the package', async () => {
    const builtIn = process.getBuiltinModule('node:sqlite') !== undefined;
    const { version, from } = await sqliteInUse();
    expect(version).toMatch(/^3\.\d+\.\d+$/);
    expect(from).toBe(builtIn ? 'Node.js' : '@photostructure/sqlite');
  });

  it.each([required, imported])('that is not there: the error says how it comes there', (cause) => {
    const { code, message, hint, details } = sqliteUnavailable(cause);
    expect({ code, message, details }).toEqual({
      code: 'SQLITE_UNAVAILABLE',
      message: `Node.js ${process.version} has no SQLite built in, and @photostructure/sqlite is not installed`,
      details: { node: process.version, package: '@photostructure/sqlite@1', installed: false },
    });
    expect(hint).toContain('npm install --global @photostructure/sqlite@1 (in a project: without --global)');
  });

  it('that is there and has no code for this machine: the error says why it cannot be loaded', () => {
    const { message, details } = sqliteUnavailable(new Error('No native build was found for platform=sunos'));
    expect(message).toContain('@photostructure/sqlite cannot be loaded: No native build was found');
    expect(details).toMatchObject({ installed: true });
  });
});
