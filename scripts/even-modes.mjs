#!/usr/bin/env node
// What a package holds may be read by everybody, whatever the umask of who packs it: npm keeps the modes of the files, and
// the same sources are to make the same package, to the byte.
import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const { files } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const packed = [...files.map((name) => name.replace(/\/\*.*$/, '')), 'README.md', 'LICENSE', 'package.json'];

function makeEven(name) {
  const stat = statSync(name);
  if (stat.isDirectory()) for (const inner of readdirSync(name)) makeEven(path.join(name, inner));
  else chmodSync(name, stat.mode & 0o100 ? 0o755 : 0o644);
}

for (const name of packed) makeEven(path.join(root, name));
