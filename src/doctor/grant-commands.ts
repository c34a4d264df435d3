import type { Permission } from './permission.ts';
import { shellWord } from '../text/shell-words.ts';

/**
 * The kubectl commands that grant permissions to a user: a role and its binding for each resource and namespace,
 * one line each. Undefined as the user: a placeholder to fill in.
 */
export function grantCommands(missing: readonly Permission[], user: string | undefined): string {
  return [...bundles(missing).values()].flatMap((bundle) => commandsFor(bundle, user)).join('\n');
}

/** Permissions of one resource in one place. */
function bundles(missing: readonly Permission[]): Map<string, [Permission, ...Permission[]]> {
  const found = new Map<string, [Permission, ...Permission[]]>();
  for (const permission of missing) {
    const key = JSON.stringify([permission.resource, permission.namespace ?? null]);
    const known = found.get(key);
    if (known === undefined) found.set(key, [permission]);
    else known.push(permission);
  }
  return found;
}

function commandsFor([first, ...rest]: [Permission, ...Permission[]], user: string | undefined): string[] {
  const verbs = [first, ...rest].map(({ verb }) => verb);
  const role = first.namespace === undefined ? 'clusterrole' : 'role';
  const where = first.namespace === undefined ? '' : ` -n ${shellWord(first.namespace)}`;
  const what =
    'path' in first.attributes
      ? `--non-resource-url=${shellWord(first.resource)}`
      : `--resource=${shellWord(first.resource)}`;
  const name = roleName(first, verbs);
  return [
    `kubectl create ${role} ${name}${where} --verb=${verbs.join(',')} ${what}`,
    `kubectl create ${role}binding ${name}${where} --${role}=${name} ${subject(user)}`,
  ];
}

/** The verbs are in it, so that granting more later does not collide with what there is. */
function roleName({ resource }: Permission, verbs: readonly string[]): string {
  const what = resource
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return `remedyctl-${what}-${verbs.join('-')}`;
}

function subject(user: string | undefined): string {
  if (user === undefined) return '--user=YOUR-USER';
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user);
  return account === null
    ? `--user=${shellWord(user)}`
    : `--serviceaccount=${shellWord(`${account[1] ?? ''}:${account[2] ?? ''}`)}`;
}
