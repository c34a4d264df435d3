import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { startControlPlane, type ControlPlane } from '../control-plane.ts';
import { FollowedRun, managedWorkloads, placeIn, warningEvent } from './followed-run.ts';

const examples = path.resolve(import.meta.dirname, '../../../examples/follow');
const account = ['-n', 'kubernaut-system', 'create', 'token', 'remedyctl-follow', '--duration=1h'];

interface Manifest {
  kind: string;
  spec: {
    template: {
      spec: {
        containers: {
          command: string[];
          args: string[];
          env: { name: string; value: string }[];
          volumeMounts: { mountPath: string }[];
        }[];
      };
    };
  };
}

/** With an API server of its own, which is killed and started again. The programs run as the examples would have them run. */
describe('the examples of a service', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'remedyctl-services-'));
  const kubeconfig = path.join(home, 'kubeconfig');
  let plane: ControlPlane;
  let state: string;
  let checkpoint: string;
  const runs: FollowedRun[] = [];

  beforeAll(async () => {
    plane = await startControlPlane();
    await plane.applyCrd();
    await plane.kubectl(['apply', '-f', '-'], JSON.stringify(managedWorkloads(3)));
    await plane.kubectl(['apply', '-f', path.join(examples, 'deployment.yaml')]);
    writeFileSync(kubeconfig, asAccount((await plane.kubectl(account)).trim()), { mode: 0o600 });
  }, 180_000);
  beforeEach(() => {
    state = mkdtempSync(path.join(home, 'state-'));
    checkpoint = path.join(state, 'events.json');
  });
  afterEach(async () => {
    for (const run of runs.splice(0)) await run.stop('SIGKILL');
  });
  afterAll(async () => {
    await plane.stop();
    rmSync(home, { recursive: true, force: true });
  });

  /** The kubeconfig of the control plane, for the service account of the manifest alone. */
  function asAccount(token: string): string {
    const config = JSON.parse(readFileSync(plane.kubeconfig, 'utf8')) as {
      users: unknown[];
      contexts: unknown[];
      'current-context': string;
    };
    config.users = [{ name: 'account', user: { token } }];
    config.contexts = [{ name: 'account', context: { cluster: 'local', user: 'account' } }];
    config['current-context'] = 'account';
    return JSON.stringify(config);
  }

  /** What the container of the manifest is started with, its volume in a folder of ours. */
  function fromManifest(): FollowedRun {
    const text = readFileSync(path.join(examples, 'deployment.yaml'), 'utf8');
    const objects = parseAllDocuments(text).map((document) => document.toJS() as Manifest);
    const found = objects.find(({ kind }) => kind === 'Deployment')?.spec.template.spec.containers[0];
    if (found === undefined) throw new Error('the manifest has no container');
    expect(found.command).toEqual(['remedyctl']);
    const volume = found.volumeMounts[0]?.mountPath ?? '';
    const args = found.args.map((word) => word.replace(volume, state));
    expect(args.join(' ')).toContain(checkpoint);
    const env = Object.fromEntries(found.env.map(({ name, value }) => [name, value]));
    return begin(args, { ...env, KUBECONFIG: kubeconfig });
  }

  /** What systemd would start, its folders folders of ours. */
  function fromUnit(): { run: FollowedRun; unit: Map<string, string> } {
    const text = readFileSync(path.join(examples, 'remedyctl-follow.service'), 'utf8');
    const unit = new Map(
      text.split('\n').flatMap((line) => {
        const found = /^([A-Za-z]+)=(.*)$/.exec(line);
        return found === null ? [] : [[found[1] ?? '', found[2] ?? '']];
      }),
    );
    const folders: Record<string, string> = { STATE_DIRECTORY: state, CREDENTIALS_DIRECTORY: home };
    const words = (unit.get('ExecStart') ?? '')
      .replaceAll(/\$\{([A-Z_]+)\}/g, (_, name: string) => folders[name] ?? 'missing')
      .split(' ');
    expect(words.shift()).toBe('/usr/local/bin/remedyctl');
    expect(unit.get('LoadCredential')).toMatch(/^kubeconfig:/);
    const [name = '', value = ''] = (unit.get('Environment') ?? '').split('=');
    return { run: begin(words, { [name]: value }), unit };
  }

  function begin(args: readonly string[], env: Record<string, string>): FollowedRun {
    const run = new FollowedRun(args, env);
    runs.push(run);
    return run;
  }

  async function happens(reason: string, more: { type?: string } = {}): Promise<void> {
    await plane.kubectl(['create', '-f', '-'], JSON.stringify(warningEvent(reason, 'app-0', more)));
  }

  it('the manifest: takes what comes, over a killed API server and its own end, and nothing twice', async () => {
    await happens('BeforeTheStart');
    const first = fromManifest();
    await first.watches(checkpoint);
    await happens('Informing', { type: 'Normal' });
    await happens('First');
    expect(await first.outcomeOf('First')).toMatchObject({ outcome: 'created' });
    await plane.restartServer(2_000);
    await happens('AfterTheServer');
    expect(await first.outcomeOf('AfterTheServer')).toMatchObject({ outcome: 'duplicate' });
    expect(await first.stop('SIGTERM')).toEqual({ exitCode: 143, signal: null });
    expect(first.lines.at(-1)).toMatchObject({ summary: { total: 2, created: 1, duplicate: 1, notRun: 0 } });
    expect(first.names()).toEqual(['First', 'AfterTheServer']);
    expect(statSync(checkpoint).mode & 0o777).toBe(0o600);

    await happens('InBetween');
    const second = fromManifest();
    await second.outcomeOf('InBetween');
    await happens('Last');
    expect(await second.outcomeOf('Last')).toMatchObject({ deduplication: { occurrenceCount: 4 } });
    expect(await second.stop('SIGTERM')).toEqual({ exitCode: 143, signal: null });
    expect(second.names()).toEqual(['InBetween', 'Last']);
    expect(second.stderr).toContain('going on from the checkpoint');
  }, 240_000);

  it('the unit: ends by SIGTERM with what it counts as success, by SIGHUP in order, goes on after SIGKILL', async () => {
    const { run: first, unit } = fromUnit();
    await first.watches(checkpoint);
    await happens('One');
    await first.outcomeOf('One');
    await first.until('the checkpoint of it', () => !isInFlight(checkpoint));
    await first.stop('SIGKILL');
    await happens('Two');
    const { run: second } = fromUnit();
    await second.outcomeOf('Two');
    expect(second.names()).toEqual(['Two']);
    expect(await second.stop('SIGHUP')).toEqual({ exitCode: null, signal: 'SIGHUP' });
    expect(second.lines.at(-1)).toMatchObject({ summary: { total: 1 } });
    const { run: third } = fromUnit();
    await third.until('the checkpoint', () => third.stderr.includes('going on'));
    const { exitCode } = await third.stop('SIGTERM');
    expect(String(exitCode)).toBe(unit.get('SuccessExitStatus'));
    expect(third.names()).toEqual([]);
    expect(placeIn(checkpoint)).toBeDefined();
  }, 240_000);
});

function isInFlight(checkpoint: string): boolean {
  const { inFlight, seen } = JSON.parse(readFileSync(checkpoint, 'utf8')) as Record<string, unknown[]>;
  return inFlight?.length !== 0 || seen?.length === 0;
}
