// What `import()` of a CommonJS package gives. Node finds its named exports; esbuild, splitting, exports the whole
// of it as `default` alone, and `const { parse } = await import('yaml')` is undefined in the bundle only.
const onlyDefault = /export default (require_\w+)\(\);\s*$/;

/** A chunk that is nothing but a CommonJS package, with the names of that package as exports of its own. */
export function withNamedExports(esm, cjs) {
  const wrapper = onlyDefault.exec(esm)?.[1];
  if (wrapper === undefined) return cjs;
  return `${cjs};for(const name of Object.keys(module.exports.default))if(name!=="default"&&!(name in module.exports))Object.defineProperty(module.exports,name,{enumerable:!0,get:()=>module.exports.default[name]});`;
}
