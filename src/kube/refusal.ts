/**
 * Which rule refused a request. A 403 is a missing permission only where the server says so: quotas, admission and a
 * namespace on its way out answer 403 as well (admission also with other statuses), and what stands between here and the
 * server has pages of its own. The API server tells some of it in `details.causes`, the rest in sentences of its own.
 * Source: apiserver, pkg/admission (resourcequota, webhook, policy/validating, namespace/lifecycle) and
 * pkg/endpoints/handlers/responsewriters.
 */
import type { ApiStatus } from '../api/objects.ts';
import type { ErrorCode } from '../errors/error-codes.ts';

interface Refused {
  httpStatus: number;
  /** The Status body, where the answer carried one. */
  status?: ApiStatus | undefined;
  /** What the answer says. */
  text: string;
  verb: string;
  resource: string;
  namespace?: string | undefined;
}

/** `User "jane" cannot list resource …`: RBAC and every other authorizer say it so, and nothing else does. */
const missingPermission =
  /\bUser "(?:[^"\\]|\\.)*" cannot (\S+)(?: resource "([^"]+)" in API group "([^"]*)")?/;

const bySentence: readonly (readonly [RegExp, ErrorCode])[] = [
  [/ in namespace \S+ because it is being terminated/, 'NAMESPACE_TERMINATING'],
  [
    / is forbidden: (exceeded quota: |failed quota: |status unknown for quota: |insufficient quota to match )/,
    'QUOTA_EXCEEDED',
  ],
  [/^admission webhook ".*" denied the request/, 'ADMISSION_DENIED'],
  [/ValidatingAdmissionPolicy '.*' (with binding '.*' )?denied request/, 'ADMISSION_DENIED'],
  [/ is forbidden: violates PodSecurity "/, 'ADMISSION_DENIED'],
];

/** Undefined where the answer is no refusal by a rule. */
export function refusalCode({ httpStatus, status, text }: Refused): ErrorCode | undefined {
  const told = status === undefined ? undefined : ruleOf(status, text);
  if (told !== undefined || httpStatus !== 403) return told;
  return status !== undefined || missingPermission.test(text) ? 'FORBIDDEN' : undefined;
}

function ruleOf({ details: { causes = [] } = {} }: ApiStatus, text: string): ErrorCode | undefined {
  if (causes.some(({ reason }) => reason === 'NamespaceTerminating')) return 'NAMESPACE_TERMINATING';
  return bySentence.find(([sentence]) => sentence.test(text))?.[1];
}

/** A refusal of a rule that no permission of ours changes. */
export function isRuleRefusal(code: string): boolean {
  return ['QUOTA_EXCEEDED', 'ADMISSION_DENIED', 'NAMESPACE_TERMINATING'].includes(code);
}

/** What to do about it; undefined where only the server's own text can tell. */
export function refusalHint(refused: Refused): string | undefined {
  const code = refusalCode(refused);
  if (code === 'QUOTA_EXCEEDED') return quotaHint(refused);
  if (code === 'NAMESPACE_TERMINATING') return terminatingHint(refused);
  if (code === 'ADMISSION_DENIED') {
    return 'No permission of yours helps: a rule of the cluster refuses this object. Whoever keeps the webhook or policy that is named can tell what it wants.';
  }
  if (code === 'FORBIDDEN') return permissionHint(refused);
  return refused.httpStatus === 403 ? inBetween : undefined;
}

/** Of an answer that is not the API server's. */
export const inBetween =
  'Something between here and the API server answered in its place; check server and proxy settings.';

function quotaHint({ namespace }: Refused): string {
  const where = namespace === undefined || namespace === '' ? '' : ` -n ${namespace}`;
  return `Delete what is no longer needed in the namespace, or ask for a higher quota. What is used of it: kubectl describe resourcequota${where}`;
}

function terminatingHint({ namespace = '' }: Refused): string {
  const look = namespace === '' ? '' : ` What holds it up: kubectl get namespace ${namespace} -o yaml`;
  return `The namespace is being deleted, and nothing can be made in it: choose another, or wait and make it again.${look}`;
}

function permissionHint(refused: Refused): string | undefined {
  const said = missingPermission.exec(refused.text);
  if (said === null) return undefined;
  const { namespace } = refused;
  // To act as somebody is a permission of its own, whatever was to be done as him.
  const [, cannot, asWhat = '', group = ''] = said;
  if (cannot === 'impersonate') {
    const resource = group === '' ? asWhat : `${asWhat}.${group}`;
    return askFor({ verb: 'impersonate', resource });
  }
  const { verb, resource } = refused;
  if (resource.startsWith('/')) {
    return `Ask for the permission: kubectl create clusterrole remedyctl --verb=${verb} --non-resource-url=${resource}, bound to you.`;
  }
  return askFor({ verb, resource, namespace: namespace === '' ? undefined : namespace });
}

function askFor({ verb, resource, namespace }: Pick<Refused, 'verb' | 'resource' | 'namespace'>): string {
  const where = namespace === undefined ? '' : ` -n ${namespace}`;
  const kind = namespace === undefined ? 'clusterrole' : 'role';
  return (
    `Ask for the permission: kubectl create ${kind} remedyctl --verb=${verb} --resource=${resource}${where}, ` +
    `bound to you by a ${kind}binding; kubectl auth can-i ${verb} ${resource}${where} checks it.`
  );
}
