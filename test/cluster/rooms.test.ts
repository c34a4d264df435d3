import { beforeAll, describe, inject } from 'vitest';
import type { HttpSend } from '../support/http-send.ts';
import { describeLock } from '../unit/lease/lock-suite.ts';
import { describeRequests } from '../unit/request/request-suite.ts';
import { ensureNamespace, openAsAdmin } from './admin.ts';

const cluster = inject('cluster');

describe('over kube-apiserver', () => {
  const open = (): Promise<HttpSend> => Promise.resolve(openAsAdmin(cluster));

  beforeAll(() => ensureNamespace(cluster, 'kubernaut-system'));

  describe('the lock', () => {
    describeLock(open);
  });

  describe('requests', () => {
    describeRequests(open);
  });
});
