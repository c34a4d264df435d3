import { readFileSync } from 'node:fs';
import { describe, inject } from 'vitest';
import { describeSeamContract } from '../contract/seam-contract.ts';
import { compactHistory } from '../support/etcd-compaction.ts';
import { openHttpSend } from '../support/http-send.ts';

const cluster = inject('cluster');

describe.skipIf(cluster === null)('the seam contract over kube-apiserver', () => {
  if (cluster === null) return;
  describeSeamContract(
    () => {
      const http = openHttpSend({
        server: cluster.server,
        token: cluster.tokens.admin,
        certificateAuthority: readFileSync(cluster.certificateAuthorityFile),
      });
      return Promise.resolve({
        send: http.send,
        expireHistory: () => compactHistory(cluster.etcd, http.send),
        close: () => http.close(),
      });
    },
    { record: process.env['REMEDYCTL_RECORD_CONTRACT'] === '1' },
  );
});
