/** Objects are imported as they are: whatever is in one, no command that reads it takes it for a bug. */
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SeededRandom } from '../../../src/time/seeded-random.ts';
import { alert, webhook } from '../../support/signals.ts';
import { CommandLine } from './command-line.ts';
import { spoiltOnce } from './nonsense.ts';
import { readableObjects, fingerprint } from './spoilt-objects.ts';

const rounds = Number(process.env['REMEDYCTL_FUZZ_ROUNDS'] ?? 4);
const seed = Number(process.env['REMEDYCTL_FUZZ_SEED'] ?? 1);
const line = new CommandLine();

beforeAll(() => {
  writeFileSync(path.join(line.home, 'alerts.json'), webhook([alert('checkout')]));
});

afterAll(() => {
  line.remove();
});

const commands: readonly (readonly string[])[] = [
  ['request', 'list', '-o', 'wide'],
  ['request', 'get', 'one', '-o', 'yaml'],
  ['request', 'get', 'two'],
  ['dedup', 'list'],
  ['dedup', 'show', fingerprint],
  ['lease', 'list', '-o', 'wide'],
  ['lease', 'get', fingerprint],
  ['lease', 'doctor'],
  ['signal', 'explain', 'alerts.json'],
  ['store', 'info'],
  ['doctor'],
  ['request', 'ack', 'two', '--yes'],
  ['lease', 'acquire', fingerprint, '--yes'],
  ['lease', 'release', fingerprint, '--yes', '--force'],
  ['signal', 'ingest', 'alerts.json', '--yes', '--signal-timeout', '1s', '--lock-wait', '100ms'],
  ['store', 'export'],
  ['store', 'reset', '--yes'],
];

async function useAll(objects: readonly unknown[], what: string): Promise<void> {
  rmSync(line.store, { recursive: true, force: true });
  for (const object of objects) {
    const imported = await line.run(['store', 'import', '-'], { stdin: JSON.stringify(object) });
    expect([0, 2], `${what}: import of ${JSON.stringify(object)}\n${imported.stderr}`).toContain(
      imported.code,
    );
  }
  for (const argv of commands) {
    const { code, stderr } = await line.run([...argv, '--target', 'embedded']);
    expect(code, `${what}: ${argv.join(' ')} of ${JSON.stringify(objects)}\n${stderr}`).not.toBe(70);
  }
}

describe('an object that was imported', () => {
  const lease = (spec: unknown): object => ({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: `rr-lock-${'a'.repeat(16)}`, namespace: 'kubernaut-system' },
    spec,
  });
  const request = (more: object): object => ({ ...readableObjects[0], ...more });

  it.each<[string, object]>([
    ['a holder that is a number', lease({ holderIdentity: 5 })],
    ['a duration that is a list', lease({ holderIdentity: 'x', leaseDurationSeconds: ['x'] })],
    [
      'a duration beyond every date',
      lease({ leaseDurationSeconds: 1e300, renewTime: '9999-12-31T23:59:59Z' }),
    ],
    ['a time that is an object', lease({ renewTime: {}, acquireTime: [] })],
    ['a spec that is a text', lease('x')],
    ['a namespace that is an object', request({ metadata: { name: 'one', namespace: {} } })],
    ['a namespace that cannot be one', request({ metadata: { name: 'one', namespace: '../x y' } })],
    ['a name with a slash', request({ metadata: { name: 'a/b', namespace: 'kubernaut-system' } })],
    ['labels that are a list', request({ metadata: { name: 'one', labels: ['x'] } })],
    ['labels that hold numbers', request({ metadata: { name: 'one', labels: { a: 5, toString: 'x' } } })],
    ['times that are numbers', request({ metadata: { name: 'one', creationTimestamp: 5, uid: [] } })],
    ['no metadata', request({ metadata: null })],
    ['a spec that is a text', request({ spec: 'x' })],
    ['a status that is a list', request({ status: [] })],
    ['a deduplication that is a list', request({ status: { deduplication: ['x'] } })],
    [
      'a definition without names',
      {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: 'x' },
        spec: { group: 5, names: null, versions: {} },
      },
    ],
    [
      'a namespace without anything',
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'x' }, status: 5 },
    ],
  ])(
    'with %s',
    async (name, object) => {
      await useAll([object], name);
    },
    60_000,
  );

  it('with anything anywhere', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const random = new SeededRandom(seed * 10_000 + round);
      const objects = readableObjects.map((object) => spoiltOnce(object, random));
      await useAll(objects, `round ${round}`);
    }
  }, 120_000);
});
