import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
mkdirSync(path.join(root, '.tmp'), { recursive: true });
// beside node_modules, so that its files can be linked, not copied
const folder = mkdtempSync(path.join(root, '.tmp/pack-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** `npm pack` with its scripts in a fresh copy of what is in the repository, made and packed with a umask; the sum of the package. */
function packElsewhere(place: string, umask: string): string {
  const copy = path.join(folder, place);
  mkdirSync(path.join(copy, 'node_modules'), { recursive: true });
  const script = `umask ${umask}
    git ls-files -z --cached --others --exclude-standard | tar c --null --ignore-failed-read -T - 2>/dev/null | tar x -m --no-same-permissions -C "$COPY"
    find node_modules -mindepth 1 -maxdepth 1 ! -name .cache -print0 | xargs -0 cp -alt "$COPY/node_modules"
    cd "$COPY" && npm pack --silent`;
  execFileSync('bash', ['-c', script], { cwd: root, env: { ...process.env, COPY: copy } });
  const [tarball = ''] = readdirSync(copy).filter((name) => name.endsWith('.tgz'));
  return createHash('sha256')
    .update(readFileSync(path.join(copy, tarball)))
    .digest('hex');
}

describe('npm pack', () => {
  it('makes the same package, to the byte, in another folder, later, and with another umask', () => {
    expect(packElsewhere('deeper/below', '077')).toBe(packElsewhere('here', '002'));
  });
});
