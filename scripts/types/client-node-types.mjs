// Declarations of the API classes of @kubernetes/client-node that the library hands out, as interfaces of their methods
// and of the objects that those take and give. The package itself is 57 MB installed, and its declarations ask for more
// packages; what is written here asks for none.
import path from 'node:path';
import ts from 'typescript';

const packageName = '@kubernetes/client-node';

/** One text for all `classes`, such as `CoreV1Api`. Throws where a declaration has a shape that this does not know. */
export function clientNodeTypes(root, classes) {
  const entry = path.join(root, 'node_modules', packageName, 'dist/gen/index.d.ts');
  const program = ts.createProgram([entry], {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    skipLibCheck: true,
    types: [],
  });
  const checker = program.getTypeChecker();
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(entry)));
  const written = new Map();
  const waiting = [];

  /** Queues what a type names; names of the language stay as they are. */
  function typeText(node) {
    const visit = (part) => {
      if (ts.isTypeReferenceNode(part)) wantNamed(checker.getSymbolAtLocation(part.typeName));
      part.forEachChild(visit);
    };
    visit(node);
    return node.getText();
  }

  function wantNamed(symbol) {
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    const [declaration] = target.declarations ?? [];
    if (!declaration.getSourceFile().fileName.includes(`/${packageName}/`)) return;
    if (written.has(target.name)) return;
    written.set(target.name, undefined);
    waiting.push({ name: target.name, declaration });
  }

  function docOf(node) {
    const text = ts
      .getJSDocCommentsAndTags(node)
      .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '')[0];
    const [, sentence] =
      /^(.+?)(?:[.:]? *$|\. (?=[A-Z*])|: )/.exec(text?.replaceAll(/\s+/g, ' ').trim() ?? '') ?? [];
    return sentence === undefined
      ? ''
      : `/** ${sentence.replaceAll('*/', '* /').replaceAll("\\'", "'")}. */\n`;
  }

  function property(member) {
    const question = member.questionToken === undefined ? '' : '?';
    const doc = ts.isInterfaceDeclaration(member.parent) ? '' : docOf(member);
    return `${doc}${member.name.getText()}${question}: ${typeText(member.type)};`;
  }

  function isStatic(member) {
    return ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Static;
  }

  function method(member) {
    const [parameter] = member.parameters;
    const given =
      parameter.name.getText() === 'param'
        ? `param${parameter.questionToken ? '?' : ''}: ${typeText(parameter.type)}`
        : '';
    return `${docOf(member)}${member.name.getText()}(${given}): ${typeText(member.type)};`;
  }

  function membersOf(declaration) {
    const isApi = classes.includes(declaration.name.text.replace(/^Object/, ''));
    return declaration.members.flatMap((member) => {
      if (ts.isConstructorDeclaration(member) || isStatic(member)) return [];
      if (ts.isPropertyDeclaration(member) || ts.isPropertySignature(member))
        return isApi ? [] : [property(member)];
      if (isApi && ts.isMethodDeclaration(member)) {
        return member.name.getText().endsWith('WithHttpInfo') ? [] : [method(member)];
      }
      if (ts.isIndexSignatureDeclaration(member)) return [`${member.getText()}`];
      if (ts.isMethodDeclaration(member)) return [];
      throw new Error(`${declaration.name.text} has a member that is not known: ${member.getText()}`);
    });
  }

  function declarationText(name, declaration) {
    if (ts.isTypeAliasDeclaration(declaration)) return `export type ${name} = ${typeText(declaration.type)};`;
    if (ts.isClassDeclaration(declaration) || ts.isInterfaceDeclaration(declaration)) {
      const bases = (declaration.heritageClauses ?? []).flatMap(({ types }) =>
        types.map((base) => base.getText()),
      );
      if (bases.some((base) => base !== 'Date')) throw new Error(`${name} extends ${bases.join(', ')}`);
      const heritage = bases.length === 0 ? '' : ` extends ${bases.join(', ')}`;
      return `${docOf(declaration)}export interface ${name}${heritage} {\n${membersOf(declaration).join('\n')}\n}`;
    }
    throw new Error(`${name} is neither a class nor a type`);
  }

  for (const name of classes) {
    const symbol = exported.find((one) => one.name === name);
    if (symbol === undefined) throw new Error(`${packageName} has no ${name}`);
    const [declaration] = checker.getAliasedSymbol(symbol).declarations;
    written.set(name, declarationText(name, declaration));
  }
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    written.set(next.name, declarationText(next.name, next.declaration));
  }
  return [...written.values()].join('\n\n') + '\n';
}
