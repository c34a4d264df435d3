#!/usr/bin/env node
// Writes the manual pages into man/, from what help says.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadSources, root, version } from './docs/load-sources.mjs';

const folder = path.join(root, 'man');
const { manPages } = await loadSources('scripts/docs/man-pages.ts');
const pages = await manPages(version);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
for (const [name, text] of pages) writeFileSync(path.join(folder, name), text);
process.stdout.write(`man: ${pages.size} pages\n`);
