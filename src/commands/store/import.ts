import { string } from '@oclif/core/args';
import { string as stringFlag } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { readObjects } from '../../documents/object-files.ts';
import { printDocument } from '../../cli/render/document.ts';
import { storeImportColumns } from '../../cli/render/store-columns.ts';
import { storeTarget, withStore } from '../../cli/store-session.ts';
import { refuseReadOnly } from '../../cli/write-guard.ts';

/** A List of a whole cluster is one document; the limit for signals would refuse it. */
const importLimitBytes = 1024 * 1024 * 1024;

export default class StoreImport extends RemedyCommand {
  static override description =
    'Put Kubernetes objects into the embedded store as they are: uid, status and times included, without validation. Owner and scope look-ups find them there; an imported CustomResourceDefinition makes its kind known. All or nothing.';

  static override examples = [
    'kubectl get deployments,replicasets,pods,namespaces -A -o json | <%= config.bin %> store import -',
    '<%= config.bin %> store import objects.json crds/',
  ];

  static override args = {
    files: string({
      required: true,
      multiple: true,
      ignoreStdin: true,
      description: 'Files, folders or globs of objects and Lists, JSON or YAML; - is stdin.',
    }),
  };

  static override flags = {
    'max-document': stringFlag({ helpValue: 'SIZE', summary: 'The largest single document that is read.' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(StoreImport);
    const session = await this.openSession(flags);
    const { runtime, config, output, render } = session;
    refuseReadOnly(session);
    const isDefault = config.origins['ingest.maxDocument'].kind === 'default';
    const objects = await readObjects(args.files, {
      cwd: runtime.cwd,
      stdin: runtime.stdin,
      maxDocumentBytes: isDefault ? importLimitBytes : config.values['ingest.maxDocument'],
      signal: runtime.signal,
    });
    const { kinds, namespacesCreated } = await withStore(session, (store) => store.importObjects(objects));
    const document = {
      apiVersion: 'remedyctl.dev/v1',
      kind: 'StoreImport',
      target: storeTarget(session),
      kinds,
      namespacesCreated,
    };
    await printDocument(
      output,
      {
        document,
        rows: kinds,
        columns: storeImportColumns,
        name: ({ apiVersion, kind }) => `${apiVersion}/${kind}`,
      },
      render,
    );
  }
}
