import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ApiRequest, ApiResponse } from '../../../src/api/wire.ts';
import { openEmbeddedStore, type EmbeddedStore } from '../../../src/store/embedded-store.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { SystemRandom } from '../../../src/time/system-random.ts';

/** An answer read to its end. */
export interface Told {
  status: number;
  headers: ApiResponse['headers'];
  body: Json;
}

export interface Json {
  [field: string]: Json;
  [index: number]: Json;
}

export function temporaryDirectory(): string {
  return mkdtempSync(path.join(tmpdir(), 'remedy-store-'));
}

/** A real store in a directory of its own, and short words for what the tests ask of it. */
export class StoreUnderTest {
  readonly store: EmbeddedStore;
  readonly directory: string;

  constructor(store: EmbeddedStore, directory: string) {
    this.store = store;
    this.directory = directory;
  }

  static async open(directory = temporaryDirectory()): Promise<StoreUnderTest> {
    const options = { directory, clock: new RealClock(), random: new SystemRandom(), namespaces: ['team'] };
    return new StoreUnderTest(await openEmbeddedStore(options), directory);
  }

  async ask(method: ApiRequest['method'], path: string, body?: unknown, type?: string): Promise<Told> {
    const answer = await this.store.send({
      method,
      path,
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      headers: type === undefined ? {} : { 'content-type': type },
    });
    const text = await readText(answer);
    return { status: answer.status, headers: answer.headers, body: parse(text) as Json };
  }

  get(path: string): Promise<Told> {
    return this.ask('GET', path);
  }

  post(path: string, body: unknown): Promise<Told> {
    return this.ask('POST', path, body);
  }

  put(path: string, body: unknown): Promise<Told> {
    return this.ask('PUT', path, body);
  }

  patch(path: string, body: unknown, type = 'application/merge-patch+json'): Promise<Told> {
    return this.ask('PATCH', path, body, type);
  }

  remove(path: string, body?: unknown): Promise<Told> {
    return this.ask('DELETE', path, body);
  }

  async close(): Promise<void> {
    await this.store.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

async function readText(answer: ApiResponse): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of answer.body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export const requests = '/apis/kubernaut.ai/v1alpha1/namespaces/team/remediationrequests';
export const leases = '/apis/coordination.k8s.io/v1/namespaces/team/leases';

export function remediationRequest(
  name: string,
  spec: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    apiVersion: 'kubernaut.ai/v1alpha1',
    kind: 'RemediationRequest',
    metadata: { name },
    spec: {
      signalFingerprint: 'a'.repeat(64),
      signalName: 'KubePodCrashLooping',
      severity: 'critical',
      signalType: 'alert',
      targetType: 'kubernetes',
      targetResource: { kind: 'Deployment', name: 'api', namespace: 'prod' },
      firingTime: '2026-11-01T10:00:00Z',
      receivedTime: '2026-11-01T10:00:05Z',
      ...spec,
    },
  };
}

export function lease(name: string, spec: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name },
    spec: { holderIdentity: 'me', leaseDurationSeconds: 30, ...spec },
  };
}
