import { RemedyCommand } from '../../cli/base-command.ts';
import { printDocument } from '../../cli/render/document.ts';
import { storeInfoColumns } from '../../cli/render/store-columns.ts';
import { storeTarget, withStore } from '../../cli/store-session.ts';
import { formatSize } from '../../config/size.ts';

export default class StoreInfo extends RemedyCommand {
  static override description =
    'Show where the embedded store is, how large it is, which versions it has, and how many objects of each kind are in it.';

  static override examples = [
    '<%= config.bin %> store info',
    '<%= config.bin %> store info --store ./store -o json',
  ];

  async run(): Promise<void> {
    const { flags } = await this.parse(StoreInfo);
    const session = await this.openSession(flags);
    const info = await withStore(session, (store) => store.info());
    const { directory, objects, ...facts } = info;
    const document = {
      apiVersion: 'remedyctl.dev/v1',
      kind: 'StoreInfo',
      target: storeTarget(session),
      ...facts,
      objects,
    };
    await printDocument(
      session.output,
      {
        document,
        rows: objects,
        columns: storeInfoColumns,
        name: ({ apiVersion, kind }) => `${apiVersion}/${kind}`,
      },
      session.render,
    );
    session.notices.say(
      `${directory}: ${formatSize(info.databaseBytes)}, write-ahead log ${formatSize(info.walBytes)}, ` +
        `schema ${info.schemaVersion}, SQLite ${info.sqliteVersion}, resourceVersion ${info.resourceVersion}`,
    );
  }
}
