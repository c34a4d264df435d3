import { planHash } from '../../../src/plan/hash.ts';
import { describe, expect, it } from 'vitest';
import { planText, problemsOf, readOne, readText } from './plan-files.ts';

const head = `apiVersion: remedyctl.dev/v1
kind: Plan
metadata: { name: p }
`;

/** A plan in YAML whose actions stand in lines 8 and on. */
const withActions = (actions: string): string => `${head}spec:
  cluster: { id: c1, externalId: e1, product: rosa }
  incident: { id: Q1, silentPolicy: PS }
  actions:
${actions}
`;

describe('a plan file', () => {
  it('gives the canonical plan: defaults, order of execution, places', async () => {
    const plan = await readOne(
      withActions(`    - silence_incident: { reason: r }
    - type: pagerduty_note
      fromNotes: true
    - backplane_report: { summary: s, data: d }
    - service_log: { severity: Info, summary: s }
    - limited_support: { summary: s, details: d, context: X }`),
    );
    expect(plan).toMatchObject({ name: 'p', alertType: 'p', noteTitle: 'p', notes: [] });
    expect(plan.options).toStrictEqual({
      concurrent: false,
      stopOnError: false,
      maxRetries: 3,
      mode: 'execute',
      infraCluster: false,
    });
    expect(
      plan.actions.map(({ index, type, phase, dependsOn }) => [index, type, phase, dependsOn]),
    ).toStrictEqual([
      [3, 'service_log', 1, []],
      [4, 'limited_support', 1, []],
      [2, 'backplane_report', 1, []],
      [1, 'pagerduty_note', 2, []],
      [0, 'silence_incident', 2, [3, 4]],
    ]);
    expect(plan.actions[2]).toMatchObject({ clusterId: 'c1', timestamped: false });
    expect(plan.actions[0]).toMatchObject({
      serviceName: 'SREManualAction',
      description: '',
      internalOnly: false,
      allowDuplicates: false,
    });
  });

  it('is the same in short and explicit form, in YAML and JSON, with a byte order mark and CRLF', async () => {
    const fields = { severity: 'Info', summary: 's' };
    const short = planText([{ service_log: fields }]);
    const plans = await Promise.all([
      readOne(short),
      readOne(planText([{ type: 'service_log', ...fields }])),
      readOne(`\uFEFF${JSON.stringify(JSON.parse(short), null, 2).replaceAll('\n', '\r\n')}`),
    ]);
    expect(plans[1]).toStrictEqual(plans[0]);
    expect(plans[2]).toStrictEqual(plans[0]);
  });

  it('may hold several plans', async () => {
    const one = withActions('    - escalate_incident:');
    const read = await readText(`---\n${one}---\n${one.replace('name: p', 'name: q')}---\n`);
    expect('plans' in read && read.plans.map(({ name }) => name)).toStrictEqual(['p', 'q']);
  });

  it('includes files of actions at their place', async () => {
    const text = withActions('    - include: a.yaml\n    - include: b.json\n    - escalate_incident: {}');
    const files = {
      'a.yaml': '- pagerduty_note: { content: a }\n- type: pagerduty_note\n  content: "${x}"\n',
      'b.json': '{"actions":[{"pagerduty_note":{"content":"c"}}]}',
    };
    const plan = await readOne(text, { files, set: { x: 'b' } });
    const contents = plan.actions.map((action) => ('content' in action ? action.content : action.type));
    expect(contents).toStrictEqual(['a', 'b', 'c', 'escalate_incident']);
    expect(plan.actions.map(({ index }) => index)).toStrictEqual([0, 1, 2, 3]);
  });

  it('keeps every character of a text', async () => {
    const summary = `${'x'.repeat(65_535)}\u0000\u001b[31m\u202e <b>&amp;</b> \u{1f525} [a](javascript:1)`;
    const plan = await readOne(planText([{ service_log: { severity: 'Low', summary } }]));
    expect(plan.actions[0]).toMatchObject({ summary });
  });
});

