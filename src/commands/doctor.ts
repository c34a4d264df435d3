import { string } from '@oclif/core/flags';
import { DoctorGateway } from '../cli/doctor-gateway.ts';
import { gatewayFlags, gatewayGroup } from '../cli/gateway-session.ts';
import { RemedyCommand } from '../cli/base-command.ts';
import { connectTo } from '../cli/composition.ts';
import { openDoctorSession } from '../cli/doctor-session.ts';
import { examine } from '../doctor/doctor-run.ts';
import { homeFolder } from '../files/home-folder.ts';
import { asFlagError } from '../cli/flag-names.ts';
import { exitCodes } from '../cli/exit-codes.ts';
import { printDocument } from '../cli/render/document.ts';
import { takesUtf8 } from '../cli/charset.ts';
import { doctorColumns, doctorText } from '../cli/render/doctor-text.ts';

export default class Doctor extends RemedyCommand {
  static override description =
    'Check whether everything is there that remedyctl needs: the program and its folders, the configuration, the ' +
    'server and its clock, how RemediationRequests are served, the permissions of each command, stuck locks, and ' +
    'the embedded store. Changes nothing. What is not well comes first, with what to do; -v shows every check, -q ' +
    'those that failed alone. Exits 3 when a check failed; warnings alone exit 0.';

  static override examples = [
    '<%= config.bin %> doctor',
    '<%= config.bin %> doctor --target embedded',
    '<%= config.bin %> doctor --gateway https://gateway.example.com --service-account alertmanager --sample alerts.json',
    '<%= config.bin %> doctor -o jsonpath=\'{.checks[?(@.status=="fail")].name}\'',
  ];

  static override flags = {
    gateway: string({ helpValue: 'URL', summary: 'Examine this gateway too, in front of /api/v1/signals.' }),
    ...gatewayFlags,
    'gateway-health': string({
      helpGroup: gatewayGroup,
      helpValue: 'URL',
      summary: 'Where the gateway says whether it is ready, if not under its URL.',
    }),
    sample: string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'FILE',
      summary: 'Say which of these alerts and events the gateway would drop.',
    }),
  };

  async run(): Promise<number> {
    const { flags } = await this.parse(Doctor);
    const { session, loaded } = await openDoctorSession(this.runtime, this.allFlags(flags));
    const { runtime, config, notices, output, paint, render } = session;
    const gateways = new DoctorGateway(session, flags);
    const report = await examine({
      openGateway: gateways.opener,
      loaded,
      machine: {
        env: runtime.env,
        home: homeFolder(runtime.env),
        nodeVersion: process.version,
        platform: `${process.platform}-${process.arch}`,
        userId: process.getuid?.(),
      },
      clock: runtime.clock,
      signal: runtime.signal,
      connect: (target, observers) =>
        connectTo(
          { ...session, config: { ...config, values: { ...config.values, target } } },
          observers,
        ).catch((thrown: unknown) => {
          // a finding has the code that the command would fail with
          throw asFlagError(thrown);
        }),
    }).finally(() => gateways.close());
    const { checks, summary } = report;
    if (render.format.kind === 'table') {
      const symbols = output.isTerminal && takesUtf8(runtime.env);
      const detail = notices.isQuiet ? 'failed' : notices.isVerbose ? 'all' : undefined;
      await output.write(doctorText(report, { maxWidth: output.columns, symbols, paint, detail }));
    } else {
      await printDocument(
        output,
        {
          document: report,
          rows: checks,
          columns: doctorColumns,
          name: ({ group, name }) => `${group}/${name}`,
          lines: [...checks, { summary }],
        },
        render,
      );
    }
    return report.healthy ? exitCodes.done : exitCodes.differs;
  }
}
