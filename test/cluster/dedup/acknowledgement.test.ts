import { readFileSync } from 'node:fs';
import { beforeAll, describe, inject } from 'vitest';
import { isApiError } from '../../../src/kube/api-error.ts';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import { namespaceResource } from '../../../src/kube/well-known-resources.ts';
import { openHttpSend, type HttpSend } from '../../support/http-send.ts';
import { describeAcknowledgement } from '../../unit/dedup/acknowledgement-suite.ts';

const cluster = inject('cluster');
const namespace = 'manual-review';

describe.skipIf(cluster === null)('the end of a manual review on kube-apiserver', () => {
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
    const wanted = { metadata: { name: namespace } };
    await new ObjectAccess(api.send).create(namespaceResource, wanted).catch((thrown: unknown) => {
      if (!isApiError(thrown, 'AlreadyExists')) throw thrown;
    });
    await api.close();
  });

  describeAcknowledgement(open, namespace);
});
