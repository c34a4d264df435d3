/** Whether the credentials may do what a plan does, as far as the systems tell that to somebody who only asks. */
import { RemoteError } from '../http/remote-error.ts';
import type { CallOptions } from '../http/remote-request.ts';
import type { PlannedAction } from './plan.ts';
import type { PlanFinding } from './plan-checks.ts';
import type { RemoteSystems } from './remote-systems.ts';

/** Roles of PagerDuty's users that change nothing, of its contract's list. */
const readingRoles: readonly string[] = ['observer', 'read_only_user', 'read_only_limited_user'];

/** The system does not know the question. */
export const unknownQuestion: readonly number[] = [404, 405, 501];

/** Whom to ask, and who hears of it. */
export interface PermissionQuestion {
  readonly systems: RemoteSystems;
  readonly call: CallOptions;
  /** Hears what is no finding: what could not be asked, and what is odd. */
  readonly tell: (line: string) => void;
}

/** `from`: as whom PagerDuty is written to. */
export async function userFindings(
  from: string,
  { systems, call, tell }: PermissionQuestion,
): Promise<PlanFinding[]> {
  const client = await systems.pagerduty();
  const wanted = from.toLowerCase();
  try {
    for await (const { email, role } of client.findUsers(from, call)) {
      if (email.toLowerCase() !== wanted) continue;
      const mayWrite = role === undefined || !readingRoles.includes(role);
      return mayWrite
        ? []
        : [{ message: `pagerduty.from: ${from} has the role ${role}, which may change no incident` }];
    }
  } catch (thrown) {
    return unlessUnknown(thrown, [403, ...unknownQuestion], (why) => {
      tell(`could not ask PagerDuty whether ${from} (pagerduty.from) is a user who may write: ${why}`);
    });
  }
  return [{ message: `pagerduty.from: no user of the account has the e-mail address ${from}` }];
}

/** An action is found for each service log that the account may not send. */
export async function serviceLogFindings(
  clusterId: string,
  running: readonly PlannedAction[],
  question: PermissionQuestion,
): Promise<PlanFinding[]> {
  const logs = running.filter((action) => action.type === 'service_log');
  const findings = [false, true].map(async (internalOnly) => {
    const affected = logs.filter((log) => log.internalOnly === internalOnly);
    if (affected.length === 0) return [];
    const resourceType = internalOnly ? 'InternalServiceLog' : 'ServiceLog';
    if (await mayCreate(resourceType, clusterId, question)) return [];
    const message = `this account may not create an object of type ${resourceType} for cluster ${clusterId}`;
    return affected.map(({ index }) => ({ index, message: `OCM: ${message}` }));
  });
  return (await Promise.all(findings)).flat();
}

/** Reports are read where they are written. */
export async function reportFindings(
  running: readonly PlannedAction[],
  { systems, call, tell }: PermissionQuestion,
): Promise<PlanFinding[]> {
  const client = await systems.backplane();
  const reports = running.filter((action) => action.type === 'backplane_report');
  const clusters = [...new Set(reports.map(({ clusterId }) => clusterId))];
  const findings = clusters.map(async (clusterId) => {
    try {
      await client.listReports(clusterId, 1, call);
      return [];
    } catch (thrown) {
      if (thrown instanceof RemoteError && thrown.httpStatus === 403) {
        const affected = reports.filter((report) => report.clusterId === clusterId);
        return affected.map(({ index }) => ({ index, message: thrown.message }));
      }
      return unlessUnknown(thrown, unknownQuestion, (why) => {
        tell(`could not ask Backplane about the reports of cluster ${clusterId}: ${why}`);
      });
    }
  });
  return (await Promise.all(findings)).flat();
}

async function mayCreate(
  resourceType: 'ServiceLog' | 'InternalServiceLog',
  clusterId: string,
  { systems, call, tell }: PermissionQuestion,
): Promise<boolean> {
  const client = await systems.ocm();
  try {
    return await client.may({ action: 'create', resourceType, clusterId }, call);
  } catch (thrown) {
    unlessUnknown(thrown, [403, ...unknownQuestion], (why) => {
      tell(`could not ask OCM whether this account may create an object of type ${resourceType}: ${why}`);
    });
    return true;
  }
}

/** No finding where one of these statuses says that the question cannot be asked; throws everything else. */
export function unlessUnknown(thrown: unknown, statuses: readonly number[], tell: (why: string) => void): [] {
  const status = thrown instanceof RemoteError ? thrown.httpStatus : undefined;
  if (status === undefined || !statuses.includes(status)) throw thrown;
  tell(`HTTP ${status}`);
  return [];
}
