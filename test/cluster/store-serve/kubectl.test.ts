/**
 * kubectl against `store serve` and against the real API server, step by step: what it prints and the code it ends with
 * are the same. What differs from run to run is replaced by what it stands for.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startStoreServing, type StoreServing } from '../../support/store-serving.ts';
import { programsFolder } from '../programs.mjs';
import { asText, manifests } from './manifests.ts';

const cluster = inject('cluster');
const kubectl = path.join(programsFolder(), 'kubectl');

let serving: StoreServing;
let folder: string;

beforeAll(async () => {
  serving = await startStoreServing();
  folder = mkdtempSync(path.join(tmpdir(), 'serve-parity-'));
  for (const [name, object] of Object.entries(manifests))
    writeFileSync(path.join(folder, name), asText(object));
});
afterAll(async () => {
  await serving.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

function run(kubeconfig: string, args: readonly string[]): Promise<Outcome> {
  const home = mkdtempSync(path.join(folder, 'home-'));
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, KUBECONFIG: kubeconfig };
  return new Promise((resolve) => {
    execFile(kubectl, [...args], { env, cwd: folder }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ code, stdout: normalised(stdout), stderr: normalised(stderr) });
    });
  });
}

function normalised(text: string): string {
  return (
    text
      .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>')
      .replaceAll(/(resourceVersion"?: ?"|Resource Version: +)\d+/g, '$1<version>')
      .replaceAll(/2026-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, (time) => (time < '2026-11-21' ? time : '<time>'))
      .replaceAll(/20(?:2[7-9]|[3-9]\d)-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, '<time>')
      // descriptions come with a definition, of which the store has the rules alone
      .replace(/^DESCRIPTION:[^]*?(?=^FIELDS)/m, '')
      .replace(/Invalid value: "\{\\"apiVersion[^]*\}"(?=: )/g, '<the object>')
      // ordered by the second in which each was written, which two servers need not share
      .replace(
        /^( *managedFields:\n)((?: {2}- .*\n(?: {4}.*\n)*)+)/gm,
        (_, head: string, entries: string) => {
          return (
            head +
            entries
              .split(/^(?= {2}- )/m)
              .sort()
              .join('')
          );
        },
      )
      // ages, with the blanks that their width takes or gives
      .replaceAll(/ +\d+(?:m\d*)?s(?= |$)/gm, ' <age>')
      .replaceAll(/^(NAME.*?)AGE +/gm, '$1AGE ')
  );
}

type Step = (namespace: string) => string[];

const inNamespace =
  (...args: string[]): Step =>
  (namespace) => [...args, '-n', namespace];
const anywhere =
  (...args: string[]): Step =>
  () =>
    args;

const scenes: Record<string, Step[]> = {
  'get and describe': [
    inNamespace('get', 'remediationrequests'),
    inNamespace('create', '-f', 'request.yaml'),
    inNamespace('create', '-f', 'lease.yaml'),
    inNamespace('get', 'rr,lease'),
    inNamespace('get', 'rr', '-o', 'wide'),
    inNamespace('get', 'rr', 'a', '-o', 'yaml'),
    inNamespace('get', 'lease', 'l', '-o', 'json'),
    inNamespace('get', 'lease', 'l', '-o', 'name'),
    inNamespace('get', 'rr', 'a', '--show-labels'),
    inNamespace('get', 'rr', '-l', 'x=2'),
    inNamespace('get', 'rr', '-l', 'x=1', '-o', 'custom-columns=N:.metadata.name,S:.spec.severity'),
    inNamespace('get', 'rr', '--field-selector', 'spec.severity=critical', '--no-headers'),
    inNamespace('get', 'rr', 'nope'),
    inNamespace('get', 'nonsense'),
    inNamespace('describe', 'rr', 'a'),
    inNamespace('describe', 'lease', 'l'),
    inNamespace('describe', 'lease', 'nope'),
    (namespace) => ['get', 'ns', namespace],
    (namespace) => ['describe', 'ns', namespace],
    (namespace) => ['get', 'ns', namespace, '-o', 'yaml'],
  ],
  create: [
    inNamespace('create', '-f', 'request.yaml'),
    inNamespace('create', '-f', 'request.yaml'),
    inNamespace('create', '-f', 'unknown-field.yaml'),
    inNamespace('create', '-f', 'unknown-field.yaml', '--validate=warn'),
    inNamespace('create', '-f', 'unknown-field.yaml', '--validate=false'),
    inNamespace('create', '-f', 'invalid-request.yaml'),
    inNamespace('create', '-f', 'lease.yaml', '--dry-run=server'),
    inNamespace('create', '-f', 'lease.yaml', '--dry-run=client', '-o', 'yaml'),
    inNamespace('get', 'lease'),
    (namespace) => ['create', 'namespace', `${namespace}-made`],
    (namespace) => ['create', 'namespace', `${namespace}-made`],
    (namespace) => ['delete', 'namespace', `${namespace}-made`, '--wait=false'],
    inNamespace('create', 'configmap', 'c', '--from-literal=a=b'),
    inNamespace('get', 'configmap', 'c', '-o', 'jsonpath={.data}'),
  ],
  'apply from the client': [
    inNamespace('apply', '-f', 'request.yaml'),
    inNamespace('apply', '-f', 'request.yaml'),
    inNamespace('apply', '-f', 'request-relabelled.yaml'),
    inNamespace('get', 'rr', 'a', '-o', 'jsonpath={.metadata.labels}'),
    inNamespace('apply', '-f', 'request-immutable.yaml'),
    inNamespace('apply', '-f', 'lease.yaml'),
    inNamespace('apply', '-f', 'lease-longer.yaml'),
    inNamespace('apply', '-f', 'lease-longer.yaml'),
    inNamespace('diff', '-f', 'lease-longer.yaml'),
    inNamespace('get', 'lease', 'l', '-o', 'jsonpath={.spec}{.metadata.labels}'),
    inNamespace('apply', '-f', 'deployment.yaml'),
    inNamespace('apply', '-f', 'deployment-changed.yaml'),
    inNamespace('get', 'deployment', 'd', '-o', 'jsonpath={.spec.template.spec.containers[*].image}'),
  ],
  'apply on the server': [
    inNamespace('apply', '--server-side', '-f', 'request.yaml'),
    inNamespace('apply', '--server-side', '-f', 'request.yaml'),
    inNamespace('label', 'rr', 'a', 'z=1'),
    inNamespace('apply', '--server-side', '-f', 'request-relabelled.yaml'),
    inNamespace('apply', '--server-side', '-f', 'request-relabelled.yaml', '--force-conflicts'),
    inNamespace('get', 'rr', 'a', '-o', 'jsonpath={.metadata.labels}'),
    inNamespace('get', 'rr', 'a', '-o', 'yaml', '--show-managed-fields'),
    inNamespace('apply', '--server-side', '-f', 'unknown-field.yaml', '--validate=false'),
    inNamespace('apply', '--server-side', '-f', 'request-immutable.yaml'),
    inNamespace('create', '-f', 'lease.yaml'),
    inNamespace('apply', '--server-side', '-f', 'lease-longer.yaml'),
    inNamespace(
      'apply',
      '--server-side',
      '-f',
      'lease-longer.yaml',
      '--field-manager=other',
      '--force-conflicts',
    ),
    inNamespace('get', 'lease', 'l', '-o', 'yaml', '--show-managed-fields'),
    inNamespace('apply', '--server-side', '-f', 'lease-owned.yaml', '--field-manager=one'),
    inNamespace('apply', '--server-side', '-f', 'lease-finalized.yaml', '--field-manager=two'),
    inNamespace('get', 'lease', 'o', '-o', 'yaml', '--show-managed-fields'),
    inNamespace('apply', '--server-side', '-f', 'lease-owned-less.yaml', '--field-manager=one'),
    inNamespace('get', 'lease', 'o', '-o', 'yaml', '--show-managed-fields'),
    inNamespace('patch', 'lease', 'o', '--type=merge', '-p', '{"metadata":{"finalizers":null}}'),
    inNamespace('apply', '-f', 'lease-third.yaml'),
    inNamespace('apply', '--server-side', '-f', 'lease-third.yaml'),
    inNamespace('apply', '--server-side', '-f', 'lease-third-longer.yaml'),
    inNamespace('get', 'lease', 't', '-o', 'yaml', '--show-managed-fields'),
  ],
  'replace, label and annotate': [
    inNamespace('replace', '-f', 'lease.yaml'),
    inNamespace('create', '-f', 'lease.yaml'),
    inNamespace('replace', '-f', 'lease-longer.yaml'),
    inNamespace('get', 'lease', 'l', '-o', 'jsonpath={.spec}'),
    inNamespace('replace', '--force', '-f', 'lease.yaml'),
    inNamespace('create', '-f', 'request.yaml'),
    inNamespace('replace', '-f', 'request.yaml'),
    inNamespace('label', 'rr', 'a', 'y=2'),
    inNamespace('label', 'rr', 'a', 'y=3'),
    inNamespace('label', 'rr', 'a', 'y=3', '--overwrite'),
    inNamespace('label', 'rr', 'a', 'y-'),
    inNamespace('annotate', 'lease', 'l', 'note=here'),
    inNamespace('get', 'lease', 'l', '-o', 'jsonpath={.metadata.annotations}'),
  ],
  patch: [
    inNamespace('create', '-f', 'request.yaml'),
    inNamespace('create', '-f', 'lease.yaml'),
    inNamespace('patch', 'lease', 'l', '-p', '{"spec":{"leaseDurationSeconds":40}}'),
    inNamespace('patch', 'lease', 'l', '-p', '{"spec":{"leaseDurationSeconds":40}}'),
    inNamespace('patch', 'lease', 'l', '-p', '{"spec":{"$patch":"replace","holderIdentity":"you"}}'),
    inNamespace('patch', 'lease', 'l', '-p', '{"metadata":{"finalizers":["a.b/c","a.b/d"]}}'),
    inNamespace('patch', 'lease', 'l', '-p', '{"metadata":{"finalizers":["a.b/e","a.b/c"]}}'),
    inNamespace(
      'patch',
      'lease',
      'l',
      '-p',
      '{"metadata":{"$deleteFromPrimitiveList/finalizers":["a.b/d"]}}',
    ),
    inNamespace('get', 'lease', 'l', '-o', 'jsonpath={.spec}{.metadata.finalizers}'),
    inNamespace(
      'patch',
      'lease',
      'l',
      '-p',
      '{"metadata":{"ownerReferences":[{"apiVersion":"v1","kind":"Pod","name":"p","uid":"1"},{"apiVersion":"v1","kind":"Pod","name":"q","uid":"2"}]}}',
    ),
    inNamespace(
      'patch',
      'lease',
      'l',
      '-p',
      '{"metadata":{"ownerReferences":[{"uid":"1","$patch":"delete"},{"uid":"2","name":"r"}]}}',
    ),
    inNamespace('get', 'lease', 'l', '-o', 'jsonpath={.metadata.ownerReferences}'),
    inNamespace('patch', 'lease', 'l', '-p', '{"metadata":{"ownerReferences":[{"name":"r"}]}}'),
    inNamespace('patch', 'lease', 'l', '-p', '{"metadata":{"ownerReferences":null,"finalizers":null}}'),
    inNamespace('patch', 'lease', 'l', '-p', '{"spec":{"$patch":"nonsense"}}'),
    inNamespace(
      'patch',
      'lease',
      'l',
      '--type=json',
      '-p',
      '[{"op":"test","path":"/spec/holderIdentity","value":"you"},{"op":"replace","path":"/spec/holderIdentity","value":"they"}]',
    ),
    inNamespace(
      'patch',
      'lease',
      'l',
      '--type=json',
      '-p',
      '[{"op":"test","path":"/spec/holderIdentity","value":"you"}]',
    ),
    inNamespace('patch', 'lease', 'l', '--type=json', '-p', '[{"op":"remove","path":"/spec/nothing"}]'),
    inNamespace(
      'patch',
      'lease',
      'l',
      '--type=json',
      '-p',
      '[{"op":"replace","path":"/spec/leaseDurationSeconds","value":"x"}]',
    ),
    inNamespace('patch', 'rr', 'a', '--type=merge', '-p', '{"metadata":{"labels":{"m":"1","x":null}}}'),
    inNamespace(
      'patch',
      'rr',
      'a',
      '--type=json',
      '-p',
      '[{"op":"add","path":"/metadata/labels/n","value":"2"},{"op":"move","from":"/metadata/labels/m","path":"/metadata/labels/o"}]',
    ),
    inNamespace('get', 'rr', 'a', '-o', 'jsonpath={.metadata.labels}'),
    inNamespace('patch', 'rr', 'a', '--type=strategic', '-p', '{"metadata":{"labels":{"m":"1"}}}'),
    inNamespace('patch', 'rr', 'a', '--type=merge', '-p', '{"spec":{"severity":"low"}}'),
    inNamespace(
      'patch',
      'rr',
      'a',
      '--type=merge',
      '--subresource=status',
      '-p',
      '{"status":{"overallPhase":"Failed"}}',
    ),
    inNamespace('get', 'rr'),
    inNamespace('patch', 'rr', 'nope', '--type=merge', '-p', '{}'),
  ],
  'delete and wait': [
    inNamespace('create', '-f', 'request.yaml'),
    inNamespace('wait', '--for=create', 'rr/a', '--timeout=20s'),
    inNamespace('wait', '--for=jsonpath={.status.overallPhase}=Failed', 'rr/a', '--timeout=1s'),
    inNamespace(
      'patch',
      'rr',
      'a',
      '--type=merge',
      '--subresource=status',
      '-p',
      '{"status":{"overallPhase":"Failed"}}',
    ),
    inNamespace('wait', '--for=jsonpath={.status.overallPhase}=Failed', 'rr/a', '--timeout=20s'),
    inNamespace('delete', 'rr', 'a', '--dry-run=server'),
    inNamespace('delete', 'rr', 'a'),
    inNamespace('delete', 'rr', 'a'),
    inNamespace('delete', 'rr', 'a', '--ignore-not-found'),
    inNamespace('wait', '--for=delete', 'rr/a', '--timeout=20s'),
    inNamespace('create', '-f', 'lease.yaml'),
    inNamespace('create', '-f', 'lease-owned.yaml'),
    inNamespace('delete', 'lease', '--all'),
    inNamespace('get', 'lease'),
    inNamespace('delete', '-f', 'lease.yaml'),
  ],
  discovery: [
    anywhere('api-resources', '--api-group=kubernaut.ai'),
    anywhere('api-resources', '--api-group=coordination.k8s.io', '--no-headers'),
    anywhere('explain', 'rr.spec', '--recursive'),
    anywhere('explain', 'lease.nothing'),
    anywhere('auth', 'can-i', 'create', 'rr'),
    anywhere('get', '--raw', '/healthz'),
    anywhere('get', '--raw', '/apis/nothing.example'),
  ],
};

describe('kubectl says the same of store serve as of an API server', () => {
  it.each(Object.entries(scenes))('%s', async (name, steps) => {
    const namespace = `serve-${name.replaceAll(/\W+/g, '-')}`;
    for (const kubeconfig of [cluster.kubeconfig, serving.kubeconfig]) {
      expect(await run(kubeconfig, ['create', 'namespace', namespace])).toMatchObject({ code: 0 });
    }
    for (const step of steps) {
      const args = step(namespace);
      const [real, ours] = await Promise.all([run(cluster.kubeconfig, args), run(serving.kubeconfig, args)]);
      expect.soft({ args, ...ours }).toEqual({ args, ...real });
    }
  });
});
