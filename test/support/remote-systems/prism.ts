import { existsSync } from 'node:fs';
import path from 'node:path';

export const prismProgram = path.resolve(
  import.meta.dirname,
  '../../../node_modules/@stoplight/prism-cli/dist/index.js',
);

export const hasPrism = existsSync(prismProgram);
