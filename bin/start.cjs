'use strict';
// Starts the bundled program through V8's code cache, which halves the start-up time.
//
// Guarantees: a cache that is missing, stale, unwritable or owned by someone else changes nothing but the
// time; a cache file appears whole or not at all. A cache's name carries the chunk's content hash, the
// Node version and V8's own tag of its build and flags, and V8 itself refuses a cache of another.
const fs = require('node:fs');
const path = require('node:path');
const v8 = require('node:v8');
const vm = require('node:vm');

// undici's HTTP parser is WebAssembly. V8 would compile it a second time, optimized, after 1.8 MB of work: that costs
// a short command 60 ms of processor, and pays in a run of many requests only, which gets there with this as well.
v8.setFlagsFromString('--wasm-tiering-budget=40000000');

const dist = path.join(__dirname, '..', 'dist');
const hashStart = 2;
const hashEnd = 18;

/** Where caches live, or undefined where none can: the folder must be ours alone to write. */
function findCacheFolder(env) {
  if (env.REMEDYCTL_NO_CODE_CACHE) return undefined;
  const home = env.XDG_CACHE_HOME || (env.HOME && path.join(env.HOME, '.cache'));
  if (!home || !path.isAbsolute(home)) return undefined;
  const folder = path.join(home, 'remedyctl', 'code');
  try {
    const stat = fs.statSync(folder);
    const foreign = process.getuid !== undefined && stat.uid !== process.getuid();
    return foreign || (stat.mode & 0o022) !== 0 ? undefined : folder;
  } catch {
    try {
      fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
      return folder;
    } catch {
      return undefined;
    }
  }
}

const folder = findCacheFolder(process.env);
/** Of V8's version and flags: with other NODE_OPTIONS one cache would be refused and written anew in turn. */
const versionTag = v8.cachedDataVersionTag().toString(16);
const loaded = new Map();
const uncached = [];

function readCache(file) {
  if (file === undefined) return undefined;
  try {
    return fs.readFileSync(file);
  } catch {
    return undefined;
  }
}

function compile(filename, name) {
  const source = fs.readFileSync(filename, 'latin1');
  const hash = source.slice(hashStart, hashEnd);
  const cacheFile =
    folder && path.join(folder, `${name}-${hash}-${process.version}-${process.arch}-${versionTag}.bin`);
  const cachedData = readCache(cacheFile);
  const script = new vm.Script(`(function(exports,require,module,__filename,__dirname){${source}\n})`, {
    filename,
    cachedData,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  if (cacheFile && (cachedData === undefined || script.cachedDataRejected))
    uncached.push({ script, cacheFile });
  return script.runInThisContext();
}

function load(name) {
  const known = loaded.get(name);
  if (known !== undefined) return known.exports;
  const module = { exports: {} };
  loaded.set(name, module);
  const filename = path.join(dist, name);
  compile(filename, name)(module.exports, requireFromDist, module, filename, dist);
  return module.exports;
}

function requireFromDist(request) {
  return request.startsWith('./') ? load(request.slice(2)) : require(request);
}
requireFromDist.resolve = require.resolve;

/** Caches of chunks that are no more, such as those of an older version: not used for a month. */
function removeOldCaches() {
  const oldestMs = Date.now() - 30 * 24 * 3_600_000;
  for (const name of fs.readdirSync(folder)) {
    const file = path.join(folder, name);
    if (fs.statSync(file).mtimeMs < oldestMs) fs.rmSync(file, { force: true });
  }
}

/** At the exit, when V8 has compiled what this run needed, lazily compiled functions included. */
function writeCaches() {
  for (const { script, cacheFile } of uncached) {
    const temporary = `${cacheFile}.${process.pid}`;
    try {
      fs.writeFileSync(temporary, script.createCachedData(), { mode: 0o600, flag: 'wx' });
      fs.renameSync(temporary, cacheFile);
    } catch {
      fs.rmSync(temporary, { force: true });
    }
  }
  try {
    removeOldCaches();
  } catch {
    // another process may be doing the same
  }
}

/** Runs the program as `bin`, the name that help shows. */
exports.start = function start(bin) {
  process.env.OCLIF_DISABLE_ENGINE_WARNING = '1';
  process.on('exit', () => {
    if (uncached.length > 0) writeCaches();
  });
  return load('main.cjs').start(bin);
};
