import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { sqlitePackages } from '../sqlite-package.ts';

export const root = path.resolve(import.meta.dirname, '../../..');
const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
const run = promisify(execFile);

/** What a program printed; `errors` is what it said on stderr, or what the compiler said. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly errors: string;
}

/** A project that has nothing but the package that npm pack makes (no types of Node.js), and on Node 20 its SQLite. */
export class Consumer {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'remedyctl-consumer-'));
  /** The names of the packages that the package brought by itself. */
  readonly packages: readonly string[];

  constructor() {
    const npm = (cwd: string, ...args: string[]): void => {
      const quietly = ['--ignore-scripts', '--loglevel=error', '--no-audit', '--no-fund', '--prefer-offline'];
      execFileSync('npm', [...args, ...quietly], { cwd });
    };
    // as npm pack does where scripts are not ignored
    execFileSync(process.execPath, [path.join(root, 'scripts/build-client-node-types.mjs')]);
    npm(root, 'pack', '--pack-destination', this.folder);
    const [tarball = ''] = readdirSync(this.folder).filter((name) => name.endsWith('.tgz'));
    this.#write('package.json', JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
    npm(this.folder, 'install', path.join(this.folder, tarball));
    const brought = readdirSync(path.join(this.folder, 'node_modules'));
    this.packages = brought.filter((name) => !name.startsWith('.'));
    if (sqlitePackages.length > 0) npm(this.folder, 'install', ...sqlitePackages);
  }

  /** By the project's TypeScript: strict, NodeNext, every declaration checked. `lib`: what a program takes for given. */
  compile(sources: Readonly<Record<string, string>>, lib = ['ES2023', 'DOM']): Promise<Ended> {
    for (const [name, text] of Object.entries(sources)) this.#write(`src/${name}`, text);
    const compilerOptions = {
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
      module: 'NodeNext',
      target: 'ES2022',
      lib,
      types: [],
      rootDir: 'src',
      outDir: 'built',
    };
    const files = Object.keys(sources).map((name) => `src/${name}`);
    this.#write('tsconfig.json', JSON.stringify({ compilerOptions, files }));
    return this.#run([compiler, '--project', this.folder], this.folder, {});
  }

  /** In a folder of its own, which holds its store; `name` is that of a source. */
  async run(name: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> {
    const cwd = path.join(this.folder, 'runs', name);
    mkdirSync(cwd, { recursive: true });
    const program = path.join(this.folder, 'built', name.replace(/\.ts$/, '.js'));
    return this.#run([program], cwd, { HOME: cwd, ...env });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  async #run(args: string[], cwd: string, env: Readonly<Record<string, string>>): Promise<Ended> {
    try {
      const { stdout, stderr } = await run(process.execPath, args, {
        cwd,
        env: { PATH: process.env['PATH'] ?? '', ...env },
      });
      return { code: 0, stdout, errors: stderr };
    } catch (thrown) {
      const { code, stdout, stderr } = thrown as { code: unknown; stdout: string; stderr: string };
      const isCompiler = args[0] === compiler;
      return {
        code: typeof code === 'number' ? code : -1,
        stdout: isCompiler ? '' : stdout,
        errors: isCompiler ? stdout + stderr : stderr,
      };
    }
  }

  #write(name: string, text: string): void {
    const file = path.join(this.folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
