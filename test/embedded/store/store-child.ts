/** What the tests run in processes of their own: `node child.cjs increments|fill|watch DIRECTORY COUNT NAME`. */
import { openEmbeddedStore } from '../../../src/store/embedded-store.ts';
import type { ApiRequest } from '../../../src/api/wire.ts';
import type { EmbeddedStore } from '../../../src/store/embedded-store.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { SystemRandom } from '../../../src/time/system-random.ts';

const maps = '/api/v1/namespaces/default/configmaps';

interface Stored {
  metadata: { resourceVersion: string };
  data: Record<string, string>;
}

async function ask(store: EmbeddedStore, method: ApiRequest['method'], path: string, body?: unknown) {
  const answer = await store.send({
    method,
    path,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const chunks: Uint8Array[] = [];
  for await (const chunk of answer.body) chunks.push(chunk);
  return { status: answer.status, object: JSON.parse(Buffer.concat(chunks).toString('utf8')) as Stored };
}

/** Adds one, `count` times, by compare-and-swap. */
async function increments(store: EmbeddedStore, count: number): Promise<void> {
  for (let done = 0; done < count;) {
    const { object } = await ask(store, 'GET', `${maps}/counter`);
    object.data['value'] = String(Number(object.data['value']) + 1);
    const { status } = await ask(store, 'PUT', `${maps}/counter`, object);
    if (status === 200) done += 1;
    else if (status !== 409) throw new Error(`status ${status}`);
  }
}

/** Creates objects without end and prints the name of each that was acknowledged. */
async function fill(store: EmbeddedStore, name: string): Promise<void> {
  for (let index = 0; ; index += 1) {
    const names = Array.from({ length: 4 }, (_, part) => `${name}-${index}-${part}`);
    await Promise.all(
      names.map(async (one) => {
        const object = {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: one },
          data: { a: 'x'.repeat(2000) },
        };
        const { status } = await ask(store, 'POST', maps, object);
        if (status !== 201) throw new Error(`status ${status}`);
        process.stdout.write(`${one}\n`);
      }),
    );
  }
}

async function main(): Promise<void> {
  const [mode, directory = '', count = '0', name = ''] = process.argv.slice(2);
  const store = await openEmbeddedStore({
    directory,
    clock: new RealClock(),
    random: new SystemRandom(),
    namespaces: [],
  });
  if (mode === 'increments') await increments(store, Number(count));
  else await fill(store, name);
  await store.close();
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
