import { setTimeout as pause } from 'node:timers/promises';
import type { Send } from '../../src/api/wire.ts';
import { readBody } from './read-body.ts';

const patienceMs = 60_000;

interface EtcdAnswer {
  header: { revision: string };
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/**
 * Does what the API server does every five minutes: throws away all of etcd's history but the latest revision, and
 * notes it under the key that API servers watch. They drop the states that they keep in memory within 15 seconds;
 * it is waited for that.
 */
export async function compactHistory(etcd: string, send: Send): Promise<void> {
  const ask = async (path: string, body: unknown): Promise<EtcdAnswer> => {
    const answer = await fetch(etcd + path, { method: 'POST', body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`etcd ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as EtcdAnswer;
  };
  const before = (await ask('/v3/kv/range', { key: base64('a') })).header.revision;
  const noted = await ask('/v3/kv/put', { key: base64('compact_rev_key'), value: base64(before) });
  const { revision } = noted.header;
  await ask('/v3/kv/compaction', { revision, physical: true });
  await ask('/v3/kv/put', { key: base64('compact_rev_key'), value: base64(revision) });

  const old = Number(before) - 1;
  const path = `/apis/kubernaut.ai/v1alpha1/remediationrequests?limit=1&resourceVersionMatch=Exact&resourceVersion=${old}`;
  const patience = AbortSignal.timeout(patienceMs);
  for (;;) {
    const answer = await send({ method: 'GET', path });
    const text = await readBody(answer);
    if (answer.status === 410) return;
    if (patience.aborted) throw new Error(`the API server still knows version ${old}: ${text.slice(0, 200)}`);
    await pause(200);
  }
}
