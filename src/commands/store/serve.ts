import { integer, string } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { refuseReadOnly } from '../../cli/write-guard.ts';

export default class StoreServe extends RemedyCommand {
  static override description =
    'Serve the embedded store on loopback as a Kubernetes API, over TLS, for kubectl and scripts, until it is stopped. Who holds the kubeconfig may do everything in the store. Other commands and other servers may work on the same store meanwhile.';

  static override examples = [
    '<%= config.bin %> store serve --write-kubeconfig ./store.kubeconfig',
    '<%= config.bin %> store serve --write-kubeconfig ./store.kubeconfig --port 8443 -o json',
    'KUBECONFIG=./store.kubeconfig kubectl get remediationrequests --watch',
  ];

  static override flags = {
    'write-kubeconfig': string({
      required: true,
      helpValue: 'FILE',
      summary:
        'Write a kubeconfig with the address, the certificate and a random token, for its owner alone. Never replaces a file; removed at the end.',
    }),
    address: string({
      helpValue: 'ADDRESS',
      default: '127.0.0.1',
      summary: 'Listen here; loopback only.',
    }),
    port: integer({
      helpValue: 'PORT',
      min: 0,
      max: 65535,
      default: 0,
      summary: 'Listen on this port (default: one that is free).',
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(StoreServe);
    const session = await this.openSession(flags);
    refuseReadOnly(session);
    const { loopbackAddress } = await import('../../store-server/loopback.ts');
    const address = loopbackAddress(flags.address);
    const { serveStore } = await import('../../cli/store-serving.ts');
    await serveStore(session, { address, port: flags.port, kubeconfig: flags['write-kubeconfig'] });
  }
}
