import { hostname, userInfo } from 'node:os';
import type { Runtime } from './runtime.ts';

/** Who works here, for lock holders and the audit trail. */
export interface Identity {
  user: string;
  host: string;
  pid: number;
}

/** A container without an entry for its user has no name; then USER, then the number. */
export function identityOf({ env }: Runtime): Identity {
  return { user: userName(env), host: hostname(), pid: process.pid };
}

function userName(env: Runtime['env']): string {
  try {
    return userInfo().username;
  } catch {
    return env['USER'] ?? String(process.getuid?.() ?? 'unknown');
  }
}
