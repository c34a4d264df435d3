import path from 'node:path';
import type { ExaminedGateway } from '../doctor/gateway-checks.ts';
import type { KubeClient } from '../kube/client.ts';
import { asFlagError } from './flag-names.ts';
import { openGateway, type GatewayFlags, type OpenGateway } from './gateway-session.ts';
import type { Session } from './session.ts';

interface DoctorGatewayFlags extends GatewayFlags {
  'gateway-health'?: string | undefined;
  sample?: string[] | undefined;
}

/** The gateway that a doctor examines: one that is named by a flag or in the configuration. */
export class DoctorGateway {
  readonly #session: Session;
  readonly #flags: DoctorGatewayFlags;
  #opened: OpenGateway | undefined;

  constructor(session: Session, flags: DoctorGatewayFlags) {
    this.#session = session;
    this.#flags = flags;
  }

  /** Undefined where no gateway is named. */
  get opener(): ((client: () => Promise<KubeClient>) => Promise<ExaminedGateway>) | undefined {
    const isNamed =
      this.#session.config.values['gateway.url'] !== undefined || this.#flags['port-forward'] !== undefined;
    return isNamed ? (client) => this.#open(client) : undefined;
  }

  async #open(client: () => Promise<KubeClient>): Promise<ExaminedGateway> {
    const { runtime, config } = this.#session;
    const { sample, 'gateway-health': healthUrl } = this.#flags;
    try {
      this.#opened = await openGateway(this.#session, this.#flags, client);
    } catch (thrown) {
      // a finding has the code that the command would fail with
      throw asFlagError(thrown);
    }
    const read = {
      cwd: runtime.cwd,
      get stdin() {
        return runtime.stdin;
      },
      maxDocumentBytes: config.values['ingest.maxDocument'],
      elements: true,
    };
    const files = sample?.map((file) => (file === '-' ? file : path.resolve(runtime.cwd, file)));
    return {
      ...this.#opened,
      healthUrl,
      sample: files === undefined ? undefined : { files, read },
    };
  }

  async close(): Promise<void> {
    await this.#opened?.close();
  }
}
