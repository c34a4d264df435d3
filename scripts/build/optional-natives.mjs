/** Packages that their dependants try and do without; bundled as a module that is not there. */
const absent = ['bufferutil', 'utf-8-validate', 'encoding', 'typescript', '@opentelemetry/api'];

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
    },
  };
}
