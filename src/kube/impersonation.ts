import type { KubeconfigChoice } from './kubeconfig-choice.ts';
import type { KubeconfigUser } from './kubeconfig-file.ts';

type Impersonated = Pick<KubeconfigUser, 'as' | 'asUid' | 'asGroups' | 'asExtra'>;

const nobody: Impersonated = { as: undefined, asUid: undefined, asGroups: [], asExtra: {} };

/** The Impersonate-* headers; what is chosen for the run replaces the file's user and its groups, each by itself. */
export function impersonation(
  user: Impersonated = nobody,
  choice: Pick<KubeconfigChoice, 'as' | 'asGroups'>,
): Record<string, string | string[]> {
  const chosenGroups = choice.asGroups ?? [];
  const headers: Record<string, string | string[]> = {
    'impersonate-user': choice.as ?? user.as ?? '',
    'impersonate-uid': user.asUid ?? '',
    'impersonate-group': chosenGroups.length > 0 ? [...chosenGroups] : user.asGroups,
  };
  for (const [key, values] of Object.entries(user.asExtra)) {
    headers[`impersonate-extra-${headerKey(key)}`] = values;
  }
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value.length > 0));
}

/** Extra keys may hold what a header name may not: such characters are percent-encoded, as client-go does. */
function headerKey(key: string): string {
  return [...Buffer.from(key, 'utf8')]
    .map((byte) => {
      const char = String.fromCharCode(byte);
      const legal = /[A-Za-z0-9!#$&'*+.^_`|~-]/.test(char);
      return legal ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}
