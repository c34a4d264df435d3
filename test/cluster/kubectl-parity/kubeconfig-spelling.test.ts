/** How a kubeconfig is written: whatever kubectl reads is read here, and what it refuses is refused. */
import { describe } from 'vitest';
import type { Case, Setting } from './cases.ts';
import { asSomeone, compare, config, failed, peers, sent, usePeers } from './cases.ts';

usePeers();

/** A kubeconfig as YAML, with these lines in its user. */
const yaml = (user: string, more = ''): string => `apiVersion: v1
kind: Config
current-context: a
${more}
contexts: [{name: a, context: {cluster: a, user: a}}]
clusters:
- name: a
  cluster: {server: "${peers.https.url}", certificate-authority: "${peers.tls.ca}"}
users:
- name: a
  user:
    ${user}
`;
const inYaml = (content: () => string | Buffer): (() => Setting) => {
  return () => ({ env: { KUBECONFIG: peers.write('config', content()) } });
};

const spellings: Case[] = [
  ...(['le', 'be'] as const).map((order) => ({
    name: `UTF-16${order} with a byte order mark`,
    set: inYaml(() => {
      const bytes = Buffer.from(`\uFEFF${yaml('token: t')}`, 'utf16le');
      return order === 'le' ? bytes : bytes.swap16();
    }),
    expected: () => sent(asSomeone),
  })),
  {
    name: 'UTF-16 without a byte order mark',
    set: inYaml(() => Buffer.from(yaml('token: t'), 'utf16le')),
    expected: failed,
  },
  {
    name: 'a byte order mark',
    set: inYaml(() => `\uFEFF${yaml('token: t')}`),
    expected: () => sent(asSomeone),
  },
  {
    name: 'a byte order mark before JSON',
    set: inYaml(() => `\uFEFF${JSON.stringify(config())}`),
    expected: () => sent(asSomeone),
  },
  { name: 'bytes that are no UTF-8', set: inYaml(() => Buffer.from([0x61, 0x3a, 0xff])), expected: failed },
  { name: 'a key twice', set: inYaml(() => yaml('token: x\n    token: t')), expected: () => sent(asSomeone) },
  {
    name: 'a key twice in JSON',
    set: inYaml(() => JSON.stringify(config()).replace('"token":"t"', '"token":"x","token":"t"')),
    expected: () => sent(asSomeone),
  },
  {
    name: 'a section twice',
    set: inYaml(() => yaml('token: t', 'users: [{name: a, user: {token: x}}]')),
    expected: () => sent(asSomeone),
  },
  {
    name: 'a merge key before a key of its own',
    set: inYaml(() => yaml('{<<: *d, as: own}', 'x: &d {token: t, as: x}')),
    expected: () => sent([...asSomeone, 'impersonate-user: own']),
  },
  {
    name: 'a merge key behind a key of its own',
    set: inYaml(() => yaml('{as: own, <<: *d}', 'x: &d {token: t, as: x}')),
    expected: () => sent([...asSomeone, 'impersonate-user: x']),
  },
  {
    name: 'a merge key of several',
    set: inYaml(() => yaml('<<: [*d, *e]', 'x: [&d {as: x}, &e {token: t, as: y}]')),
    expected: () => sent([...asSomeone, 'impersonate-user: x']),
  },
  { name: 'a merge key of none', set: inYaml(() => yaml('{<<: 5, token: t}')), expected: failed },
  ...['yes', 'Yes', 'on', 'y', 'true'].map((word) => ({
    name: `${word} as true`,
    set: inYaml(() =>
      yaml('token: t').replace(/certificate-authority: "[^"]*"/, `insecure-skip-tls-verify: ${word}`),
    ),
    expected: () => sent(asSomeone),
  })),
  ...['no', 'off', 'N'].map((word) => ({
    name: `${word} as false`,
    set: inYaml(() =>
      yaml('token: t').replace('certificate-authority', `insecure-skip-tls-verify: ${word}, $&`),
    ),
    expected: () => sent(asSomeone),
  })),
  ...['"yes"', 'YeS', '1'].map((word) => ({
    name: `${word} is no boolean`,
    set: inYaml(() =>
      yaml('token: t').replace(/certificate-authority: "[^"]*"/, `insecure-skip-tls-verify: ${word}`),
    ),
    expected: failed,
  })),
  ...['yes', 'n', '0x1F', '1_000', '017', '1e3', '.5'].map((value) => ({
    name: `${value} is no text`,
    set: inYaml(() => yaml(`token: ${value}`)),
    expected: failed,
  })),
  ...['1:30', '2001-01-01', '1.2.3', 'yEs', '!!str yes', '"yes"', '0xg'].map((value) => ({
    name: `${value} is a text`,
    set: inYaml(() => yaml(`token: ${value}`)),
    expected: () => sent([`authorization: Bearer ${value.replace(/^!!str |"/g, '')}`]),
  })),
  { name: 'no value', set: inYaml(() => yaml('token: t\n    as:')), expected: () => sent(asSomeone) },
  { name: 'a tab as indentation', set: inYaml(() => yaml('token: t\n\tas: x')), expected: failed },
  { name: 'a tab before a value', set: inYaml(() => yaml('token:\tt')), expected: () => sent(asSomeone) },
  {
    name: 'JSON with tabs',
    set: inYaml(() => JSON.stringify(config(), undefined, '\t')),
    expected: () => sent(asSomeone),
  },
  {
    name: 'a second document, whatever it is',
    set: inYaml(() => `${yaml('token: t')}---\nusers: [\n`),
    expected: () => sent(asSomeone),
  },
  {
    name: 'lines of Windows',
    set: inYaml(() => yaml('token: t').replaceAll('\n', '\r\n')),
    expected: () => sent(asSomeone),
  },
  { name: 'an anchor that is not there', set: inYaml(() => yaml('token: *x')), expected: failed },
  { name: 'a list', set: inYaml(() => '- a\n'), expected: failed },
  { name: 'a text', set: inYaml(() => 'a\n'), expected: failed },
  {
    name: 'an entry that is null',
    set: inYaml(() => yaml('token: t').replace('contexts: [', 'contexts: [null, ')),
    expected: () => sent(asSomeone),
  },
  ...[
    ['apiVersion', '1'],
    ['apiVersion', 'v2'],
    ['apiVersion', 'kubectl.config.k8s.io/v1'],
    ['kind', 'config'],
    ['kind', 'KubeConfig'],
    ['kind', '[]'],
  ].map(([field = '', value = '']) => ({
    name: `${field}: ${value}`,
    set: inYaml(() => yaml('token: t').replace(new RegExp(`^${field}: .*`, 'm'), `${field}: ${value}`)),
    expected: failed,
  })),
  ...['""', 'null', ''].flatMap((value) =>
    ['apiVersion', 'kind'].map((field) => ({
      name: `${field}: ${value}`,
      set: inYaml(() => yaml('token: t').replace(new RegExp(`^${field}: .*`, 'm'), `${field}: ${value}`)),
      expected: () => sent(asSomeone),
    })),
  ),
];

describe('spellings of a file', () => {
  compare(spellings);
});
