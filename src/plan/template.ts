import { nearest } from '../text/nearest.ts';
import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { setKeyPattern } from './placeholders.ts';
import { exactYaml } from '../text/exact-yaml.ts';

/** An element of `actions` in short form. */
type TemplateAction = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A plan for one outcome of an investigation, with keys in place of what differs. */
export interface PlanTemplate {
  readonly name: string;
  /** What was found. */
  readonly summary: string;
  readonly alertType: string;
  readonly noteTitle: string;
  readonly notes: readonly Readonly<Record<string, string>>[];
  readonly actions: readonly TemplateAction[];
}

/** The report and the note of the same notes, with which all but a few outcomes begin. */
export function reportAndNoteActions(name: string): TemplateAction[] {
  return [
    { backplane_report: { summary: name, timestamped: true, fromNotes: true } },
    { pagerduty_note: { fromNotes: true } },
  ];
}

/** The keys that a template wants, in the order of its text. */
export function templateKeys(template: PlanTemplate): string[] {
  const text = JSON.stringify(planOfTemplate(template));
  return [...new Set([...text.matchAll(/\$\{([^}]+)\}/g)].map(([, key = '']) => key))];
}

/**
 * The template as a plan, with the values that are known; keys without one stay, for whoever reads it.
 * Errors: INVALID_OPTION for a value whose key the template does not have.
 */
export function filledTemplate(template: PlanTemplate, values: ReadonlyMap<string, string>): object {
  const keys = templateKeys(template);
  for (const key of values.keys()) {
    if (keys.includes(key)) continue;
    const close = nearest(key, keys);
    throw new RemedyError('INVALID_OPTION', `the template ${template.name} has no \${${key}}`, {
      hint: close === undefined ? `it has ${keys.join(', ')}` : `did you mean ${close}?`,
    });
  }
  return filled(planOfTemplate(template), values) as object;
}

/** The same as a plan file, with a word on what it is for and what it needs. The same errors. */
export function fillTemplate(template: PlanTemplate, values: ReadonlyMap<string, string>): string {
  const plan = filledTemplate(template, values);
  const open = templateKeys(template).filter((key) => !values.has(key));
  const heading = [`# ${template.summary}`];
  if (open.length > 0) {
    const given = open.map((key) => `${optionName('set')} ${key}=…`);
    heading.push(`# Needs ${given.join(' ')}, or write the values here.`);
  }
  return `${heading.join('\n')}\n${exactYaml(plan, { lineWidth: 100, aliasDuplicateObjects: false })}`;
}

function planOfTemplate({ name, alertType, noteTitle, notes, actions }: PlanTemplate): object {
  return {
    apiVersion: 'remedyctl.dev/v1',
    kind: 'Plan',
    metadata: { name, alertType, noteTitle },
    spec: {
      cluster: clusterFor(actions),
      incident: { id: '${incident}' },
      notes,
      actions,
    },
  };
}

/** A service log needs the external id too, and what the customer reads needs the product. */
function clusterFor(actions: readonly TemplateAction[]): object {
  const hasRemedy = actions.some((action) => 'service_log' in action || 'limited_support' in action);
  const hasLog = actions.some((action) => 'service_log' in action);
  return {
    id: '${cluster}',
    ...(hasLog ? { externalId: '${externalId}' } : {}),
    ...(hasRemedy ? { product: '${product}' } : {}),
  };
}

function filled(value: unknown, values: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return filledText(value, values);
  if (Array.isArray(value)) return value.map((item) => filled(item, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, filled(member, values)]));
}

function filledText(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(/\$\{([^}]+)\}/g, (whole, key: string) => {
    const value = setKeyPattern.test(key) ? values.get(key) : undefined;
    // what a value says is text, also where it looks like a placeholder
    return value === undefined ? whole : value.split('${').join('$${');
  });
}
