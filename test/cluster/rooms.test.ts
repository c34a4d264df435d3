import { readFileSync } from 'node:fs';
import { beforeAll, describe, inject } from 'vitest';
import { isApiError } from '../../src/kube/api-error.ts';
import { ObjectAccess } from '../../src/kube/object-access.ts';
import { namespaceResource } from '../../src/kube/well-known-resources.ts';
import { openHttpSend, type HttpSend } from '../support/http-send.ts';
import { describeLock } from '../unit/lease/lock-suite.ts';
import { describeRequests } from '../unit/request/request-suite.ts';

const cluster = inject('cluster');

describe.skipIf(cluster === null)('over kube-apiserver', () => {
  if (cluster === null) return;
  const open = (): Promise<HttpSend> =>
    Promise.resolve(
      openHttpSend({
        server: cluster.server,
        token: cluster.tokens.admin,
        certificateAuthority: readFileSync(cluster.certificateAuthorityFile),
      }),
    );

  beforeAll(async () => {
    const api = await open();
    const wanted = { metadata: { name: 'kubernaut-system' } };
    await new ObjectAccess(api.send).create(namespaceResource, wanted).catch((thrown: unknown) => {
      if (!isApiError(thrown, 'AlreadyExists')) throw thrown;
    });
    await api.close();
  });

  describe('the lock', () => {
    describeLock(open);
  });

  describe('requests', () => {
    describeRequests(open);
  });
});
