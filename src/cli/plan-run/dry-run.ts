import { option } from '@oclif/core/flags';
import type { Plan } from '../../plan/plan.ts';
import type { Session } from '../session.ts';
import type { WorkFlags } from './run-flags.ts';

/** `--dry-run` of commands that run plans. */
export const dryRunFlag = {
  'dry-run': option({
    options: ['client', 'server'] as const,
    summary: 'Show what would be sent, send nothing; server: ask the systems too.',
  })(),
};

export interface DryRunFlags extends Pick<WorkFlags, 'token-stdin'> {
  readonly 'dry-run'?: 'client' | 'server' | undefined;
  readonly 'expect-hash'?: string | undefined;
}

/** Shows what a run would send, unless it would be refused. Errors: those of `checkDryRun`. */
export async function dryRun(session: Session, plans: readonly Plan[], flags: DryRunFlags): Promise<void> {
  const [{ checkDryRun }, { printPreviews }, { signIn }] = await Promise.all([
    import('../../plan-run/check-dry-run.ts'),
    import('../plan/print-previews.ts'),
    import('../plan/sign-in.ts'),
  ]);
  const signed = await signIn(session, flags);
  const { runtime, config, notices } = signed.session;
  await checkDryRun(plans, {
    settings: config.values,
    version: runtime.version,
    signal: runtime.signal,
    notes: notices,
    openSystems: signed.openSystems,
    expectHash: flags['expect-hash'],
    online: flags['dry-run'] === 'server',
  });
  await printPreviews(signed.session, plans);
}
