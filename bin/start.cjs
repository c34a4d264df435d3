'use strict';
// Starts the bundled program through V8's code cache, which halves the start-up time.
//
// Guarantees: a cache that is missing, damaged, stale, unwritable or of someone else changes nothing but the time. V8
// checks neither what a cache holds nor who wrote it, and running it is running code: so a file is used only where it
// belongs to this user, nobody else may write it, and its checksum, of its name too, is right. What is wrong is made
// anew at the exit, and appears whole or not at all. A cache's name carries the chunk's content hash, the Node version
// and V8's own tag of its build and flags, and V8 itself refuses a cache of another.
// Non-guarantee: the checksum is against accidents; who writes as this user needs no cache to run code.
const fs = require('node:fs');
const path = require('node:path');
const v8 = require('node:v8');
const vm = require('node:vm');
const zlib = require('node:zlib');

// undici's HTTP parser is WebAssembly. V8 would compile it a second time, optimized, after 1.8 MB of work: that costs
// a short command 60 ms of processor, and pays in a run of many requests only, which gets there with this as well.
v8.setFlagsFromString('--wasm-tiering-budget=40000000');

const dist = path.join(__dirname, '..', 'dist');
const hashStart = 2;
const hashEnd = 18;

/** Behind the code: this, its length and its checksum, both as 32 bits. */
const seal = Buffer.from('remedyctl code 1');
const trailerBytes = seal.length + 8;
const largestBytes = 64 * 1024 * 1024;

/** Why there is no cache, where somebody might wonder. */
let notice;

function isOurs(stat) {
  return process.getuid === undefined || stat.uid === process.getuid();
}

function isOursAlone(stat) {
  return isOurs(stat) && (process.getuid === undefined || (stat.mode & 0o022) === 0);
}

function statOf(name) {
  try {
    return fs.lstatSync(name);
  } catch {
    return undefined;
  }
}

/**
 * Not by mkdir's own `recursive`: where a file system answers ENOENT in a folder that is there (as /proc, and
 * automounters), Node tries for ever.
 */
function makeFolder(folder) {
  const parent = path.dirname(folder);
  if (!fs.existsSync(parent)) makeFolder(parent);
  // root leaves nothing in the home of a user, who could not write it
  else if (!isOurs(fs.statSync(parent)) && process.getuid() === 0)
    throw new Error(`${parent} belongs to another user`);
  try {
    fs.mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
}

/** Where caches live, or undefined where none can: the folder must be ours alone to write, and no link. */
function findCacheFolder(env) {
  if (env.REMEDYCTL_NO_CODE_CACHE) return undefined;
  const home = env.XDG_CACHE_HOME || (env.HOME && path.join(env.HOME, '.cache'));
  if (!home || !path.isAbsolute(home)) return undefined;
  const own = path.join(home, 'remedyctl');
  const folder = path.join(own, 'code');
  try {
    if (statOf(folder) === undefined) makeFolder(folder);
    const [outer, inner] = [fs.lstatSync(own), fs.lstatSync(folder)];
    if (!outer.isDirectory() || !isOurs(outer)) throw new Error(`${own} is no folder of this user`);
    if (!inner.isDirectory() || !isOursAlone(inner))
      throw new Error(`${folder} is no folder that this user alone may write`);
    return folder;
  } catch (error) {
    notice = `no code cache, every start takes twice as long: ${error.message}`;
    return undefined;
  }
}

const folder = findCacheFolder(process.env);
/** Of V8's version and flags: with other NODE_OPTIONS one cache would be refused and written anew in turn. */
const versionTag = v8.cachedDataVersionTag().toString(16);
const loaded = new Map();
const uncached = [];

/** Neither a link is followed nor a FIFO waited for. */
const readFlags = fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW ?? 0) | (fs.constants.O_NONBLOCK ?? 0);

/** The code of a cache that is whole; undefined for every other. */
function readCache(file) {
  if (file === undefined) return undefined;
  let descriptor;
  try {
    descriptor = fs.openSync(file, readFlags);
    const stat = fs.fstatSync(descriptor);
    if (!stat.isFile() || !isOursAlone(stat) || stat.size > largestBytes) return undefined;
    const bytes = Buffer.allocUnsafeSlow(stat.size);
    if (fs.readSync(descriptor, bytes, 0, stat.size, 0) !== stat.size) return undefined;
    const code = bytes.subarray(0, Math.max(0, stat.size - trailerBytes));
    return bytes.subarray(code.length).equals(trailerOf(code, file)) ? code : undefined;
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
  }
}

/** Of the name as well, so that no cache is taken for another's. */
function trailerOf(code, file) {
  const trailer = Buffer.alloc(trailerBytes);
  seal.copy(trailer);
  trailer.writeUInt32LE(code.length, seal.length);
  trailer.writeUInt32LE(zlib.crc32(code, zlib.crc32(path.basename(file))), seal.length + 4);
  return trailer;
}

/** Whole or not at all, whoever else does the same; what was in its place is gone. */
function writeCache(file, code) {
  const temporary = `${file}.${process.pid}.${process.hrtime()[1]}`;
  let descriptor;
  try {
    descriptor = fs.openSync(temporary, 'wx', 0o600);
    fs.writeFileSync(descriptor, Buffer.concat([code, trailerOf(code, file)]));
    fs.fsyncSync(descriptor);
    if (statOf(file)?.isDirectory()) fs.rmSync(file, { recursive: true, force: true });
    fs.renameSync(temporary, file);
  } catch {
    if (descriptor !== undefined) fs.rmSync(temporary, { force: true });
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
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

const cacheName = /\.cjs-[0-9a-f]{16}-v[^/]*\.bin(?:\.[0-9.]+)?$/;

/** Caches of chunks that are no more, such as those of an older version, and halves of writers that were killed. */
function removeOldCaches() {
  const oldestMs = Date.now() - 30 * 24 * 3_600_000;
  for (const name of fs.readdirSync(folder)) {
    const file = path.join(folder, name);
    if (cacheName.test(name) && fs.lstatSync(file).mtimeMs < oldestMs) fs.rmSync(file, { force: true });
  }
}

/** At the exit, when V8 has compiled what this run needed, lazily compiled functions included. */
function writeCaches() {
  try {
    for (const { script, cacheFile } of uncached) writeCache(cacheFile, script.createCachedData());
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
  return load('main.cjs').start(bin, notice);
};
