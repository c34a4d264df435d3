/**
 * `${env:NAME}` and `${KEY}` in the texts of a plan. A value takes the place of the placeholder inside one text and
 * nothing more: it is put in after parsing, so it never becomes a key, a list, another type or another action, and is
 * not searched for placeholders itself. `$${` is the text `${`.
 */
import type { ConfigProblem } from '../config/config-problem.ts';
import { nearestKey, type KeyPath } from '../config/document-places.ts';
import type { PlanText } from './plan-text.ts';

/** Where values come from. `used` collects the keys of `--set` that were needed. */
export interface PlaceholderValues {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly set: ReadonlyMap<string, string>;
  readonly used: Set<string>;
}

/** A key of `--set`. */
export const setKeyPattern = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

const placeholder = /\$\$\{|\$\{([^}]*)(\}?)/g;

/** Texts that decide what the file is rather than what it says. */
const structuralKeys = new Set<PropertyKey>(['apiVersion', 'kind', 'type', 'include', '$schema']);

/** Credentials are read by the clients and belong into no request body. */
const credentialVariable = /TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL|APIKEY|_KEY(?:_|$)/i;

/** The document's value with every placeholder resolved; problems name the text that has it. */
export function resolvePlaceholders(
  { value, places }: PlanText,
  values: PlaceholderValues,
): { value: unknown; problems: ConfigProblem[] } {
  const problems: ConfigProblem[] = [];
  const complain = (at: KeyPath, { message, suggestion }: Finding): void => {
    problems.push({ ...places.problemAt(at, message), ...(suggestion === undefined ? {} : { suggestion }) });
  };
  const resolved = resolveValue(value, [], { values, complain });
  return { value: resolved, problems };
}

interface Finding {
  message: string;
  suggestion?: string | undefined;
}

interface Resolving {
  values: PlaceholderValues;
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

function resolveText(text: string, at: KeyPath, { values, complain }: Resolving): string {
  if (!text.includes('${')) return text;
  if (structuralKeys.has(at.at(-1) ?? '')) {
    complain(at, { message: 'must not have a placeholder: it decides what the file is' });
    return text;
  }
  return text.replace(placeholder, (whole: string, name: string | undefined, end: string | undefined) => {
    if (name === undefined) return '${';
    const found = end === '}' ? lookUp(name, values) : { message: noPlaceholder(whole) };
    if (typeof found === 'string') return found;
    complain(at, found);
    return whole;
  });
}

function lookUp(name: string, { env, set, used }: PlaceholderValues): string | Finding {
  if (name.startsWith('env:')) return lookUpVariable(name.slice('env:'.length), env);
  if (!setKeyPattern.test(name)) return { message: noPlaceholder(`\${${name}}`) };
  const value = set.get(name);
  if (value === undefined) {
    const message = `\${${name}} has no value: give --set ${name}=VALUE`;
    return { message, suggestion: nearestKey(name, [...set.keys()]) };
  }
  used.add(name);
  return value;
}

function lookUpVariable(name: string, env: PlaceholderValues['env']): string | Finding {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return { message: noPlaceholder(`\${env:${name}}`) };
  if (credentialVariable.test(name)) {
    return { message: `\${env:${name}} looks like a credential, which does not go into a plan` };
  }
  return env[name] ?? { message: `\${env:${name}} has no value: the environment has no ${name}` };
}

function noPlaceholder(text: string): string {
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return `${JSON.stringify(shown)} is no placeholder: write \${env:NAME}, \${KEY} with --set KEY=VALUE, or $\${ for the text`;
}

/** Keys of `--set` that no placeholder of any document needed. */
export function unusedKeys({ set, used }: PlaceholderValues): ConfigProblem[] {
  return [...set.keys()]
    .filter((key) => !used.has(key))
    .map((key) => ({ where: `--set ${key}`, message: `nothing in the plan has \${${key}}` }));
}

/** Reads the arguments of `--set`: `KEY=VALUE`, each key once. The value may be empty and may have `=`. */
export function parseSets(given: readonly string[]): { set: Map<string, string> } | { problem: string } {
  const set = new Map<string, string>();
  for (const one of given) {
    const [key = ''] = one.split('=', 1);
    if (!one.includes('=') || !setKeyPattern.test(key)) {
      return { problem: `--set wants KEY=VALUE with a key such as incident or cluster.id` };
    }
    if (set.has(key)) return { problem: `--set ${key} is given twice` };
    set.set(key, one.slice(key.length + 1));
  }
  return { set };
}
