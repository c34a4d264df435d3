/** Templates and columns over the same object, printed by the real kubectl and by us. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { customColumns } from '../../../src/cli/render/document.ts';
import { compileTemplate } from '../../../src/jsonpath/jsonpath.ts';
import { programsFolder } from '../programs.mjs';

const cluster = inject('cluster');
const group = 'formats.test.remedyctl.dev';
const kind = `samples.${group}`;

const data = {
  text: 'été',
  empty: '',
  yes: true,
  no: false,
  whole: 7,
  zero: 0,
  negative: -3,
  half: 0.5,
  small: 0.00001234,
  large: 123456789012,
  nothing: null,
  emptyMap: {},
  emptyList: [],
  map: { b: 2, a: 'x', nested: { list: [1, 'two', null, { k: true }] } },
  list: ['x', 'y', 3],
  rows: [
    { name: 'one', size: 1, tags: ['p', 'q'] },
    { name: 'two', size: 22, on: true },
    { name: 'three', map: { z: 1 } },
  ],
};

const paths = [
  ...Object.keys(data).map((key) => `.data.${key}`),
  '.data.missing',
  '.data.text.deeper',
  '.data.map.nested.list',
  '.data.list[0]',
  '.data.list[-1]',
  '.data.list[*]',
  '.data.list[0:2]',
  '.data.rows[*].name',
  '.data.rows[*].size',
  '.data.rows[*].map',
  '.data.rows[?(@.size==22)].name',
  '.data.rows[?(@.on)].name',
  '.data.rows[?(@.name=="none")].name',
  'data.text',
  '{.data.text}',
  '.metadata.name',
];

const templates = [
  ...paths.filter((one) => one.startsWith('.')).map((one) => `{${one}}`),
  '{range .data.rows[*]}{.name}{"\\n"}{end}',
  '{range .data.rows[*]}{.name}{"\\n"}',
  'a {range .data.rows[*]}[{.name}] b',
  '{range .data.missing[*]}{.name}{end}after',
  '{range .data.emptyList[*]}{.name}{end}after',
  '{range .data.rows[*]}{range .tags[*]}{@},{end};{end}',
  '{range .data.rows[:1]}{}{end}',
  '{range .data.rows[:1]}{ }{end}',
  '{"\\u00e9"}',
  "{'\\u00e9'}",
  '{"\\x41\\101\\t|"}',
  "{.data['text','whole']}",
  // what is there once: of several, kubectl's order is chance, as Go walks maps
  '{..nested}',
  'plain text',
  '',
];

function kubectl(args: readonly string[], input = ''): Promise<{ out: string; failed: boolean }> {
  return new Promise((resolve) => {
    const options = { env: { ...process.env, KUBECONFIG: cluster.kubeconfig } };
    const child = execFile(path.join(programsFolder(), 'kubectl'), [...args], options, (error, out, err) => {
      resolve({ out: error === null ? out : err, failed: error !== null });
    });
    child.stdin?.on('error', () => undefined).end(input);
  });
}

let sample: unknown;

beforeAll(async () => {
  const schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: kind },
    spec: {
      group,
      scope: 'Cluster',
      names: { plural: 'samples', singular: 'sample', kind: 'Sample' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  };
  await kubectl(['apply', '--server-side', '-f', '-'], JSON.stringify(definition));
  await kubectl(['wait', '--for=condition=Established', '--timeout=60s', `crd/${kind}`]);
  const object = { apiVersion: `${group}/v1`, kind: 'Sample', metadata: { name: 'one' }, data };
  const until = Date.now() + 60_000;
  for (;;) {
    const made = await kubectl(['apply', '--server-side', '-f', '-'], JSON.stringify(object));
    if (!made.failed) break;
    if (Date.now() > until) throw new Error(made.out);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  sample = JSON.parse((await kubectl(['get', kind, 'one', '-o', 'json'])).out);
});

describe('what kubectl prints of an object we print too', () => {
  it('by every template', async () => {
    const differences: string[] = [];
    for (const template of templates.filter((one) => one !== '')) {
      const { out, failed } = await kubectl(['get', kind, 'one', '-o', `jsonpath=${template}`]);
      const ours = ((): string | undefined => {
        try {
          return compileTemplate(template)(sample);
        } catch {
          return undefined;
        }
      })();
      const theirs = failed ? undefined : out;
      if (ours !== theirs)
        differences.push(
          `${template}: kubectl ${JSON.stringify(theirs)} ${failed ? out : ''}, we ${JSON.stringify(ours)}`,
        );
    }
    expect(differences).toEqual([]);
  });

  it('in every custom column', async () => {
    // an empty cell is a gap like the one between two columns
    const empty = await kubectl(['get', kind, 'one', '--no-headers', '-o', 'custom-columns=C:.data.empty']);
    const [emptyColumn] = await customColumns([{ header: 'C', path: '.data.empty' }]);
    expect([empty.out.trim(), emptyColumn?.cell(sample)]).toEqual(['', '']);
    const filled = paths.filter((one) => one !== '.data.empty');
    const columns = filled.map((one, place) => `C${place}:${one}`).join(',');
    const { out } = await kubectl(['get', kind, 'one', '--no-headers', '-o', `custom-columns=${columns}`]);
    const theirs = out.trimEnd().split(/ {3,}/);
    const made = await customColumns(filled.map((one) => ({ header: one, path: one })));
    const ours = made.map(({ cell }) => cell(sample));
    expect(ours.map((text, place) => `${filled[place]}: ${text}`)).toEqual(
      filled.map((one, place) => `${one}: ${theirs[place] ?? 'too few'}`),
    );
  });
});
