/**
 * The hand-written types of the bodies against those that openapi-typescript makes of the published documents, by the
 * compiler. What is held to what stands in `agreement/`; here it is compiled, once as it is and then with each type
 * broken, which the compiler must see.
 */
import path from 'node:path';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { hasShared } from '../support/shared.ts';
import { generateTypes } from './generate-types.ts';

const root = path.resolve(import.meta.dirname, '../..');
const folder = path.join(import.meta.dirname, 'agreement');
const systems = ['pagerduty', 'ocm', 'backplane'] as const;

const wireFile = (system: string): string => path.join(root, 'src', system, `${system}-wire.ts`);

/** The program of `agreement/`; `changed`: texts in place of files. */
function programOf(changed: ReadonlyMap<string, string>, before?: ts.Program): ts.Program {
  const config = ts.getParsedCommandLineOfConfigFile(
    path.join(folder, 'tsconfig.json'),
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (error) => expect.fail(textOf(error)) },
  );
  if (config === undefined) throw new Error('no tsconfig.json');
  const host = ts.createCompilerHost(config.options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, version, ...rest) => {
    const text = changed.get(path.normalize(name));
    const kept = before?.getSourceFile(name);
    if (text !== undefined) return ts.createSourceFile(name, text, version);
    return kept ?? read(name, version, ...rest);
  };
  return ts.createProgram(config.fileNames, config.options, host);
}

function errorsIn(program: ts.Program, files: readonly string[]): string[] {
  return files.flatMap((name) => {
    const file = program.getSourceFile(name);
    if (file === undefined) throw new Error(`${name} is not compiled`);
    return ts.getPreEmitDiagnostics(program, file).map(textOf);
  });
}

function textOf({ file, start = 0, messageText }: ts.Diagnostic): string {
  const where = file === undefined ? '' : `${path.basename(file.fileName)}:${lineOf(file, start)}: `;
  return where + ts.flattenDiagnosticMessageText(messageText, '\n');
}

function lineOf(file: ts.SourceFile, position: number): number {
  return file.getLineAndCharacterOfPosition(position).line + 1;
}

/** In which system, what of its wire types, and what becomes of it. */
const breaks: readonly (readonly [(typeof systems)[number], string, string])[] = [
  ['pagerduty', 'readonly note: { readonly content: string }', 'readonly note: { readonly content: number }'],
  ['pagerduty', 'readonly note: { readonly content: string }', 'readonly note: { readonly text: string }'],
  ['pagerduty', 'readonly incident: IncidentUpdate', 'readonly incidents: IncidentUpdate'],
  ['pagerduty', "type: 'incident_reference'", "type: 'incident_thing'"],
  ['pagerduty', 'readonly escalation_level?: number', 'readonly escalation_level?: string'],
  ['pagerduty', 'readonly escalation_level?: number', 'readonly escalationLevel?: number'],
  ['pagerduty', "readonly type: 'escalation_policy_reference'", "readonly type: 'policy'"],
  ['pagerduty', "'acknowledged' | 'resolved'", "'acknowledged' | 'solved'"],
  [
    'pagerduty',
    'readonly content: string;\n  readonly created_at',
    'readonly content: number;\n  readonly created_at',
  ],
  ['pagerduty', 'readonly note: NoteFields', 'readonly incident_note: NoteFields'],
  ['pagerduty', 'readonly notes: readonly NoteFields[]', 'readonly notes: NoteFields'],
  ['pagerduty', 'readonly id?: string;\n}', 'readonly id?: number;\n}'],
  [
    'pagerduty',
    'readonly title?: string;\n  readonly status?: string',
    'readonly name?: string;\n  readonly status?: string',
  ],
  ['pagerduty', 'readonly incident: IncidentFields', 'readonly incident: readonly IncidentFields[]'],
  [
    'pagerduty',
    'readonly body?: { readonly details?: unknown }',
    'readonly body?: { readonly detail?: unknown }',
  ],
  ['pagerduty', 'readonly alerts: readonly', 'readonly alert: readonly'],
  ['pagerduty', 'readonly email: string', 'readonly mail: string'],
  ['pagerduty', 'readonly users: readonly', 'readonly members: readonly'],
  ['pagerduty', 'readonly name: string', 'readonly name: number'],
  [
    'pagerduty',
    'readonly escalation_policy: EscalationPolicyFields',
    'readonly policy: EscalationPolicyFields',
  ],
  ['pagerduty', 'readonly errors?: string | readonly string[]', 'readonly errors?: string'],
  ['pagerduty', 'readonly error?: ErrorFields | string', 'readonly error?: string'],
  ['ocm', "'Major'", "'Huge'"],
  ['ocm', "  'Low',\n", ''],
  ['ocm', 'readonly internal_only: boolean', 'readonly internal_only: string'],
  ['ocm', 'readonly service_name: string', 'readonly serviceName: string'],
  ['ocm', "readonly detection_type: 'manual'", "readonly detection_type: 'by hand'"],
  ['ocm', 'readonly timestamp?: string', 'readonly timestamp?: number'],
  ['ocm', 'readonly creation_timestamp?: string', 'readonly created_at?: string'],
  ['ocm', 'readonly product?: { readonly id?: string }', 'readonly product?: string'],
  ['ocm', 'readonly items?: readonly Item[]', 'readonly items?: Item'],
  ['ocm', 'readonly id?: number | string', 'readonly id?: string'],
  ['backplane', '/** Base64. */\n  readonly data: string', 'readonly data: Uint8Array'],
  ['backplane', 'readonly report_id: string', 'readonly id: string'],
  ['backplane', 'readonly reports: readonly', 'readonly items: readonly'],
  ['backplane', "Partial<Omit<ReportAnswer, 'data'>>", "Omit<ReportAnswer, 'data'>"],
  ['backplane', 'readonly statusCode?: number', 'readonly statusCode?: string'],
];

describe.skipIf(!hasShared)('the types of the bodies', () => {
  let generated: string[];
  let whole: ts.Program;
  const agreements = systems.map((system) => path.join(folder, `${system}.ts`));

  beforeAll(async () => {
    generated = await generateTypes();
    whole = programOf(new Map());
  });

  it('are made of the documents without a hole, where anything would agree', () => {
    expect(errorsIn(whole, generated)).toEqual([]);
  });

  it('agree with the published documents', () => {
    const own = [...agreements, path.join(folder, 'compare.ts'), ...systems.map(wireFile)];
    expect(errorsIn(whole, own)).toEqual([]);
    expect(errorsIn(programOf(new Map(), whole), own)).toEqual([]);
  });

  it.each(systems)('are all compared: %s', (system) => {
    const text = whole.getSourceFile(path.join(folder, `${system}.ts`))?.text ?? '';
    const declared = whole
      .getSourceFile(wireFile(system))
      ?.statements.filter(
        (statement) => ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement),
      );
    const names = declared?.map(({ name }) => name.text) ?? [];
    expect(names.length).toBeGreaterThan(3);
    // once where it is imported, and where it is compared
    expect(names.filter((name) => (text.match(new RegExp(`\\b${name}\\b`, 'g')) ?? []).length < 2)).toEqual(
      [],
    );
  });

  it.each(breaks)('disagree when one is broken: %s, %j as %j', (system, from, to) => {
    const text = whole.getSourceFile(wireFile(system))?.text ?? '';
    expect(text).toContain(from);
    const broken = programOf(new Map([[wireFile(system), text.replace(from, to)]]), whole);
    expect(errorsIn(broken, [path.join(folder, `${system}.ts`)])).not.toEqual([]);
  });
});
