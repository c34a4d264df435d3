import type { RemoteSystems } from '../../plan/remote-systems.ts';
import { exchangeLog } from '../request-log.ts';
import type { Session } from '../session.ts';

/**
 * Opens the three systems of the configuration; with `--token-stdin` their credentials are read first. Errors:
 * CREDENTIALS_FAILED for what is no credential there, and those of reading.
 */
export async function openSystems(
  { runtime, config, notices }: Session,
  flags: { readonly 'token-stdin'?: boolean },
): Promise<RemoteSystems> {
  const { remoteSystems, secretNames } = await import('../../plan/remote-systems.ts');
  const system = {
    ...runtime,
    settings: config.values,
    onExchange: notices.isVerbose ? exchangeLog(notices) : undefined,
  };
  if (flags['token-stdin'] !== true) return remoteSystems(system);
  const [{ readPlanFromStdin }, { secretsOfInput }] = await Promise.all([
    import('../../documents/read-plan-file.ts'),
    import('../../http/secret-source.ts'),
  ]);
  const credentials = secretsOfInput(await readPlanFromStdin(runtime), secretNames);
  return remoteSystems({ ...system, credentials });
}
