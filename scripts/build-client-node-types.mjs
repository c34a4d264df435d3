#!/usr/bin/env node
// types/client-node.d.ts: the classes of client-node that the declarations of the package name, as interfaces, so that who
// installs the package needs none of its 57 MB. Made for each package (`prepack`) and kept nowhere.
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as prettier from 'prettier';
import { clientNodeTypes } from './types/client-node-types.mjs';
import { withGlobals } from './types/global-types.mjs';

const root = path.resolve(import.meta.dirname, '..');
const types = path.join(root, 'types');
const fileName = 'client-node.d.ts';

const declarations = readdirSync(types)
  .filter((name) => !name.startsWith(fileName))
  .map((name) => readFileSync(path.join(types, name), 'utf8'));
const imported = declarations.flatMap((code) => [
  ...code.matchAll(/import (?:type )?\{([^}]+)\} from '\.\/client-node\.js'/g),
]);
const classes = new Set(imported.flatMap(([, names]) => names.split(',').map((name) => name.trim())));

const style = await prettier.resolveConfig(path.join(root, 'package.json'));
const code = withGlobals(clientNodeTypes(root, [...classes].filter((name) => name !== '').sort()));
// Whoever reads it meanwhile, as tests of the package do, finds a whole one.
const unfinished = path.join(types, `${fileName}.${process.pid}`);
writeFileSync(unfinished, await prettier.format(code, { ...style, parser: 'typescript' }));
renameSync(unfinished, path.join(types, fileName));
