import { boolean } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { confirm } from '../../cli/confirmation.ts';
import { printDocument } from '../../cli/render/document.ts';
import { storeResetColumns } from '../../cli/render/store-columns.ts';
import { storeTarget, withStore } from '../../cli/store-session.ts';
import { refuseReadOnly } from '../../cli/write-guard.ts';

export default class StoreReset extends RemedyCommand {
  static override description =
    'Delete every object of the embedded store. Asks first; off a terminal it needs --yes.';

  static override examples = [
    '<%= config.bin %> store reset',
    '<%= config.bin %> store reset --store ./store --yes',
  ];

  static override flags = { yes: boolean({ summary: 'Do not ask.' }) };

  async run(): Promise<void> {
    const { flags } = await this.parse(StoreReset);
    const session = await this.openSession(flags);
    const { runtime, output, render, config } = session;
    refuseReadOnly(session);
    const about = `this deletes every object of the store ${config.values.store}`;
    await confirm({ about, yes: flags.yes }, runtime);
    const deleted = await withStore(session, (store) => {
      const { objects } = store.info();
      store.reset();
      return objects;
    });
    const count = deleted.reduce((sum, kind) => sum + kind.count, 0);
    const document = {
      apiVersion: 'remedyctl.dev/v1',
      kind: 'StoreReset',
      target: storeTarget(session),
      deleted: count,
    };
    await printDocument(
      output,
      {
        document,
        rows: [document],
        columns: storeResetColumns,
        name: ({ target }) => target.store,
      },
      render,
    );
  }
}
