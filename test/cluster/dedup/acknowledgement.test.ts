import { beforeAll, describe, inject } from 'vitest';
import type { HttpSend } from '../../support/http-send.ts';
import { describeAcknowledgement } from '../../unit/dedup/acknowledgement-suite.ts';
import { ensureNamespace, openAsAdmin } from '../admin.ts';

const cluster = inject('cluster');
const namespace = 'manual-review';

describe('the end of a manual review on kube-apiserver', () => {
  const open = (): Promise<HttpSend> => Promise.resolve(openAsAdmin(cluster));

  beforeAll(() => ensureNamespace(cluster, namespace));

  describeAcknowledgement(open, namespace);
});
