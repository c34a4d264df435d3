import { RemedyCommand } from '../../cli/base-command.ts';
import { inTurns } from '../../time/in-turns.ts';
import { createBatchSink } from '../../cli/render/batch.ts';
import { storeExportColumns } from '../../cli/render/store-columns.ts';
import { withStore } from '../../cli/store-session.ts';
import type { KubeObject } from '../../api/objects.ts';

/** Some ten milliseconds between two turns of the event loop, in which signals are seen. */
const objectsPerTurn = 32;

export default class StoreExport extends RemedyCommand {
  static override description =
    'Print every object of the embedded store as one List, which store import takes back as it is. The default format is json.';

  static override examples = [
    '<%= config.bin %> store export > store.json',
    '<%= config.bin %> store export -o jsonl | gzip > store.jsonl.gz',
    '<%= config.bin %> store export -o yaml',
  ];

  async run(): Promise<void> {
    const { flags } = await this.parse(StoreExport);
    const session = await this.openSession(flags);
    const { output, render, runtime } = session;
    const { kind } = render.format;
    const format = kind === 'table' && flags.output === undefined ? { kind: 'json' as const } : render.format;
    const sink = await createBatchSink<KubeObject>(
      output,
      {
        head: { apiVersion: 'v1', kind: 'List', metadata: {} },
        columns: storeExportColumns,
        name: (object) => `${(object.kind ?? '').toLowerCase()}/${object.metadata.name}`,
        summaryLine: () => '',
      },
      { ...render, format },
    );
    await withStore(session, async (store) => {
      for await (const object of inTurns(store.exportObjects(), objectsPerTurn, runtime.signal)) {
        if (output.closed) break;
        await sink.item(object);
      }
      await sink.finish();
    });
  }
}
