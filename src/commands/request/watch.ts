import { string } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { connectTo } from '../../cli/composition.ts';
import { changeWriter } from '../../cli/render/change-lines.ts';
import { requestColumns, requestName } from '../../cli/render/request-columns.ts';
import { readRequestFilter, requestFilterFlags } from '../../cli/request-filter-flags.ts';
import { watchRequests } from '../../request/request-watch.ts';
import type { KubeObject } from '../../api/objects.ts';

export default class RequestWatch extends RemedyCommand {
  static override description =
    'Show RemediationRequests as they change, beginning with those there are, until it is stopped. json and jsonl print one {"type","object"} a line.';

  static override examples = [
    '<%= config.bin %> request watch',
    '<%= config.bin %> request watch --fingerprint 91fce8d5c494',
    '<%= config.bin %> request watch --phase Failed --phase TimedOut -o jsonl',
  ];

  static override flags = {
    selector: string({ char: 'l', helpValue: 'SELECTOR', summary: 'Only those with these labels.' }),
    ...requestFilterFlags,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(RequestWatch);
    const session = await this.openSession(flags);
    const { runtime, config, output, paint, notices } = session;
    const now = (): number => runtime.clock.now();
    const filter = readRequestFilter(flags, now());
    const client = await connectTo(session);
    try {
      const resource = await client.discovery.requestResource();
      const columns = requestColumns({ now, paint });
      const write = await changeWriter<KubeObject>(session, {
        columns,
        name: requestName(resource.group),
      });
      const { clock, random, signal } = runtime;
      const changes = watchRequests({
        objects: client.objects,
        resource,
        namespace: config.values.namespace,
        labelSelector: flags.selector,
        filter,
        clock,
        random,
        signal,
        note: (text) => {
          notices.warn(text);
        },
      });
      for await (const change of changes) {
        await output.write(await write(change));
        if (output.closed) break;
      }
    } finally {
      await client.close();
    }
  }
}
