import { describe, expect, it } from 'vitest';
import type { ApiResponse } from '../../../src/api/wire.ts';
import { errorAnswer } from '../../../src/kube/answer.ts';
import type { ApiCall } from '../../../src/kube/api-error.ts';

const call: ApiCall = { verb: 'create', resource: 'remediationrequests.kubernaut.ai', namespace: 'shop' };

function response(status: number, body: string, type = 'application/json'): ApiResponse {
  const chunks = [Buffer.from(body)];
  return {
    status,
    headers: { 'content-type': type },
    body: (async function* () {
      yield* await Promise.resolve(chunks);
    })(),
  };
}

function refused(message: string, code = 403, more: { reason?: string; details?: object } = {}): ApiResponse {
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code, message };
  return response(code, JSON.stringify({ reason: 'Forbidden', ...status, ...more }));
}

const named = 'remediationrequests.kubernaut.ai "rr-1" is forbidden';

describe('a rule of the cluster is told from a missing permission', () => {
  const answers: [name: string, answer: ApiResponse, code: string, hint: RegExp][] = [
    [
      'a quota',
      refused(
        `${named}: exceeded quota: requests, requested: count/remediationrequests.kubernaut.ai=1, used: count/remediationrequests.kubernaut.ai=5, limited: count/remediationrequests.kubernaut.ai=5`,
      ),
      'QUOTA_EXCEEDED',
      /: kubectl describe resourcequota -n shop$/,
    ],
    [
      'a quota that wants limits',
      refused(`${named}: failed quota: q: must specify limits.cpu`),
      'QUOTA_EXCEEDED',
      /resourcequota/,
    ],
    [
      'a quota of which nothing is known yet',
      refused(`${named}: status unknown for quota: q, resources: count/x`),
      'QUOTA_EXCEEDED',
      /resourcequota/,
    ],
    [
      'a namespace on its way out, by its cause',
      refused(
        `${named}: unable to create new content in namespace shop because it is being terminated`,
        403,
        {
          details: { causes: [{ reason: 'NamespaceTerminating', field: 'metadata.namespace' }] },
        },
      ),
      'NAMESPACE_TERMINATING',
      /: kubectl get namespace shop -o yaml$/,
    ],
    [
      'a namespace on its way out, by its sentence',
      refused(`${named}: unable to create new content in namespace shop because it is being terminated`),
      'NAMESPACE_TERMINATING',
      /being deleted/,
    ],
    [
      'a webhook',
      refused('admission webhook "deny.example.com" denied the request: not on Fridays'),
      'ADMISSION_DENIED',
      /webhook or policy/,
    ],
    [
      'a webhook without a word, as 400',
      refused('admission webhook "deny.example.com" denied the request without explanation', 400, {
        reason: 'BadRequest',
      }),
      'ADMISSION_DENIED',
      /webhook or policy/,
    ],
    [
      'a policy, as 422',
      refused(`${named}: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no`, 422, {
        reason: 'Invalid',
      }),
      'ADMISSION_DENIED',
      /webhook or policy/,
    ],
    [
      'a policy, as 401',
      refused(`${named}: ValidatingAdmissionPolicy 'p' denied request: no`, 401, { reason: 'Unauthorized' }),
      'ADMISSION_DENIED',
      /webhook or policy/,
    ],
    [
      'PodSecurity',
      refused('pods "p" is forbidden: violates PodSecurity "restricted:latest": privileged'),
      'ADMISSION_DENIED',
      /webhook or policy/,
    ],
  ];
  it.each(answers)('%s', async (_name, answer, code, hint) => {
    const error = await errorAnswer(answer, call);
    expect(error.code).toBe(code);
    expect(error.message).toBe(
      `cannot create remediationrequests.kubernaut.ai in namespace "shop": ${error.serverMessage}`,
    );
    expect(error.hint).toMatch(hint);
    expect(error.hint).not.toContain('Ask for the permission');
  });
});

describe('a permission', () => {
  const user = 'User "jane \\"x\\"" cannot';

  it('that is missing is asked for', async () => {
    const text = `${named}: ${user} create resource "remediationrequests" in API group "kubernaut.ai" in the namespace "shop"`;
    const error = await errorAnswer(refused(text), call);
    expect(error.code).toBe('FORBIDDEN');
    expect(error.hint).toMatch(
      /^Ask for the permission: kubectl create role remedyctl --verb=create .* -n shop/,
    );
  });

  it('of a path is asked for as one', async () => {
    const text = `forbidden: ${user} get path "/version"`;
    const error = await errorAnswer(refused(text), { verb: 'get', resource: '/version' });
    expect(error.hint).toContain('--non-resource-url=/version');
  });

  it('to act as somebody is the one that is missing, whatever he was to do', async () => {
    const text = `users "bob" is forbidden: ${user} impersonate resource "users" in API group "" at the cluster scope`;
    const error = await errorAnswer(refused(text), call);
    expect(error).toMatchObject({ code: 'FORBIDDEN' });
    expect(error.hint).toContain('kubectl create clusterrole remedyctl --verb=impersonate --resource=users,');
  });

  it('is not asked for where the server refuses for a reason of its own', async () => {
    const error = await errorAnswer(refused('namespaces "kube-system" is forbidden: this one stays'), call);
    expect(error).toMatchObject({ code: 'FORBIDDEN', hint: undefined });
    expect(error.hint).toBeUndefined();
  });
});

describe('an answer that is not the server’s', () => {
  it('is no refusal of the server, and says who may have said it', async () => {
    const page = '<html><head><title>Blocked</title></head><body>Category: unknown</body></html>';
    const error = await errorAnswer(response(403, page, 'text/html'), call);
    expect(error.code).toBe('API_ERROR');
    expect(error.message).toContain('HTTP 403: Blocked Category: unknown');
    expect(error.hint).toContain('Something between here and the API server');
  });

  it('is not believed about rules', async () => {
    const page = 'admission webhook "x" denied the request: no';
    expect((await errorAnswer(response(403, page, 'text/plain'), call)).code).toBe('API_ERROR');
  });
});