describe('what is wrong with a plan file', () => {
  const wrong: [string, string, (string | RegExp)[]][] = [
    [
      'an unknown key, with the nearest',
      withActions('    - service_log: { severity: Info, summary: s, internal_only: true }'),
      ['8:50 spec.actions[0].service_log.internal_only: unknown key (internalOnly?)'],
    ],
    [
      'an unknown word, with the nearest',
      withActions('    - { type: service_log, severity: critcal, summary: s }'),
      [/^8:28 spec\.actions\[0\]\.severity: must be .*\(Critical\?\)$/],
    ],
    [
      'an unknown action, with the nearest',
      withActions('    - sevice_log: {}\n    - type: note\n    - frobnicate: {}'),
      [
        '8:7 spec.actions[0].sevice_log: is no action (service_log?)',
        /^9:7 spec\.actions\[1\]\.type: must be one of .*\(pagerduty_note\?\)$/,
        '10:7 spec.actions[2].frobnicate: is no action',
      ],
    ],
    [
      'two actions in one element',
      withActions('    - escalate_incident: {}\n      silence_incident: {}'),
      [
        '9:7 spec.actions[0].silence_incident: stands beside escalate_incident: each action is an element of its own',
      ],
    ],
    [
      'a note of nothing, and of two things',
      withActions('    - pagerduty_note: {}\n    - pagerduty_note: { content: x, fromNotes: true }'),
      [
        '8:7 spec.actions[0].pagerduty_note: content is missing: give content, or fromNotes: true',
        '9:7 spec.actions[1].pagerduty_note: has both content and fromNotes: give one of them',
      ],
    ],
    [
      'every problem at once, also beside a wrong head',
      `kind: Plam\n${withActions('    - service_log: { severity: Info }').replace('kind: Plan\n', '').replace('rosa', 'rosa, nmae: x')}`,
      [
        '1:1 kind: must be "Plan" (Plan?)',
        '5:53 spec.cluster.nmae: unknown key (name?)',
        '8:7 spec.actions[0].service_log.summary: is missing',
      ],
    ],
    [
      'a word out of a few that is not there',
      withActions('    - limited_support: { summary: s, details: d, context: X }').replace(
        /^apiVersion: .*\nkind: .*\n/,
        '',
      ),
      ['1:1 apiVersion: must be "remedyctl.dev/v1"', '1:1 kind: must be "Plan"'],
    ],
    [
      'a number that is out of bounds',
      planText([{ escalate_incident: {} }], { options: { maxRetries: -1 } }),
      [/maxRetries: must not be negative/],
    ],
    [
      'a wrong line of the notes',
      withActions('    - escalate_incident: {}').replace(
        '  actions:',
        '  notes: [{ warnin: x }]\n  actions:',
      ),
      [
        '7:13 spec.notes[0].warnin: must be one of success, warning, automation, section with a text (warning?)',
      ],
    ],
    ['no plan at all', '# nothing\n', ['undefined:undefined -: holds no plan']],
    ['no actions', withActions('').replace('actions:', 'actions: null'), [/^7:3 spec\.actions: /]],
    [
      'a silence without a remedy',
      withActions('    - pagerduty_note: { fromNotes: true }\n    - silence_incident: {}'),
      [/^9:7 spec\.actions\[1\]: silences the incident with nothing sent/],
    ],
    [
      'a silence beside an escalation',
      withActions('    - escalate_incident: {}\n    - silence_incident: { withoutRemedy: true }'),
      ['9:7 spec.actions[1]: contradicts action 0: the plan both silences and escalates'],
    ],
    [
      'a link to the docs of another product',
      withActions(
        '    - limited_support:\n        summary: s\n        details: see docs.openshift.com/dedicated/x\n        context: X',
      ),
      [
        '10:9 spec.actions[0].limited_support.details: the documentation link "docs.openshift.com/dedicated/x" is about OpenShift Dedicated, and the cluster is ROSA',
      ],
    ],
    [
      'an empty external id, with which a search for duplicates would cover every cluster',
      withActions('    - service_log: { severity: Info, summary: s }').replace(
        'externalId: e1',
        'externalId: ""',
      ),
      [/ spec\.cluster\.externalId: must be an id/],
    ],
    [
      'a subject that is missing',
      `${head}spec:\n  actions:\n    - limited_support: { summary: s, details: d, context: X }\n    - escalate_incident: {}\n    - backplane_report: { summary: s, data: d }\n`,
      [
        '6:7 spec.actions[0]: needs a cluster: the plan has no spec.cluster',
        '7:7 spec.actions[1]: needs an incident: the plan has no spec.incident',
        '8:7 spec.actions[2]: needs a cluster: give clusterId, or spec.cluster',
      ],
    ],
    [
      'what the mode makes of actions needs an incident too',
      planText(
        [
          { limited_support: { summary: 's', details: 'd', context: 'X' } },
          { backplane_report: { summary: 's', data: 'd' } },
        ],
        { incident: undefined, options: { infraCluster: true } },
      ),
      [
        /spec\.actions\[0\]: needs an incident for the note that infraCluster makes of it: the plan has no spec\.incident$/,
      ],
    ],
    [
      'what is posted in place of being done needs an incident',
      planText([{ backplane_report: { summary: 's', data: 'd' } }], {
        incident: undefined,
        options: { mode: 'informing' },
      }),
      [/spec\.actions\[0\]: needs an incident for the note that mode informing makes of it/],
    ],
    [
      'what actions say together, beside one that cannot be read',
      withActions(
        '    - limited_support: { summary: s, details: docs.openshift.com/dedicated/x, context: X }\n    - service_log: { severity: Majr, summary: s }\n    - silence_incident: {}\n    - escalate_incident: { reason: "${why}" }',
      ).replace('externalId: e1, ', ''),
      [
        /^8:38 spec\.actions\[0\]\.limited_support\.details: the documentation link /,
        /^9:22 spec\.actions\[1\]\.service_log\.severity: /,
        '10:7 spec.actions[2]: contradicts action 3: the plan both silences and escalates',
        /^11:28 spec\.actions\[3\]\.escalate_incident\.reason: \$\{why\} has no value/,
      ],
    ],
    [
      'what actions say together, beside a wrong head',
      withActions(
        '    - limited_support: { summary: s, details: docs.openshift.com/dedicated/x, context: X }\n    - silence_incident: {}\n    - escalate_incident: {}',
      ).replace('kind: Plan', 'kind: Plam'),
      [
        /^2:1 kind: /,
        /^8:38 spec\.actions\[0\]\.limited_support\.details: the documentation link /,
        /^9:7 spec\.actions\[1\]: contradicts action 2/,
      ],
    ],
    [
      'no word of a silence that stands alone where the remedy may be what cannot be read',
      withActions('    - service_log: { severity: Majr, summary: s }\n    - silence_incident: {}'),
      [/^8:22 /],
    ],
  ];

  it.each(wrong)('%s', async (_name, text, expected) => {
    const problems = await problemsOf(text);
    expect(problems).toHaveLength(expected.length);
    for (const [index, one] of expected.entries()) {
      if (typeof one === 'string') expect(problems[index]).toBe(one);
      else expect(problems[index]).toMatch(one);
    }
  });

  it('needs no incident in manual mode', async () => {
    const spec = { incident: undefined, options: { mode: 'manual' } };
    expect(await problemsOf(planText([{ escalate_incident: {} }], spec))).toStrictEqual([]);
  });

  it('needs no incident in manual mode for an infrastructure cluster: nothing reaches PagerDuty', async () => {
    const spec = { incident: undefined, options: { mode: 'manual', infraCluster: true } };
    const remedy = { limited_support: { summary: 's', details: 'd', context: 'X' } };
    expect(await problemsOf(planText([remedy], spec))).toStrictEqual([]);
  });

  it('names the included file', async () => {
    const text = withActions(
      '    - include: a.yaml\n    - include: b.yaml\n    - { include: c.yaml, type: x }',
    );
    const files = {
      'a.yaml': '- service_log: { summary: s, severity: Hi }\n- include: b.yaml\n',
      'c.yaml': '[]',
    };
    expect(await problemsOf(text, { files })).toStrictEqual([
      expect.stringMatching(/^a\.yaml 1:30 \[0\]\.service_log\.severity: must be /),
      'a.yaml 2:3 [1]: an included file includes no other',
      '9:7 spec.actions[1].include: b.yaml: no such file',
      '10:26 spec.actions[2].type: stands beside include, which stands alone',
    ]);
  });
});

