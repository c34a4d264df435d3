import { boolean, string } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { connectToLocks, type ConnectedLocks } from '../../cli/lease/lock-ground.ts';
import { exitCodes } from '../../cli/exit-codes.ts';
import { writeFlags } from '../../cli/global-flags.ts';
import { scopeWords } from '../../cli/command-scope.ts';
import { durationFlag } from '../../cli/lease/duration-flag.ts';
import { printFindings, sayReleases } from '../../cli/lease/print-findings.ts';
import { shownFindings, withOutcomes, type ShownFinding } from '../../cli/lease/shown-findings.ts';
import { confirm } from '../../cli/confirmation.ts';
import { confirmWrite, refuseReadOnly } from '../../cli/write-guard.ts';
import { diagnoseLocks, releaseCandidates, type LockDiagnosis } from '../../locks/lock-doctor.ts';

const usuallyLong = '10m';

export default class LeaseDoctor extends RemedyCommand {
  static override description =
    'Find locks that stand in the way: expired ones, orphans, those that never expire, that are held for unusually long or last so (over 2 minutes from each renewal), whose times show a wrong clock, or that lie in another namespace. Each comes with what it blocks and the command that mends it; exit code 3 when there are any. --fix releases those whose holders are provably gone: it watches that they stay unchanged for their whole duration first.';

  static override examples = [
    '<%= config.bin %> lease doctor',
    '<%= config.bin %> lease doctor --long-held 1h -o json',
    '<%= config.bin %> lease doctor --fix --yes',
  ];

  static override flags = {
    ...writeFlags,
    fix: boolean({ summary: 'Release what is provably expired, after one question for all of it.' }),
    'long-held': string({
      default: usuallyLong,
      helpValue: 'DURATION',
      summary: 'From when on a lock counts as held for unusually long.',
    }),
  };

  async run(): Promise<number> {
    const { flags } = await this.parse(LeaseDoctor);
    const session = await this.openSession(flags);
    const longHeldMs = durationFlag('long-held', flags['long-held']) ?? 0;
    const dryRun = flags['dry-run'] !== undefined;
    if (flags.fix) refuseReadOnly(session, { dryRun });
    const ground = await connectToLocks(session);
    const { client } = ground;
    try {
      const diagnosis = await diagnoseLocks(ground, longHeldMs);
      const found = shownFindings(ground, diagnosis, scopeWords(flags));
      if (!flags.fix) return await reportOnly(ground, found, diagnosis);
      const { kind } = session.render.format;
      const isText = kind === 'table' || kind === 'wide';
      if (isText) await printFindings(ground, found, diagnosis);
      if (diagnosis.candidates.length > 0) {
        await confirmWrite(session, { target: client.target, dryRun, yes: flags.yes });
      }
      const releases = await releaseCandidates(ground, diagnosis, {
        dryRun,
        confirm: (about) => confirm({ about, yes: flags.yes }, session.runtime),
      });
      sayReleases(session, releases);
      const findings = withOutcomes(found, releases);
      if (!isText) await printFindings(ground, findings, diagnosis);
      return exitCodeOfFindings(findings);
    } finally {
      await client.close();
    }
  }
}

async function reportOnly(
  ground: ConnectedLocks,
  findings: readonly ShownFinding[],
  diagnosis: LockDiagnosis,
): Promise<number> {
  await printFindings(ground, findings, diagnosis);
  return exitCodeOfFindings(findings);
}

function exitCodeOfFindings(findings: readonly ShownFinding[]): number {
  return findings.every(({ fixed }) => fixed === true) ? exitCodes.done : exitCodes.differs;
}
