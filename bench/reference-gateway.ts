/**
 * The requests of the reference, in its order, over bare undici: what a client in JavaScript costs that does the
 * same work. New: Lease GET, POST; LIST; request POST; request GET; status PUT; Lease GET, DELETE. Duplicate:
 * the same without the request POST.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Pool } from 'undici';
import type { KubeObject } from '../src/api/objects.ts';
import type { ControlPlane } from '../test/cluster/control-plane.ts';

interface Answer {
  status: number;
  value: KubeObject & { items?: KubeObject[] };
}

export class ReferenceGateway {
  readonly #pool: Pool;
  readonly #token: string;
  readonly #namespace: string;

  constructor(cluster: ControlPlane, namespace: string, connections: number) {
    const connect = { ca: readFileSync(cluster.certificateAuthorityFile) };
    this.#pool = new Pool(cluster.server, { connections, connect });
    this.#token = cluster.tokens.admin;
    this.#namespace = namespace;
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }

  /** Handles one signal about each target, `inFlight` at once. Throws where one does not go as expected. */
  async handle(targets: readonly string[], inFlight: number, expected: 'new' | 'duplicate'): Promise<void> {
    await eachOf(targets, inFlight, async (target) => {
      const found = await this.#signal(target);
      if (found !== expected) throw new Error(`the signal about ${target} was ${found}`);
    });
  }

  /** Requests alone, of one each; nothing else is asked or written. */
  async makeRequests(targets: readonly string[], inFlight: number): Promise<void> {
    await eachOf(targets, inFlight, async (target) => {
      const body = this.#requestBody(fingerprintOf(target), target);
      await this.#ask('POST', this.#requests, [201], body);
    });
  }

  async #signal(target: string): Promise<'new' | 'duplicate'> {
    const fingerprint = fingerprintOf(target);
    const lease = `${this.#leases}/rr-lock-${fingerprint.slice(0, 16)}`;
    await this.#ask('GET', lease, [404]);
    await this.#ask('POST', this.#leases, [201], this.#leaseBody(fingerprint));
    const selector = `fieldSelector=spec.signalFingerprint%3D${fingerprint}`;
    const listed = await this.#ask('GET', `${this.#requests}?${selector}`, [200]);
    let request = listed.value.items?.[0];
    const outcome = request === undefined ? 'new' : 'duplicate';
    if (request === undefined) {
      const body = this.#requestBody(fingerprint, target);
      request = (await this.#ask('POST', this.#requests, [201], body)).value;
    }
    const own = `${this.#requests}/${request.metadata.name}`;
    const current = await this.#ask('GET', own, [200]);
    await this.#ask('PUT', `${own}/status`, [200], counted(current.value));
    await this.#ask('GET', lease, [200]);
    await this.#ask('DELETE', lease, [200]);
    return outcome;
  }

  get #leases(): string {
    return `/apis/coordination.k8s.io/v1/namespaces/${this.#namespace}/leases`;
  }

  get #requests(): string {
    return `/apis/kubernaut.ai/v1alpha1/namespaces/${this.#namespace}/remediationrequests`;
  }

  async #ask(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    expected: number[],
    body?: object,
  ): Promise<Answer> {
    const { statusCode: status, body: stream } = await this.#pool.request({
      method,
      path,
      headers: {
        authorization: `Bearer ${this.#token}`,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const value = (await stream.json()) as Answer['value'];
    if (!expected.includes(status)) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(value)}`);
    return { status, value };
  }

  #leaseBody(fingerprint: string): object {
    const now = new Date().toISOString().replace('Z', '000Z');
    return {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: `rr-lock-${fingerprint.slice(0, 16)}`, namespace: this.#namespace },
      spec: { holderIdentity: 'bench', leaseDurationSeconds: 30, acquireTime: now, renewTime: now },
    };
  }

  #requestBody(fingerprint: string, target: string): object {
    const now = new Date().toISOString().replace(/\.\d+/, '');
    const name = `rr-${fingerprint.slice(0, 12)}-${randomBytes(4).toString('hex')}`;
    return {
      apiVersion: 'kubernaut.ai/v1alpha1',
      kind: 'RemediationRequest',
      metadata: { name, namespace: this.#namespace },
      spec: {
        signalFingerprint: fingerprint,
        signalName: 'HighLatency',
        severity: 'warning',
        signalType: 'alert',
        signalSource: 'bench',
        targetType: 'kubernetes',
        targetResource: { kind: 'Deployment', name: target, namespace: 'prod' },
        firingTime: now,
        receivedTime: now,
        signalLabels: { alertname: 'HighLatency', namespace: 'prod', deployment: target },
      },
    };
  }
}

function counted(request: KubeObject): KubeObject {
  const status = (request['status'] ?? {}) as { deduplication?: { occurrenceCount?: number } };
  const now = new Date().toISOString().replace(/\.\d+/, '');
  const before = status.deduplication;
  const deduplication = {
    firstSeenAt: now,
    ...before,
    lastSeenAt: now,
    occurrenceCount: (before?.occurrenceCount ?? 0) + 1,
  };
  return { ...request, status: { ...status, deduplication } };
}

function fingerprintOf(target: string): string {
  return createHash('sha256').update(`prod:Deployment:${target}`).digest('hex');
}

async function eachOf<T>(
  all: readonly T[],
  inFlight: number,
  work: (one: T) => Promise<void>,
): Promise<void> {
  const waiting = [...all];
  const worker = async (): Promise<void> => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
}
