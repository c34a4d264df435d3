import { describe, inject } from 'vitest';
import { describeSeamContract } from '../contract/seam-contract.ts';
import { compactHistory } from '../support/etcd-compaction.ts';
import { openAsAdmin } from './admin.ts';

const cluster = inject('cluster');

describe('the seam contract over kube-apiserver', () => {
  describeSeamContract(
    () => {
      const http = openAsAdmin(cluster);
      return Promise.resolve({
        send: http.send,
        expireHistory: () => compactHistory(cluster.etcd, http.send),
        close: () => http.close(),
      });
    },
    { record: process.env['REMEDYCTL_RECORD_CONTRACT'] === '1' },
  );
});
