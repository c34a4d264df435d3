#!/usr/bin/env node
// Packs what krew installs as `kubectl remedy`, and writes the manifest for it: `npm run krew:pack -- FOLDER URL`, where URL
// is the folder that the archive will be downloaded from. The archive is that of npm, the same for every platform.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';

const root = path.resolve(import.meta.dirname, '..');
const { version, description } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

const caveats = `Needs Node.js 20.19 or newer on the PATH; the embedded store and the journal of plans need 22.13 or newer.

For kubectl remedy and Tab, put the program that kubectl asks on the PATH:
  ln -s "\${KREW_ROOT:-$HOME/.krew}/store/remedy/v${version}/bin/kubectl_complete-remedy.cjs" \\
    "\${KREW_ROOT:-$HOME/.krew}/bin/kubectl_complete-remedy"
`;

function manifestFor(archive, uri) {
  const file = (from) => ({ from: `package/${from}`, to: '.' });
  return {
    apiVersion: 'krew.googlecontainertools.github.com/v1alpha2',
    kind: 'Plugin',
    metadata: { name: 'remedy' },
    spec: {
      version: `v${version}`,
      shortDescription: 'Work by hand on automated remediation',
      description: `${description}: alerts and events, RemediationRequests, locks, retries, plans.\n`,
      caveats,
      platforms: [
        {
          // Windows starts no script by its first line
          selector: { matchExpressions: [{ key: 'os', operator: 'In', values: ['linux', 'darwin'] }] },
          uri,
          sha256: createHash('sha256').update(readFileSync(archive)).digest('hex'),
          files: ['bin', 'dist', 'package.json', 'README.md', 'LICENSE'].map(file),
          bin: 'bin/kubectl-remedy.cjs',
        },
      ],
    },
  };
}

const [folder, url] = process.argv.slice(2);
if (folder === undefined || url === undefined) {
  process.stderr.write('usage: npm run krew:pack -- FOLDER URL\n');
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
const unfinished = mkdtempSync(path.join(folder, 'unfinished-'));
try {
  execFileSync(
    'npm',
    ['pack', '--ignore-scripts', '--loglevel=error', '--pack-destination', path.resolve(unfinished)],
    {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const name = `kubectl-remedy-v${version}.tar.gz`;
  const archive = path.join(folder, name);
  renameSync(path.join(unfinished, readdirSync(unfinished)[0]), archive);
  const manifest = manifestFor(archive, `${url.replace(/\/$/, '')}/${name}`);
  writeFileSync(path.join(folder, 'remedy.yaml'), stringify(manifest));
} finally {
  rmSync(unfinished, { recursive: true, force: true });
}
