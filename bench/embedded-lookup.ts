/**
 * The look-up of a fingerprint in an embedded store of few requests and in one of many, by turns. Flags:
 * --few N (default 1000) --many N (default 1000000) --lookups N of a round (default 2000) --rounds N (default 7).
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { KubeObject } from '../src/api/objects.ts';
import { ObjectAccess } from '../src/kube/object-access.ts';
import { usualRequestResource } from '../src/kube/discovery.ts';
import { type EmbeddedStore, openEmbeddedStore } from '../src/store/embedded-store.ts';
import { RealClock } from '../src/time/real-clock.ts';
import { SystemRandom } from '../src/time/system-random.ts';
import { median, number, paired, printConditions, secondsOf } from './measure.ts';

const namespace = 'ops';
const objectsAtOnce = 20_000;

function fingerprint(index: number): string {
  return createHash('sha256').update(String(index)).digest('hex');
}

function request(index: number): KubeObject {
  const name = `rr-${fingerprint(index).slice(0, 12)}-${index}`;
  return {
    apiVersion: 'kubernaut.ai/v1alpha1',
    kind: 'RemediationRequest',
    metadata: { name, namespace },
    spec: {
      signalFingerprint: fingerprint(index),
      signalName: 'HighLatency',
      severity: 'warning',
      signalType: 'alert',
      targetType: 'kubernetes',
      targetResource: { kind: 'Deployment', name: `app-${index}`, namespace: 'prod' },
      firingTime: '2026-11-22T12:00:00Z',
      receivedTime: '2026-11-22T12:00:00Z',
    },
  };
}

async function openFilled(directory: string, count: number): Promise<EmbeddedStore> {
  const store = await openEmbeddedStore({
    directory,
    clock: new RealClock(),
    random: new SystemRandom(),
    namespaces: [namespace],
  });
  for (let from = 0; from < count; from += objectsAtOnce) {
    const length = Math.min(objectsAtOnce, count - from);
    store.importObjects(Array.from({ length }, (_, index) => request(from + index)));
  }
  return store;
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      few: { type: 'string', default: '1000' },
      many: { type: 'string', default: '1000000' },
      lookups: { type: 'string', default: '2000' },
      rounds: { type: 'string', default: '7' },
    },
  });
  const [few, many, lookups] = [Number(values.few), Number(values.many), Number(values.lookups)];
  const home = mkdtempSync(path.join(tmpdir(), 'remedyctl-bench-'));
  try {
    const stores = [
      { count: few, store: await openFilled(path.join(home, 'few'), few) },
      { count: many, store: await openFilled(path.join(home, 'many'), many) },
    ] as const;
    const microseconds = async (nth: 0 | 1, round: number): Promise<number> => {
      const { count, store } = stores[nth];
      const objects = new ObjectAccess(store.send);
      const seconds = await secondsOf(async () => {
        for (let lookup = 0; lookup < lookups; lookup += 1) {
          const wanted = fingerprint(((lookup + round * lookups) * 7919) % count);
          const fieldSelector = `spec.signalFingerprint=${wanted}`;
          const { items } = await objects.list(usualRequestResource, { namespace, fieldSelector });
          if (items.length !== 1) throw new Error(`${items.length} requests of one fingerprint`);
        }
      });
      return (seconds / lookups) * 1e6;
    };
    // Compiles the code and fills both page caches alike.
    await microseconds(0, 0);
    await microseconds(1, 0);
    printConditions('look-up of a fingerprint in the embedded store');
    const { ours, theirs, ratio } = await paired(
      Number(values.rounds),
      (round) => microseconds(1, round),
      (round) => microseconds(0, round),
    );
    const shown = [ours, theirs].map((all) => number(median(all), 0));
    console.log(`${many} requests ${shown[0]} us, ${few} requests ${shown[1]} us, ratio ${number(ratio)}`);
    for (const { store } of stores) await store.close();
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
