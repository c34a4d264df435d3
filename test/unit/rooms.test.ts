import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { globalFlags } from '../../src/cli/global-flags.ts';
import { commandTable } from '../../src/commands/command-table.ts';

const source = path.resolve('src');
/** What is no core: the shell, and what starts it. */
const shell = /^(?:cli\/|commands\/|main\.ts$)/;
const shellPackages = /^(?:@oclif\/|chalk$|cli-table3$|ora$)/;

/** Flags of other programs that remedyctl has too, by the file that says them. */
const ofOtherPrograms: Readonly<Record<string, readonly string[]>> = {
  // kubectl create role, rolebinding
  'doctor/grant-commands.ts': ['--resource', '--user'],
  'doctor/gateway-checks.ts': ['--resource', '--user'],
  'kube/port-forward.ts': ['--resource'],
  'kube/refusal.ts': ['--resource'],
  // osdctl
  'plan/notes.ts': ['--cluster-id'],
};

/** The list of all codes, and the shell's one of them. */
const codeList = 'errors/error-codes.ts';

interface CoreFile {
  name: string;
  /** What string literals and templates say; not what comments do. */
  texts: string[];
  imports: string[];
}

const core = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !shell.test(name))
  .map(readCoreFile);

function readCoreFile(name: string): CoreFile {
  const file = path.join(source, name);
  const parsed = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ESNext, true);
  const read: CoreFile = { name, texts: [], imports: [] };
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || isTemplatePart(node)) {
      (isSpecifier(node) ? read.imports : read.texts).push(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return read;
}

function isTemplatePart(node: ts.Node): node is ts.TemplateHead | ts.TemplateMiddle | ts.TemplateTail {
  return ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
}

function isSpecifier({ parent }: ts.Node): boolean {
  if (ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent)) return true;
  if (ts.isLiteralTypeNode(parent)) return ts.isImportTypeNode(parent.parent);
  return ts.isCallExpression(parent) && parent.expression.kind === ts.SyntaxKind.ImportKeyword;
}

function findings(ofFile: (file: CoreFile) => readonly string[]): string[] {
  return core.flatMap((file) => ofFile(file).map((found) => `${file.name}: ${found}`));
}

describe('the rooms of the core', () => {
  let flag: RegExp;

  beforeAll(async () => {
    const commands = await Promise.all(commandTable.commands.map(({ load }) => load()));
    const own = commands.flatMap(({ flags }) => Object.keys((flags as object | undefined) ?? {}));
    const names = new Set([...Object.keys(globalFlags), ...own, 'help', 'version']);
    flag = new RegExp(String.raw`(?<![\w-])--(?:${[...names].join('|')})(?![\w-])`, 'g');
  });

  it('are found, with their texts and imports', () => {
    expect(core.length).toBeGreaterThan(300);
    const lease = core.find(({ name }) => name === 'lease/lease-lock.ts');
    expect(lease?.imports).toContain('../kube/object-access.ts');
    expect('see --namespace, --dry-run=client and --no-such-flag'.match(flag)).toEqual([
      '--namespace',
      '--dry-run',
    ]);
  });

  it('import nothing of the shell', () => {
    const isShell = (name: string, specifier: string): boolean =>
      specifier.startsWith('.')
        ? shell.test(path.relative(source, path.resolve(source, path.dirname(name), specifier)))
        : shellPackages.test(specifier);
    expect(findings(({ name, imports }) => imports.filter((specifier) => isShell(name, specifier)))).toEqual(
      [],
    );
  });

  it('throw no USAGE: INVALID_OPTION is theirs', () => {
    const found = findings(({ name, texts }) =>
      name === codeList ? [] : texts.filter((text) => /\bUSAGE\b/.test(text)),
    );
    expect(found).toEqual([]);
  });

  it('name options by optionName, not by the flags of the program', () => {
    const found = findings(({ name, texts }) =>
      texts
        .flatMap((text) => text.match(flag) ?? [])
        .filter((word) => ofOtherPrograms[name]?.includes(word) !== true),
    );
    expect(found).toEqual([]);
  });

  it('say the flags of other programs where they are excepted', () => {
    const said = Object.fromEntries(
      core
        .filter(({ name }) => name in ofOtherPrograms)
        .map(({ name, texts }) => [
          name,
          [...new Set(texts.flatMap((text) => text.match(flag) ?? []))].sort(),
        ]),
    );
    expect(said).toEqual(ofOtherPrograms);
  });
});
