import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runProgram, type ProgramResult } from '../../support/built-program.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'remedyctl-plan-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const examples = path.resolve(import.meta.dirname, '../../../examples/plans');
const file = (name: string, text: string): string => {
  const where = path.join(folder, name);
  mkdirSync(path.dirname(where), { recursive: true });
  writeFileSync(where, text);
  return where;
};

const config = file(
  'config.yaml',
  `pagerduty: { from: sre@example.com, silentPolicy: PSILENT, url: 'https://pd.example.com/' }
backplane: { url: 'https://bp.example.com' }
`,
);
const secrets = { PAGERDUTY_TOKEN: 'pd-secret-7f3a', OCM_TOKEN: 'ocm-secret-91bc' };

function plan(
  args: string[],
  options: { env?: Record<string, string>; input?: string } = {},
): Promise<ProgramResult> {
  const env = { HOME: folder, XDG_CONFIG_HOME: folder, ...secrets, ...options.env };
  return runProgram(['plan', ...args, '--config', config], { ...options, env });
}

const json = (text: string): unknown => JSON.parse(text) as unknown;

const small = `apiVersion: remedyctl.dev/v1
kind: Plan
metadata: { name: small }
spec:
  cluster: { id: c1, externalId: e1 }
  incident: { id: Q1 }
  actions:
    - limited_support: { summary: s, details: d, context: X }
    - silence_incident: { reason: r }
`;

