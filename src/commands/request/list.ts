import { string } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { connectTo } from '../../cli/composition.ts';
import { createBatchSink } from '../../cli/render/batch.ts';
import { requestColumns, requestName } from '../../cli/render/request-columns.ts';
import { apiVersionOf, type KubeObject } from '../../api/objects.ts';

export default class RequestList extends RemedyCommand {
  static override description =
    'List RemediationRequests with phase, outcome, target, occurrences and age. json and yaml print a RemediationRequestList as the API server has it.';

  static override examples = [
    '<%= config.bin %> request list',
    '<%= config.bin %> request list --phase Executing -o wide',
    "<%= config.bin %> request list -o jsonpath='{.items[*].metadata.name}'",
  ];

  static override flags = {
    selector: string({ char: 'l', helpValue: 'SELECTOR', summary: 'Only those with these labels.' }),
    'field-selector': string({
      helpValue: 'SELECTOR',
      summary: 'Only those with these fields, such as spec.severity=critical.',
    }),
    fingerprint: string({ helpValue: 'SHA256', summary: 'Only those of this fingerprint.' }),
    phase: string({ helpValue: 'PHASE', summary: 'Only those in this phase.' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(RequestList);
    const session = await this.openSession(flags);
    const { runtime, config, output, render, notices } = session;
    const client = await connectTo(session);
    try {
      const { resource } = await client.discovery.remediationRequests();
      const fields = [
        ...(flags['field-selector'] === undefined ? [] : [flags['field-selector']]),
        ...(flags.fingerprint === undefined ? [] : [`spec.signalFingerprint=${flags.fingerprint}`]),
      ];
      const pages = client.objects.listPages(
        resource,
        {
          namespace: config.values.namespace,
          labelSelector: flags.selector,
          fieldSelector: fields.length === 0 ? undefined : fields.join(','),
        },
        { signal: runtime.signal },
      );
      const first = await pages.next();
      const metadata = first.done === true ? {} : { resourceVersion: first.value.metadata.resourceVersion };
      const sink = await createBatchSink(
        output,
        {
          head: { apiVersion: apiVersionOf(resource), kind: `${resource.kind}List`, metadata },
          columns: requestColumns(runtime.clock.now()),
          name: requestName(resource.group),
          summaryLine: () => '',
        },
        render,
      );
      let shown = 0;
      const wanted = (item: KubeObject): boolean =>
        flags.phase === undefined || phaseOf(item) === flags.phase;
      for (let page = first; page.done !== true; page = await pages.next()) {
        const items = page.value.items.filter(wanted);
        shown += items.length;
        for (const item of items) await sink.item(item);
      }
      await sink.finish();
      if (shown === 0) notices.say(`no RemediationRequests in namespace ${config.values.namespace}`);
    } finally {
      await client.close();
    }
  }
}

function phaseOf(item: KubeObject): unknown {
  return (item['status'] as { overallPhase?: unknown } | undefined)?.overallPhase;
}
