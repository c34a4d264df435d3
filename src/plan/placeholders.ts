/**
 * `${env:NAME}` and `${KEY}` in the texts of a plan. A value takes the place of the placeholder inside one text and
 * nothing more: it is put in after parsing, so it never becomes a key, a list, another type or another action, and is
 * not searched for placeholders itself. `$${` is the text `${`.
 */
import type { ConfigProblem } from '../documents/config-problem.ts';
import type { KeyPath } from '../documents/document-places.ts';
import { nearest } from '../text/nearest.ts';
import { optionName } from '../errors/option-name.ts';
import type { PlanText } from './plan-text.ts';

/** Where values come from. `used` collects the keys of `set` that were needed. */
export interface PlaceholderValues {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly set: ReadonlyMap<string, string>;
  readonly used: Set<string>;
  /** Variables of the environment that every plan may name: the profile's list. */
  readonly allowedEnv?: readonly string[] | undefined;
}

/** A key, as `incident` and `cluster.id`. */
export const setKeyPattern = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

const placeholder = /\$\$\{|\$\{([^}]*)(\}?)/g;

/** Texts that decide what the file is rather than what it says. */
const structuralKeys = new Set<PropertyKey>(['apiVersion', 'kind', 'type', 'include', '$schema']);

/** Variables that are made for plans: whoever runs one has put the value there. */
const variableForPlans = /^REMEDYCTL_VAR_./;

/** Credentials are read by the clients and belong into no request body. */
const credentialVariable = /TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL|APIKEY|_KEY(?:_|$)/i;

/** Who writes a plan is not always who runs it: a plan's own list opens none of these, the profile's does. */
const sensitiveVariable =
  /AUTH(?!ORS?(?:_|$))|COOKIE|SESSION|JWT|BEARER|PROXY|DATABASE|CONNECTION|DSN|KUBECONFIG|KEY$|(?:^|_)(?:PATS?|(?:PG)?PASS|PWD|SAS|CERT|PIN)(?:_|$)/i;

const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** A user or a password in a URL. */
const urlWithCredentials = /:\/\/[^/?#\s]*@/;

/** The names in `spec.env` of a plan as it was written. */
export function allowedByPlan(value: unknown): string[] {
  const list = (value as { spec?: { env?: unknown } | null } | null)?.spec?.env;
  return Array.isArray(list) ? list.filter((name) => typeof name === 'string') : [];
}

/** The document's value with every placeholder resolved; problems name the text that has it. `own`: of its plan. */
export function resolvePlaceholders(
  { value, places }: PlanText,
  values: PlaceholderValues,
  own: readonly string[] = [],
): { value: unknown; problems: ConfigProblem[] } {
  const problems: ConfigProblem[] = [];
  const complain = (at: KeyPath, { message, suggestion }: Finding): void => {
    problems.push({ ...places.problemAt(at, message), ...(suggestion === undefined ? {} : { suggestion }) });
  };
  const resolved = resolveValue(value, [], { values, own, complain });
  return { value: resolved, problems };
}

interface Finding {
  message: string;
  suggestion?: string | undefined;
}

interface Resolving {
  values: PlaceholderValues;
  own: readonly string[];
  complain: (at: KeyPath, finding: Finding) => void;
}

function resolveValue(value: unknown, at: KeyPath, resolving: Resolving): unknown {
  if (typeof value === 'string') return resolveText(value, at, resolving);
  if (Array.isArray(value)) return value.map((item, index) => resolveValue(item, [...at, index], resolving));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, resolveValue(member, [...at, key], resolving)]),
  );
}

function resolveText(text: string, at: KeyPath, resolving: Resolving): string {
  const { complain } = resolving;
  if (!text.includes('${')) return text;
  if (structuralKeys.has(at.at(-1) ?? '')) {
    complain(at, { message: 'must not have a placeholder: it decides what the file is' });
    return text;
  }
  return text.replace(placeholder, (whole: string, name: string | undefined, end: string | undefined) => {
    if (name === undefined) return '${';
    const found = end === '}' ? lookUp(name, resolving) : { message: noPlaceholder(whole) };
    if (typeof found === 'string') return found;
    complain(at, found);
    return whole;
  });
}

function lookUp(name: string, resolving: Resolving): string | Finding {
  const { set, used } = resolving.values;
  if (name.startsWith('env:')) return lookUpVariable(name.slice('env:'.length), resolving);
  if (!setKeyPattern.test(name)) return { message: noPlaceholder(`\${${name}}`) };
  const value = set.get(name);
  if (value === undefined) {
    const message = `\${${name}} has no value: give ${optionName('set')} ${name}=VALUE`;
    return { message, suggestion: nearest(name, [...set.keys()]) };
  }
  used.add(name);
  return value;
}

function lookUpVariable(name: string, { values, own }: Resolving): string | Finding {
  if (!variableName.test(name)) return { message: noPlaceholder(`\${env:${name}}`) };
  const { env, allowedEnv = [] } = values;
  const value = env[name];
  if (!variableForPlans.test(name)) {
    const refusal = refusalOf(name, {
      value,
      byPlan: own.includes(name),
      byProfile: allowedEnv.includes(name),
    });
    if (refusal !== undefined) return { message: `\${env:${name}} ${refusal}` };
  }
  return value ?? { message: `\${env:${name}} has no value: the environment has no ${name}` };
}

interface Allowance {
  value: string | undefined;
  byPlan: boolean;
  byProfile: boolean;
}

/** Why a plan may not have this variable. */
function refusalOf(name: string, { value, byPlan, byProfile }: Allowance): string | undefined {
  if (credentialVariable.test(name)) return 'looks like a credential, which does not go into a plan';
  if (byProfile) return undefined;
  const profile = `plan.env of the profile, or give the value as REMEDYCTL_VAR_${name}`;
  if (sensitiveVariable.test(name)) {
    return `may hold a credential, which a plan cannot allow itself: list ${name} under ${profile}`;
  }
  if (!byPlan) return `is not allowed: list ${name} under spec.env of the plan, under ${profile}`;
  if (urlWithCredentials.test(value ?? '')) {
    return `holds a URL with credentials: list ${name} under ${profile}`;
  }
  return undefined;
}

function noPlaceholder(text: string): string {
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return `${JSON.stringify(shown)} is no placeholder: write \${env:NAME}, \${KEY} with ${optionName('set')} KEY=VALUE, or $\${ for the text`;
}

/** Given keys that no placeholder of any document needed. */
export function unusedKeys({ set, used }: PlaceholderValues): ConfigProblem[] {
  return [...set.keys()]
    .filter((key) => !used.has(key))
    .map((key) => ({ where: `${optionName('set')} ${key}`, message: `nothing in the plan has \${${key}}` }));
}
