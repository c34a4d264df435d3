import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

/** What a program said and how it ended. */
interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The package that npm pack makes of the built program, installed globally into a prefix of its own. */
export class InstalledPackage {
  readonly home = mkdtempSync(path.join(tmpdir(), 'remedyctl-package-'));
  /** What npm said when it installed the package, with its scripts as users let them run. */
  readonly said: string;
  readonly #prefix = path.join(this.home, 'prefix');
  readonly folder = path.join(this.#prefix, 'lib/node_modules/remedyctl');

  constructor() {
    const quietly = ['--ignore-scripts', '--loglevel=error'];
    execFileSync('npm', ['pack', '--pack-destination', this.home, ...quietly], { cwd: root });
    const tarball = readdirSync(this.home).find((name) => name.endsWith('.tgz')) ?? '';
    this.said = this.install(['--global', path.join(this.home, tarball)]);
  }

  /** `npm install`, beside the package. What npm warns of. */
  install(args: readonly string[]): string {
    const prefix = ['--prefix', this.#prefix];
    const plainly = ['--no-audit', '--no-fund', '--no-update-notifier', '--prefer-offline'];
    const { status, stderr } = spawnSync('npm', ['install', ...prefix, ...plainly, ...args], {
      encoding: 'utf8',
      cwd: this.home,
    });
    if (status !== 0) throw new Error(`npm install ${args.join(' ')}: ${stderr}`);
    return stderr;
  }

  /** The packages that lie in the prefix, scoped ones by their scope. */
  get packages(): string[] {
    return readdirSync(path.dirname(this.folder)).filter((name) => !name.startsWith('.'));
  }

  run(command: string, args: readonly string[]): Ended {
    const home = path.join(this.home, 'home');
    mkdirSync(home, { recursive: true });
    const { status, stdout, stderr } = spawnSync(path.join(this.#prefix, 'bin', command), args, {
      encoding: 'utf8',
      cwd: this.home,
      env: { PATH: process.env['PATH'], HOME: home },
    });
    return { code: status, stdout, stderr };
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}
