#!/usr/bin/env node
// Writes docs/commands.md from the program's own help, so that it cannot say anything else.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { format } from 'prettier';
import { loadSources, root } from './docs/load-sources.mjs';

const { commandDocs } = await loadSources('scripts/docs/command-docs.ts');
writeFileSync(path.join(root, 'docs/commands.md'), await format(await commandDocs(), { parser: 'markdown' }));
