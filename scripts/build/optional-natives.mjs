/** Packages that their dependants try and do without; bundled as a module that is not there. */
const absent = ['bufferutil', 'utf-8-validate', 'encoding', 'typescript'];

/** oclif asks whether it runs under WSL only to name the platform in its user agent. */
const noWsl = 'export const isWsl = false; export const powerShellPath = async () => "powershell.exe";';

export function optionalNatives() {
  return {
    name: 'optional-natives',
    setup(build) {
      const filter = new RegExp(`^(${absent.join('|')})$`);
      build.onResolve({ filter }, (args) => ({ path: args.path, namespace: 'absent' }));
      build.onLoad({ filter: /.*/, namespace: 'absent' }, (args) => ({
        contents: `const error = new Error("Cannot find module '${args.path}'"); error.code = 'MODULE_NOT_FOUND'; throw error;`,
        loader: 'js',
      }));
      build.onResolve({ filter: /^wsl-utils$/ }, (args) => ({ path: args.path, namespace: 'no-wsl' }));
      build.onLoad({ filter: /.*/, namespace: 'no-wsl' }, () => ({ contents: noWsl, loader: 'js' }));
    },
  };
}
