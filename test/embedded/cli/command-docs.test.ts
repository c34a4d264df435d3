import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../../..');

describe('docs/commands.md', () => {
  it("is the program's own help (npm run docs:commands writes it)", () => {
    const script = `import('${path.join(root, 'scripts/write-command-docs.mjs')}').then(async (m) => process.stdout.write(await m.commandDocs()))`;
    const text = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8', cwd: root });
    expect(readFileSync(path.join(root, 'docs/commands.md'), 'utf8')).toBe(text);
  });
});
