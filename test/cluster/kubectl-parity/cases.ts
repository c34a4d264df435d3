/** What the files of this folder share: the recording servers, a kubeconfig for them, and how a case is judged. */
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { KubeconfigChoice } from '../../../src/kube/kubeconfig-choice.ts';
import type { Facts, Peers } from './peers.ts';
import { askedPath, startPeers } from './peers.ts';

export let peers: Peers;

/** To be called once in each file. */
export function usePeers(): void {
  beforeAll(async () => {
    peers = await startPeers();
  });
  afterAll(async () => {
    await peers.close();
  });
  afterEach(() => {
    peers.clear();
  });
}

export interface Setting {
  env: Record<string, string>;
  choice?: KubeconfigChoice;
}

type Expected = Partial<Facts> | ((facts: Facts) => void);

export interface Case {
  name: string;
  set: () => Setting;
  expected: () => Expected;
}

/** Without any credentials kubectl asks for a name and a password on the terminal; we go anonymously. */
export const someone = { token: 't' };
export const asSomeone = ['authorization: Bearer t'];

/** A kubeconfig of one context, with our https server as its cluster. */
export function config(user: object = someone, cluster: object = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'a',
    contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
    clusters: [
      { name: 'a', cluster: { server: peers.https.url, 'certificate-authority': peers.tls.ca, ...cluster } },
    ],
    users: [{ name: 'a', user }],
  };
}

export const only = (user: object = someone, cluster: object = {}): Setting => ({
  env: { KUBECONFIG: peers.write('config', config(user, cluster)) },
});

export const sent = (identity: string[], more: Partial<Facts['requests'][number]> = {}): Partial<Facts> => ({
  outcome: 'answered',
  requests: [{ url: askedPath, identity, sni: '', clientName: '', ...more }],
});

/** A file that is not there; a fixed path is one that root may make. */
export const missing = (): string => path.join(peers.home, 'missing', 'file');

export const failed = (): Partial<Facts> => ({ outcome: 'failed', requests: [] });

export const plugin = (status: object, apiVersion = 'client.authentication.k8s.io/v1') => {
  const answer = JSON.stringify({ kind: 'ExecCredential', apiVersion, status });
  return `#!/bin/sh\nprintf '%s\\n' "$KUBERNETES_EXEC_INFO" >> "$PLUGIN_LOG"\nprintf '%s' '${answer}'\n`;
};
export const exec = (more: object = {}) => ({
  exec: {
    command: './plugin',
    apiVersion: 'client.authentication.k8s.io/v1',
    interactiveMode: 'Never',
    ...more,
  },
});
export const basic = (text: string) => `authorization: Basic ${Buffer.from(text).toString('base64')}`;

/** The real kubectl and our client must do the same, and what is expected. */
export function compare(cases: Case[]): void {
  it.each(cases)('$name', async ({ set, expected }) => {
    const { env, choice = {} } = set();
    const theirs = await peers.asKubectl(env, choice);
    const theirFailure = peers.failure();
    const ours = await peers.asRemedyctl(env, choice);
    const wanted = expected();
    if (typeof wanted === 'function') wanted(theirs);
    else expect(theirs, theirFailure).toMatchObject(wanted);
    expect(ours, peers.failure()).toEqual(theirs);
  });
}
