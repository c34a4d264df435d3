import type { ApiResource } from '../api/objects.ts';
import type { KubeClient } from '../kube/client.ts';
import { reviewPermissions, type Allowance } from './access-review.ts';
import { ok, type Check, type Finding } from './check.ts';
import { grantCommands } from './grant-commands.ts';
import { neededPermissions } from './needed-permissions.ts';
import { once } from '../time/once.ts';
import {
  describePermission,
  permissionKey,
  placePermission,
  type CommandPermissions,
  type NeededPermission,
  type Permission,
} from './permission.ts';
import { failureOf } from './run-checks.ts';

interface PermissionQuestions {
  /** The client of a server that answers. */
  client: () => Promise<KubeClient>;
  /** Where RemediationRequests are served, or would be. */
  requestResource: () => Promise<ApiResource>;
  /** As whom the server sees us, where it says. */
  user: () => Promise<string | undefined>;
  namespace: string;
  leaseNamespace: string;
}

interface PlacedNeed {
  permission: Permission;
  without: string | undefined;
}

/** A check for each command; all of them share one batch of questions. */
export function permissionChecks(questions: PermissionQuestions): Check[] {
  const place = placer(questions);
  const answers = once(async () => {
    const all = neededPermissions().flatMap(({ needs: needed }) => needed);
    const placed = await Promise.all(all.map(place));
    return reviewPermissions(await questions.client(), placed);
  });
  return neededPermissions().map((command) => ({
    name: command.command,
    group: 'permissions',
    needs: ['reachable'],
    after: ['latency'],
    run: async () => judge(await placeAll(command, place), await answers(), await questions.user()),
  }));
}

function placer(questions: PermissionQuestions): (needed: NeededPermission) => Promise<Permission> {
  const { namespace, leaseNamespace } = questions;
  return async (needed) => {
    const { group, version } = await questions.requestResource();
    return placePermission(needed, {
      requestGroup: group,
      requestVersion: version,
      namespace,
      leaseNamespace,
    });
  };
}

function placeAll(
  { needs }: CommandPermissions,
  place: (needed: NeededPermission) => Promise<Permission>,
): Promise<PlacedNeed[]> {
  return Promise.all(
    needs.map(async (needed) => ({ permission: await place(needed), without: needed.without })),
  );
}

/** What the answers mean for one command. */
export function judge(
  placed: readonly PlacedNeed[],
  answers: ReadonlyMap<string, Allowance>,
  user: string | undefined,
): Finding {
  const unknown = placed
    .map(({ permission }) => answers.get(permissionKey(permission)))
    .find((answer) => typeof answer === 'object');
  if (unknown !== undefined) return failureOf(unknown.failure);
  const missing = placed.filter(({ permission }) => answers.get(permissionKey(permission)) !== true);
  if (missing.length === 0)
    return ok(placed.length === 1 ? 'allowed' : `all ${placed.length} permissions are there`);
  const worst = missing.some(({ without }) => without === undefined) ? 'fail' : 'warn';
  return {
    status: worst,
    message: `may not ${missing.map(describeMissing).join(', ')}`,
    details: { missing: missing.map(missingFacts) },
    fix: grantCommands(
      missing.map(({ permission }) => permission),
      user,
    ),
  };
}

function describeMissing({ permission, without }: PlacedNeed): string {
  const what = describePermission(permission);
  return without === undefined ? what : `${what} (${without})`;
}

function missingFacts({ permission, without }: PlacedNeed): Record<string, unknown> {
  const { verb, resource, namespace } = permission;
  return {
    verb,
    resource,
    ...(namespace === undefined ? {} : { namespace }),
    required: without === undefined,
  };
}
