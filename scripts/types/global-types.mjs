/**
 * Types that a program has from its library DOM or from @types/node, whichever it has. The declarations take the one that
 * is there, and do with a description of what they use where neither is.
 */
const shapes = {
  AbortSignal: '{ readonly aborted: boolean; readonly reason: any; throwIfAborted(): void }',
  URL: '{ readonly href: string; readonly origin: string; readonly protocol: string; readonly host: string }',
};

/** The declarations with such a type beside them for each one that they name. */
export function withGlobals(code) {
  const used = Object.keys(shapes).filter((name) =>
    new RegExp(`(?<![\\w.'"\`])${name}\\b`).test(withoutComments(code)),
  );
  const types = used.map(
    (name) =>
      `type ${name} = typeof globalThis extends { ${name}: { prototype: infer T } } ? T : ${shapes[name]};`,
  );
  return [code, ...types].join('\n');
}

function withoutComments(code) {
  return code.replaceAll(/\/\*[\s\S]*?\*\//g, '');
}
