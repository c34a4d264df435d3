import { RemedyCommand } from '../cli/base-command.ts';
import { examine, openDoctorSession } from '../cli/doctor-run.ts';
import { exitCodes } from '../cli/exit-codes.ts';
import { printDocument } from '../cli/render/document.ts';
import { doctorColumns, doctorText, isUtf8 } from '../cli/render/doctor-text.ts';

export default class Doctor extends RemedyCommand {
  static override description =
    'Check whether everything is there that remedyctl needs: the program and its folders, the configuration, the ' +
    'server and its clock, how RemediationRequests are served, the permissions of each command, stuck locks, and ' +
    'the embedded store. Changes nothing. What is not well comes with what to do. Exits 3 when a check failed; ' +
    'warnings alone exit 0.';

  static override examples = [
    '<%= config.bin %> doctor',
    '<%= config.bin %> doctor --target embedded',
    '<%= config.bin %> doctor -o jsonpath=\'{.checks[?(@.status=="fail")].name}\'',
  ];

  async run(): Promise<number> {
    const { flags } = await this.parse(Doctor);
    const opened = await openDoctorSession(this.runtime, flags);
    const { runtime, output, paint, render } = opened.session;
    const report = await examine(opened);
    const { checks, summary } = report;
    if (render.format.kind === 'table') {
      const symbols = output.isTerminal && isUtf8(runtime.env);
      await output.write(doctorText(report, { maxWidth: output.columns, symbols, paint }));
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