describe('plan show', () => {
  const name = file('small.yaml', small);

  it('shows reports and notes as colleagues will read them, beside the bytes that are sent', async () => {
    const example = path.resolve(import.meta.dirname, '../../../examples/plans/egress-blocked.yaml');
    const args = ['show', example, '--set', 'cluster=c1', '--set', 'incident=Q1'];
    for (const more of [[], ['-o', 'markdown']]) {
      const { stdout } = await plan([...args, ...more]);
      const [, data = ''] = /its data:\n((?:.+\n)*)/.exec(stdout) ?? [];
      const [, content = ''] = /its content:\n((?:.+\n)*)/.exec(stdout) ?? [];
      for (const text of [data, content]) expect(text).toMatch(/^ *✅ Customer did not stop nodes\.$/m);
      expect(data).not.toContain('<at run>');
      expect(stdout).toContain('cad_investigate_limitedsupport_set_total{alert_type="chgm",ls_summary=');
      expect(content).toMatch(/^ *osdctl cluster reports get --cluster-id c1 --report-id <at run>$/m);
    }
  });

  it('prints a PlanPreview', async () => {
    const { exitCode, stdout } = await plan(['show', name, '-o', 'json']);
    expect(exitCode).toBe(0);
    const userAgent = expect.stringMatching(/^remedyctl\/\d/) as unknown;
    const ocm = { 'user-agent': userAgent, accept: 'application/json', authorization: 'Bearer ***' };
    const reasons = 'https://api.openshift.com/api/clusters_mgmt/v1/clusters/c1/limited_support_reasons';
    expect(json(stdout)).toStrictEqual({
      apiVersion: 'remedyctl.dev/v1',
      kind: 'PlanPreview',
      plan: { name: 'small', hash: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown },
      mode: 'execute',
      cluster: { id: 'c1', externalId: 'e1' },
      incident: { id: 'Q1' },
      options: { concurrent: false, stopOnError: false, maxRetries: 3, mode: 'execute', infraCluster: false },
      before: [
        { method: 'GET', url: 'https://api.openshift.com/api/clusters_mgmt/v1/clusters/c1', headers: ocm },
        {
          method: 'GET',
          url: 'https://pd.example.com/incidents/Q1',
          headers: {
            'user-agent': userAgent,
            accept: 'application/vnd.pagerduty+json;version=2',
            authorization: 'Token token=***',
            'content-type': 'application/json',
          },
        },
      ],
      actions: [
        {
          index: 0,
          type: 'limited_support',
          treatment: 'run',
          phase: 1,
          dependsOn: [],
          system: 'ocm',
          audience: 'customer',
          requests: [
            { method: 'GET', url: `${reasons}?page=1&size=100`, headers: ocm },
            {
              method: 'POST',
              url: reasons,
              headers: { ...ocm, 'content-type': 'application/json' },
              body: { kind: 'LimitedSupportReason', summary: 's', details: 'd', detection_type: 'manual' },
            },
          ],
          metric: 'cad_investigate_limitedsupport_set_total{alert_type="small",ls_summary="X"}',
        },
        {
          index: 1,
          type: 'silence_incident',
          treatment: 'run',
          phase: 2,
          dependsOn: [0],
          system: 'pagerduty',
          audience: 'internal',
          requests: [
            {
              method: 'PUT',
              url: 'https://pd.example.com/incidents/Q1',
              headers: {
                'user-agent': userAgent,
                accept: 'application/vnd.pagerduty+json;version=2',
                authorization: 'Token token=***',
                'content-type': 'application/json',
                from: 'sre@example.com',
              },
              body: {
                incident: {
                  type: 'incident_reference',
                  escalation_policy: { id: 'PSILENT', type: 'escalation_policy_reference' },
                },
              },
            },
          ],
        },
      ],
    });
  });

  it('prints a list of several, and one a line', async () => {
    const two = file('two.yaml', `${small}---\n${small.replace('name: small', 'name: other')}`);
    const { stdout } = await plan(['show', two, '-o', 'json']);
    expect(json(stdout)).toMatchObject({ kind: 'PlanPreviewList', items: [{ kind: 'PlanPreview' }, {}] });
    const lines = await plan(['show', two, '-o', 'jsonl']);
    expect(
      lines.stdout
        .trim()
        .split('\n')
        .map((line) => json(line)),
    ).toMatchObject([{ plan: { name: 'small' } }, { plan: { name: 'other' } }]);
    expect((await plan(['show', two, '-o', 'name'])).stdout).toBe('plan/small\nplan/other\n');
  });

  it('shows no secret in any format', async () => {
    for (const format of ['table', 'wide', 'json', 'yaml', 'markdown']) {
      const { exitCode, stdout, stderr } = await plan(['show', name, '-o', format, '-v']);
      expect(exitCode).toBe(0);
      expect(stdout).toContain('***');
      for (const secret of Object.values(secrets)) expect(stdout + stderr).not.toContain(secret);
    }
  });

  it('shows hostile text to a terminal and to a ticket as text', async () => {
    const summary = '`````\n# forged\n| a | b |\n<script>\u001b[31mred\u202e';
    const hostile = JSON.stringify({
      apiVersion: 'remedyctl.dev/v1',
      kind: 'Plan',
      metadata: { name: 'a `b` | c' },
      spec: {
        cluster: { id: 'c|1`' },
        actions: [{ limited_support: { summary, details: 'd', context: 'x|`y' } }],
      },
    });
    const table = await plan(['show', '-'], { input: hostile });
    expect(table.exitCode).toBe(0);
    expect(table.stdout).not.toMatch(/[\u001b\u202e]/);
    const markdown = (await plan(['show', '-', '-o', 'markdown'], { input: hostile })).stdout;
    const outside = markdown.replace(/^(`{3,})http$[\s\S]*?^\1$/gm, '');
    expect(outside).not.toContain('forged');
    expect(outside).toContain('# Plan `` a `b` | c ``'.replace('`` a', '``a').replace('c ``', 'c``'));
    expect(markdown).toContain('``````http');
    const exact = json((await plan(['show', '-', '-o', 'json'], { input: hostile })).stdout);
    expect(exact).toMatchObject({ actions: [{ requests: [{}, { body: { summary } }] }] });
  });

  it('refuses a plan that is wrong, with every problem on a line of its own and in the document', async () => {
    const wrong = file('wrong.yaml', small.replace('context', 'contxt').replace('reason', 'raeson'));
    const { exitCode, stdout, stderr } = await plan(['show', wrong, '-o', 'json']);
    expect(exitCode).toBe(2);
    expect(json(stdout)).toMatchObject({ kind: 'Error', error: { code: 'INVALID_DOCUMENT' } });
    expect(stderr).toContain(
      `\n  ${wrong}:8:50: spec.actions[0].limited_support.contxt: unknown key; did you mean "context"?\n`,
    );
    expect(stderr).toContain(
      `\n  ${wrong}:9:27: spec.actions[1].silence_incident.raeson: unknown key; did you mean "reason"?\n`,
    );
  });
});

describe('plan validate', () => {
  const name = file('fine.yaml', small);

  it('says that nothing is wrong', async () => {
    const { exitCode, stdout } = await plan(['validate', name, '-o', 'json']);
    expect(exitCode).toBe(0);
    expect(json(stdout)).toStrictEqual({
      apiVersion: 'remedyctl.dev/v1',
      kind: 'PlanValidation',
      valid: true,
      plans: [
        { file: name, name: 'small', hash: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown, actions: 2 },
      ],
      problems: [],
    });
  });

  it('finds several mistakes at once and exits with 2', async () => {
    const text = small
      .replace('id: c1', 'id: c1, product: osd')
      .replace('details: d', 'details: https://docs.openshift.com/rosa/x')
      .concat('    - escalate_incident:\n    - pagerduty_note: { fromNotes: false }\n');
    const wrong = file('three.yaml', text.replace('    - pagerduty_note: { fromNotes: false }\n', ''));
    const { exitCode, stdout } = await plan(['validate', wrong, '-o', 'json']);
    expect(exitCode).toBe(2);
    expect(json(stdout)).toMatchObject({
      valid: false,
      problems: [
        { file: wrong, line: 8, column: 38, field: 'spec.actions[0].limited_support.details' },
        { file: wrong, line: 9, column: 7, field: 'spec.actions[1]' },
      ],
    });
    const table = await plan(['validate', file('four.yaml', text)]);
    expect(table.stdout).toMatch(
      /four\.yaml:11:\d+: spec\.actions\[3\]\.pagerduty_note\.fromNotes: must be true/,
    );
  });

  it('finds what this machine lacks to run it, but not with --files-only', async () => {
    const bare = file('bare.yaml', '{}');
    const env = { HOME: folder, XDG_CONFIG_HOME: folder };
    const found = await runProgram(['plan', 'validate', name, '--config', bare, '-o', 'json'], { env });
    expect(found.exitCode).toBe(2);
    const { problems } = json(found.stdout) as { problems: { message: string }[] };
    expect(problems.map(({ message }) => message.split(/[:,]/)[0])).toStrictEqual([
      'needs the setting pagerduty.from',
      'needs a silent escalation policy',
      'needs credentials of PagerDuty',
      'needs credentials of OCM',
    ]);
    const files = await runProgram(['plan', 'validate', name, '--config', bare, '--files-only'], { env });
    expect(files.exitCode).toBe(0);
  });

  it.each([
    ['https://me:pass-secret-3@api.example.com', 'must not hold credentials'],
    ['https://api.example.com/?key=pass-secret-3', 'must not have a query or a fragment'],
    ['http://api.example.com', 'must begin with https://'],
  ])('finds a base URL that no client takes, and shows it nowhere: %s', async (url, problem) => {
    const env = { REMEDYCTL_OCM_URL: url };
    const name = file('base-url.yaml', small);
    const validated = await plan(['validate', name], { env });
    expect(validated.exitCode).toBe(2);
    expect(validated.stdout).toContain(`action 0 limited_support: needs another URL: ocm.url ${problem}`);
    const shown = await plan(['show', name], { env });
    expect(shown.stdout).toContain('POST <not configured>/api/clusters_mgmt/v1/clusters/c1/');
    expect(JSON.stringify([validated, shown])).not.toContain('pass-secret-3');
  });

  it('shows a base URL as it is asked', async () => {
    const env = { REMEDYCTL_OCM_URL: 'https://API.Example.com:443/base/' };
    const { stdout } = await plan(['show', file('base-url.yaml', small)], { env });
    expect(stdout).toContain('POST https://api.example.com/base/api/clusters_mgmt/');
  });

  it('reports a missing and an unused value', async () => {
    const asked = file('asked.yaml', small.replace('reason: r', 'reason: "${why}"'));
    const missing = await plan(['validate', asked, '--set', 'whi=x']);
    expect(missing.stdout).toContain('${why} has no value: give --set why=VALUE; did you mean "whi"?');
    const unused = await plan(['validate', asked, '--set', 'why=x', '--set', 'y=1']);
    expect(unused.exitCode).toBe(2);
    expect(unused.stdout).toContain('--set y: nothing in the plan has ${y}');
    const wrong = await plan(['validate', asked, '--set', 'why']);
    expect([wrong.exitCode, wrong.stderr]).toMatchObject([2, expect.stringContaining('KEY=VALUE')]);
  });

  it('accepts the examples as a folder, with what they include beside them', async () => {
    const sets = ['--set', 'cluster=1a2b3c', '--set', 'incident=Q2I4AV'];
    const { exitCode, stdout, stderr } = await plan(['validate', examples, ...sets], { env: { USER: 'me' } });
    expect([exitCode, stderr]).toStrictEqual([0, '']);
    expect(stdout).toContain('only-say-it');
    expect(stdout).toContain('egress-blocked');
  });
});

describe('files that a plan includes', () => {
  const including = (include: string): string =>
    small.replace('    - silence_incident: { reason: r }', `    - include: ${JSON.stringify(include)}`);

  it.each([
    ['the folder above', '../outside.yaml'],
    ['an absolute path', path.join(folder, 'outside.yaml')],
    ['a symbolic link that leads out', 'link.yaml'],
    ['the folder itself', '.'],
  ])('are not read from %s', async (_name, include) => {
    file('outside.yaml', '- pagerduty_note: { content: leaked }\n');
    const name = file('inner/plan.yaml', including(include));
    if (include === 'link.yaml') symlinkSync('../outside.yaml', path.join(folder, 'inner/link.yaml'));
    const { exitCode, stdout, stderr } = await plan(['show', name]);
    expect(exitCode).toBe(2);
    expect(stdout + stderr).not.toContain('leaked');
    expect(stderr).toContain('is not in or below the folder of the plan');
  });

  it('are regular files: a pipe that nobody writes to is not waited for', async () => {
    const name = file('pipe/plan.yaml', including('pipe.yaml'));
    execFileSync('mkfifo', [path.join(folder, 'pipe/pipe.yaml')]);
    const { exitCode, stderr } = await plan(['show', name]);
    expect([exitCode, stderr]).toMatchObject([2, expect.stringContaining('pipe.yaml: is no regular file')]);
  });

  it('are read from below, through links too', async () => {
    file('deep/actions/a.yaml', '- pagerduty_note: { content: included }\n');
    const name = file('deep/plan.yaml', including('link.yaml'));
    symlinkSync('actions/a.yaml', path.join(folder, 'deep/link.yaml'));
    const { exitCode, stdout } = await plan(['show', name]);
    expect([exitCode, stdout]).toMatchObject([0, expect.stringContaining('"content": "included"')]);
  });
});

describe('plan schema', () => {
  it('prints a JSON Schema that names every action in both forms', async () => {
    const { exitCode, stdout } = await plan(['schema']);
    expect(exitCode).toBe(0);
    const schema = json(stdout) as { $schema: string; $defs: Record<string, unknown> };
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(Object.keys(schema.$defs)).toStrictEqual(
      expect.arrayContaining(['service_log', 'backplane_report', 'include', 'note']),
    );
    expect(stdout).toContain('"const": "escalate_incident"');
    expect((await plan(['schema', '-o', 'yaml'])).stdout).toMatch(/^title: A plan of remedyctl$/m);
  });
});

describe('plan new', () => {
  it('lists the templates, fills one, and writes it once for its owner alone', async () => {
    const list = await plan(['new', '-o', 'json']);
    expect(json(list.stdout)).toMatchObject({ kind: 'PlanTemplateList' });
    const name = path.join(folder, 'new/plan.yaml');
    const args = ['new', 'egress-blocked', '--set', 'cluster=c1', '--set', 'incident=Q1', '--file', name];
    expect((await plan(args)).exitCode).toBe(0);
    expect(statSync(name).mode & 0o777).toBe(0o600);
    const text = readFileSync(name, 'utf8');
    expect(text).toContain('# Needs --set product=…');
    expect((await plan(args)).exitCode).toBe(2);
    expect(readFileSync(name, 'utf8')).toBe(text);
    const valid = await plan(['validate', name, '--set', 'product=osd']);
    expect([valid.exitCode, valid.stderr]).toStrictEqual([0, '']);
    const printed = await plan(['new', 'egress-blocked', '--set', 'cluster=c1', '--set', 'incident=Q1']);
    expect(printed.stdout).toBe(text);
  });

  it('prints a plan as JSON too, for programs', async () => {
    const args = [
      'new',
      'egress-blocked',
      '--set',
      'cluster=c1',
      '--set',
      'incident=Q1',
      '--set',
      'product=osd',
    ];
    const { stdout } = await plan([...args, '-o', 'json']);
    expect(json(stdout)).toMatchObject({ kind: 'Plan', spec: { cluster: { id: 'c1', product: 'osd' } } });
    const [fromJson, fromYaml] = await Promise.all([
      plan(['validate', file('as.json', stdout), '-o', 'json']),
      plan(['validate', file('as.yaml', (await plan(args)).stdout), '-o', 'json']),
    ]);
    const hash = ({ stdout: text }: ProgramResult): unknown =>
      (json(text) as { plans: { hash: string }[] }).plans.map((one) => one.hash);
    expect(hash(fromJson)).toStrictEqual(hash(fromYaml));
  });

  it.each([['--set', 'cluster=c1'], ['--file', 'x.yaml'], ['--force']])(
    'takes no %s without a template: it would be passed over',
    async (...flags) => {
      const { exitCode, stdout, stderr } = await plan(['new', ...flags]);
      expect([exitCode, stdout]).toStrictEqual([2, '']);
      expect(stderr).toContain(`${flags[0]} is for a template: name one`);
    },
  );

  it('knows the nearest name', async () => {
    const { exitCode, stderr } = await plan(['new', 'egress-bloked']);
    expect([exitCode, stderr]).toMatchObject([2, expect.stringContaining('did you mean egress-blocked?')]);
  });
});