describe('options from the command line', () => {
  const remedy = { limited_support: { summary: 's', details: 'd', context: 'X' } };
  const withoutIncident = (...actions: object[]): string => planText(actions, { incident: undefined });

  it('take the place of those in the file before anything is asked of the plan', async () => {
    const note = { pagerduty_note: { content: 'text' } };
    expect(await problemsOf(withoutIncident(remedy, note))).toHaveLength(1);
    const options = { mode: 'manual' } as const;
    const plan = await readOne(withoutIncident(remedy, note), { options });
    expect(plan.options).toStrictEqual({ ...(await readOne(planText([note]))).options, mode: 'manual' });
  });

  it.each([{ mode: 'informing' as const }, { infraCluster: true }])(
    'are held to the incident that they need: %j',
    async (options) => {
      expect(await problemsOf(withoutIncident(remedy))).toStrictEqual([]);
      expect(await problemsOf(withoutIncident(remedy), { options })).toHaveLength(1);
    },
  );
});

describe('a hostile plan file', () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n`;
  const texts: [string, string, RegExp][] = [
    ['an alias bomb', `${head}spec:\n${bomb.replaceAll(/^/gm, '  ')}`, /alias/i],
    ['a tag that would run code', withActions('    - !!js/function "function(){}"'), /unresolved tag/i],
    [
      'a tag of its own',
      withActions('    - service_log: { severity: Info, summary: !x s }'),
      /unresolved tag/i,
    ],
    [
      'a merge key',
      `${head}<<: { spec: {} }\nspec: { actions: [{ escalate_incident: {} }] }`,
      /<<: unknown key/,
    ],
    [
      'a prototype',
      withActions('    - service_log: { __proto__: { severity: Info }, summary: s }'),
      /__proto__: unknown key/,
    ],
    ['a key that stands twice', withActions('    - escalate_incident: { reason: a, reason: b }'), /unique/i],
    ['a deep nest', '['.repeat(100_000), /nested too deep/],
    [
      'half a surrogate pair',
      planText([{ pagerduty_note: { content: '\ud800' } }]),
      /half of a surrogate pair/,
    ],
    [
      'an id with a line end',
      planText([{ escalate_incident: {} }], { incident: { id: 'Q\r\nX: y' } }),
      /must be an id/,
    ],
    [
      'an id with white space at an end',
      planText([{ escalate_incident: {} }], { incident: { id: 'Q1\u00a0' } }),
      /incident\.id: must be an id: not empty, no white space at its ends/,
    ],
    [
      'a product with white space at an end, of which no link would be wrong',
      planText([], { cluster: { id: 'c1', product: 'rosa ' } }),
      /cluster\.product: must be a product such as rosa or osd/,
    ],
    ['an id that climbs', planText([{ escalate_incident: {} }], { incident: { id: '..' } }), /must be an id/],
  ];

  it.each(texts)('%s is refused', async (_name, text, problem) => {
    const problems = await problemsOf(text);
    expect(problems.join('\n')).toMatch(problem);
  });
});

describe('placeholders', () => {
  const noteOf = async (content: string, reading = {}): Promise<unknown> => {
    const plan = await readOne(planText([{ pagerduty_note: { content } }]), reading);
    return plan.actions[0]?.type === 'pagerduty_note' ? plan.actions[0].content : undefined;
  };

  it('take values of the environment and of --set, several in one text', async () => {
    const reading = { env: { USER_NAME: 'me' }, allowedEnv: ['USER_NAME'], set: { 'a.b': '1', c: '' } };
    expect(await noteOf('${env:USER_NAME}: ${a.b}${c}.', reading)).toBe('me: 1.');
  });

  it('write themselves as text behind two dollars', async () => {
    expect(await noteOf('$${x} $$ $ {x}')).toBe('${x} $$ $ {x}');
  });

  it('stay values: no structure, no further placeholder', async () => {
    const value = 'x"\n    - silence_incident: {}\n# ${env:SECRET_X} ${y} *a &b !!js';
    expect(await noteOf('<${x}>', { set: { x: value } })).toBe(`<${value}>`);
  });

  it('make no key, type, file or number', async () => {
    const text = withActions('    - type: ${t}\n    - include: ${f}\n    - ${k}: {}');
    const set = { t: 'escalate_incident', f: 'a.yaml', k: 'escalate_incident' };
    const problems = await problemsOf(text, { set });
    expect(problems.join('\n')).toMatch(/actions\[0\]\.type: must not have a placeholder/);
    expect(problems.join('\n')).toMatch(/actions\[1\]\.include: must not have a placeholder/);
    expect(problems.join('\n')).toMatch(/actions\[2\]\.\$\{k\}: is no action/);
    const options = { options: { maxRetries: '${n}' } };
    const numbers = await problemsOf(planText([{ escalate_incident: {} }], options), { set: { n: '1' } });
    expect(numbers.join('\n')).toMatch(/maxRetries: must be a whole number|maxRetries: must be a number/);
  });

  it.each([
    'OCM_CLIENT_SECRET',
    'AWS_ACCESS_KEY_ID',
    'PAGERDUTY_KEY',
    'DB_PASSWD',
    'APIKEY',
    'SSH_PASSPHRASE',
  ])('are refused for what is named like a credential: %s', async (name) => {
    const text = planText([{ pagerduty_note: { content: `\${env:${name}}` } }]);
    const [problem = ''] = await problemsOf(text, { env: { [name]: 'secret-value' } });
    expect(problem).toContain('looks like a credential');
  });

  it('take a variable whose name has such letters by chance', async () => {
    const env = { KEYBOARD: 'a', MONKEY: 'b' };
    const allowedEnv = ['KEYBOARD', 'MONKEY'];
    expect(await noteOf('${env:KEYBOARD}${env:MONKEY}', { env, allowedEnv })).toBe('ab');
  });

  it('are refused without a value, for a credential, and where they are none', async () => {
    const content = '${incidnt} ${env:NOPE} ${env:OCM_TOKEN} ${a b} ${open';
    const reading = { set: { incident: 'Q' }, env: { OCM_TOKEN: 'secret-value' }, allowedEnv: ['NOPE'] };
    const problems = await problemsOf(planText([{ pagerduty_note: { content } }]), reading);
    expect(problems.map((problem) => problem.replace(/^.*content: /, ''))).toStrictEqual([
      '${incidnt} has no value: give --set incidnt=VALUE (incident?)',
      '${env:NOPE} has no value: the environment has no NOPE',
      '${env:OCM_TOKEN} looks like a credential, which does not go into a plan',
      expect.stringMatching(/^"\$\{a b\}" is no placeholder/),
      expect.stringMatching(/^"\$\{open" is no placeholder/),
    ]);
    expect(problems.join('\n')).not.toContain('secret-value');
  });
});

describe('variables of the environment', () => {
  const noteText = (content: string, spec: object = {}): string =>
    planText([{ pagerduty_note: { content } }], spec);
  const leaked = [
    'DATABASE_URL',
    'AUTHORIZATION',
    'COOKIE',
    'GITHUB_PAT',
    'JWT',
    'HTTPS_PROXY',
    'https_proxy',
    'KUBECONFIG',
    'PGPASS',
    'SSH_AUTH_SOCK',
  ];

  it.each([...leaked, 'USER', 'PATH'])('are not for a plan that has no word for it: %s', async (name) => {
    const env = { [name]: 'https://me:hidden@host' };
    const [problem = '', ...more] = await problemsOf(noteText(`\${env:${name}}`), { env });
    expect(more).toEqual([]);
    expect(problem).toContain(`content: \${env:${name}}`);
    expect(problem).toContain(`plan.env of the profile, or give the value as REMEDYCTL_VAR_${name}`);
    expect(problem).not.toContain('hidden');
  });

  it.each([...leaked, 'OCM_TOKEN', 'SERVICE_URL'])(
    'a plan cannot allow itself what may be a credential: %s',
    async (name) => {
      const env = { [name]: 'https://me:hidden@host' };
      const problems = await problemsOf(noteText(`\${env:${name}}`, { env: [name] }), { env });
      expect(problems).toHaveLength(1);
      expect(problems.join()).not.toContain('hidden');
    },
  );

  it('are allowed by the plan, by the profile, and by their name', async () => {
    const env = { USER: 'a', DATABASE_URL: 'b', REMEDYCTL_VAR_API_KEY: 'c' };
    const content = '${env:USER}${env:DATABASE_URL}${env:REMEDYCTL_VAR_API_KEY}';
    const plan = await readOne(noteText(content, { env: ['USER'] }), { env, allowedEnv: ['DATABASE_URL'] });
    expect(plan.actions).toMatchObject([{ content: 'abc' }]);
    // what a plan may name is no part of what it does
    expect(planHash(plan)).toBe(planHash(await readOne(noteText('abc'))));
  });

  it('of an included file are those of the plan that includes it', async () => {
    const files = { 'more.yaml': '- pagerduty_note: { content: "${env:USER}" }' };
    const reading = { files, env: { USER: 'a' } };
    const include = [{ include: 'more.yaml' }];
    expect((await readOne(planText(include, { env: ['USER'] }), reading)).actions).toMatchObject([
      { content: 'a' },
    ]);
    expect(await problemsOf(planText(include), reading)).toEqual([expect.stringContaining('is not allowed')]);
  });

  it('even the profile opens no credential', async () => {
    const reading = { env: { OCM_TOKEN: 'hidden' }, allowedEnv: ['OCM_TOKEN'] };
    const problems = await problemsOf(noteText('${env:OCM_TOKEN}'), reading);
    expect(problems).toEqual([expect.stringContaining('looks like a credential')]);
  });
});
