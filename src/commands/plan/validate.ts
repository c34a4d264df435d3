import { boolean } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { sayNext } from '../../cli/next-step.ts';
import { planArgs, planFlags, planReading, samePlans } from '../../cli/plan/plan-flags.ts';

export default class PlanValidate extends RemedyCommand {
  static override description =
    'Check plans for everything that can be known before a byte is sent: fields, words and limits of the three systems, links to the documentation of another product, actions that contradict each other, settings and credentials that are missing. Every problem is named with file, line, column, field and the nearest word.';

  static override examples = [
    '<%= config.bin %> plan validate examples/plans/egress-blocked.yaml --set cluster=1a2b3c --set incident=Q2I4',
    '<%= config.bin %> plan validate plans/ --files-only',
    'cat plan.yaml | <%= config.bin %> plan validate - -o json',
  ];

  static override args = planArgs;

  static override flags = {
    ...planFlags,
    'files-only': boolean({
      exclusive: ['online'],
      summary: 'Check the files alone, not whether settings and credentials are here to run them.',
    }),
    online: boolean({
      summary:
        'Ask the systems too: is it the cluster that is meant, the incident open, the silent policy there, and may these credentials write.',
    }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(PlanValidate);
    const session = await this.openSession(flags);
    const [{ validatePlans }, { printValidation }, { signIn }] = await Promise.all([
      import('../../plan/validate-plans.ts'),
      import('../../cli/plan/print-validation.ts'),
      import('../../cli/plan/sign-in.ts'),
    ]);
    const signed = await signIn(session, {});
    const validation = await validatePlans(args.files, {
      ...planReading(session, flags.set),
      settings: signed.session.config.values,
      logins: signed.logins,
      version: session.runtime.version,
      notes: session.notices,
      openSystems: signed.openSystems,
      filesOnly: flags['files-only'],
      online: flags.online,
    });
    const code = await printValidation(session, validation);
    const same = samePlans(args.files, flags.set);
    if (code === 0 && same) sayNext(session, 'to see what it would send', ['plan', 'show', ...same]);
    return code;
  }
}
