import { hostname, userInfo } from 'node:os';

/** Who works here, for lock holders and the audit trail. */
export interface Identity {
  user: string;
  host: string;
  pid: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** This process. A container without an entry for its user has no name; then `USER`, then the number. */
export function identityOf({ env }: { env: Environment }): Identity {
  return { user: userName(env), host: hostname(), pid: process.pid };
}

function userName(env: Environment): string {
  try {
    return userInfo().username;
  } catch {
    return env['USER'] ?? String(process.getuid?.() ?? 'unknown');
  }
}
