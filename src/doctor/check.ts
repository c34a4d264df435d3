/** The order in which groups are shown. */
export const checkGroups = [
  'program',
  'configuration',
  'server',
  'requests',
  'permissions',
  'locks',
  'store',
  'gateway',
] as const;
/** What a check is about. */
export type CheckGroup = (typeof checkGroups)[number];

/** `warn`: works, but not as it should; `fail`: something does not work; `skip`: could not be looked at. */
export const checkStatuses = ['ok', 'warn', 'fail', 'skip'] as const;
/** What came of a check; `skip`: it could not be made, or makes no sense here. */
export type CheckStatus = (typeof checkStatuses)[number];

/** What a check found. */
export interface Finding {
  status: CheckStatus;
  /** One sentence. */
  message: string;
  /** Facts for `-o json`; units are in the names; never a secret. */
  details?: Record<string, unknown>;
  /** What to do, a step a line, commands as they are to be typed. Every `fail` and `warn` has one. */
  fix?: string;
}

export interface CheckResult extends Finding {
  name: string;
  group: CheckGroup;
}

/** One thing to look at. It changes nothing, wherever it looks. */
export interface Check {
  /** Unique and stable: scripts select by it. */
  name: string;
  group: CheckGroup;
  /** Names of checks without whose `ok` or `warn` this one makes no sense: it is skipped then. */
  needs?: readonly string[];
  /** Names of checks that must have ended, however, before this one begins. */
  after?: readonly string[];
  /** Milliseconds, default 10,000. */
  limitMs?: number;
  /** A rejection is a `fail` of this check alone. */
  run: (signal: AbortSignal) => Finding | Promise<Finding>;
}

export function ok(message: string, details?: Record<string, unknown>): Finding {
  return { status: 'ok', message, ...(details === undefined ? {} : { details }) };
}

export function skip(message: string): Finding {
  return { status: 'skip', message };
}
