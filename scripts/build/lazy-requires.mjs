import { readFile } from 'node:fs/promises';

const requireLine =
  /^(?:const|var|let) (\w+_\d+) = ((?:__importDefault\(|__importStar\()?require\((["'])[^"']+\3\)\)?);$/gm;
const reexportLine = /^exports\.(\w+) = (__importStar\(require\((["'])[^"']+\3\)\));$/gm;

/** TypeScript's CommonJS output, with each top-level require put off until its first use. */
export function makeRequiresLazy(source) {
  const names = [];
  let code = source.replace(requireLine, (_line, name, expression) => {
    names.push(name);
    return `var $$${name}; function $lazy$${name}() { return $$${name} ??= ${expression}; }`;
  });
  code = code.replace(
    reexportLine,
    (_line, name, expression) =>
      `Object.defineProperty(exports, "${name}", { enumerable: true, configurable: true, get() { const value = ${expression}; Object.defineProperty(exports, "${name}", { enumerable: true, value }); return value; } });`,
  );
  if (names.length === 0) return code;
  // `exports.ux = … = void 0` at the top would otherwise make the properties plain.
  return code.replace(new RegExp(`(?<![\\w$.])(${names.join('|')})(?=\\b)(?!\\w)`, 'g'), '($lazy$$$1())');
}

/** oclif's Command throws from a listener on stdout when a disk is full; the program reports that itself. */
const stdoutListener = /^process\.stdout\.on\('error', \(err\) => \{$[\s\S]*?^\}\);$/m;

function withoutStdoutListener(file, source) {
  if (!/[\\/]lib[\\/]command\.js$/.test(file)) return source;
  if (!stdoutListener.test(source)) throw new Error(`${file} has changed: no listener on stdout was found`);
  return source.replace(stdoutListener, '');
}

/** oclif requires all of itself at the top of each module; a start needs a tenth of it. */
export function lazyRequires() {
  return {
    name: 'lazy-requires',
    setup(build) {
      build.onLoad({ filter: /node_modules[\\/]@oclif[\\/]core[\\/]lib[\\/].*\.js$/ }, async (args) => ({
        contents: makeRequiresLazy(withoutStdoutListener(args.path, await readFile(args.path, 'utf8'))),
        loader: 'js',
      }));
    },
  };
}
