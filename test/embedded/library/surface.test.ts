import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { allEntries, buildChunks, libraryEntries } from '../../../scripts/build/chunks.mjs';
import { root } from '../../support/library/consumer.ts';

const types = path.join(root, 'types');
const declarations = Object.keys(libraryEntries).map((name) => path.join(types, `${name}.d.ts`));

function filesIn(folder: string): Record<string, string> {
  const names = readdirSync(folder)
    .filter((name) => !name.startsWith('client-node.d.ts'))
    .sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]));
}

describe('the declarations in types/', () => {
  it('are those of the sources; npm run build:types writes them, and the difference is for the reviewer', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'remedyctl-types-'));
    try {
      execFileSync(process.execPath, [path.join(root, 'scripts/build-types.mjs'), folder], { cwd: root });
      expect(filesIn(types)).toEqual(filesIn(folder));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('import no package', () => {
    for (const text of Object.values(filesIn(types))) {
      const imported = [
        ...text.matchAll(/^(?:import|export)\b[^;]*?\bfrom '([^']+)'|\bimport\('([^']+)'\)/gm),
      ].map(([, from, of]) => from ?? of);
      expect(imported.filter((name) => name?.startsWith('./') !== true)).toEqual([]);
    }
  });

  it('say of every exported name what it is', () => {
    const program = ts.createProgram(declarations, { module: ts.ModuleKind.NodeNext, types: [] });
    const checker = program.getTypeChecker();
    const silent = declarations.flatMap((file) => {
      const module = checker.getSymbolAtLocation(program.getSourceFile(file)!)!;
      return checker
        .getExportsOfModule(module)
        .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol))
        .filter((symbol) => symbol.getDocumentationComment(checker).length === 0)
        .map(({ name }) => `${path.basename(file)}: ${name}`);
    });
    expect(silent).toEqual([]);
  });
});

describe('the bundle of the library', () => {
  it('holds nothing of the program', async () => {
    const { metafile } = await buildChunks(libraryEntries);
    const inputs = Object.keys(metafile.inputs);
    expect(inputs).toContain('src/retry/retry.ts');
    const programs =
      /^src\/(cli|commands|main\.ts)|node_modules\/(@oclif|chalk|ora|cli-table3|log-update|cli-cursor)\//;
    expect(inputs.filter((name) => programs.test(name))).toEqual([]);
  });

  it('loads no YAML, no schema and no HTTP before it is asked for something', async () => {
    const { metafile } = await buildChunks(allEntries);
    const name = Object.keys(metafile.outputs).find((file) => file.endsWith('/lib/index.cjs'))!;
    const late = /node_modules\/(@kubernetes|prom-client|undici|yaml|zod)\//;
    expect([...staticInputs(metafile.outputs, name)].filter((file) => late.test(file))).toEqual([]);
  });
});

type Outputs = Awaited<ReturnType<typeof buildChunks>>['metafile']['outputs'];

/** What is in an output and in those that it imports by itself. */
function staticInputs(outputs: Outputs, first: string): Set<string> {
  const seen = new Set<string>();
  const inputs = new Set<string>();
  const waiting = [first];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const output = outputs[name];
    if (output === undefined || seen.has(name)) continue;
    seen.add(name);
    for (const input of Object.keys(output.inputs)) inputs.add(input);
    for (const { path: to, kind } of output.imports) if (kind === 'import-statement') waiting.push(to);
  }
  return inputs;
}
