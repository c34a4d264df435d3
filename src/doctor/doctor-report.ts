import type { TargetDescription } from '../kube/client.ts';
import { checkStatuses, type CheckResult, type CheckStatus } from './check.ts';

export interface DoctorSummary extends Record<CheckStatus, number> {
  total: number;
}

/** `DoctorReport` of the machine-readable output. */
export interface DoctorReport {
  apiVersion: 'remedyctl.dev/v1';
  kind: 'DoctorReport';
  /** Absent where it is not known. */
  target?: TargetDescription;
  /** Nothing failed; there may be warnings. */
  healthy: boolean;
  checks: readonly CheckResult[];
  summary: DoctorSummary;
}

/** The report of what every check found. */
export function doctorReport(
  checks: readonly CheckResult[],
  target: TargetDescription | undefined,
): DoctorReport {
  const counts = Object.fromEntries(
    checkStatuses.map((status) => [status, checks.filter((check) => check.status === status).length]),
  ) as Record<CheckStatus, number>;
  return {
    apiVersion: 'remedyctl.dev/v1',
    kind: 'DoctorReport',
    ...(target === undefined ? {} : { target }),
    healthy: counts.fail === 0,
    checks,
    summary: { total: checks.length, ...counts },
  };
}
