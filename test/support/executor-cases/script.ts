import type { Rule, System } from './case.ts';

/** The scripted answers of a case: the first rule that matches and is not used up answers. */
export class Script {
  readonly #rules: (Rule & { left: number })[];

  constructor(rules: readonly Rule[]) {
    this.#rules = rules.map((rule) => ({ ...rule, left: rule.times ?? Number.POSITIVE_INFINITY }));
  }

  /** Uses the rule once. Undefined: the healthy answer. */
  next({ system, method, path }: { system: System; method: string; path: string }): Rule | undefined {
    const rule = this.#rules.find(({ left, match = '', ...of }) => {
      const [verb = '', part = ''] = match.split(' ');
      return left > 0 && of.system === system && method.startsWith(verb) && path.includes(part);
    });
    if (rule !== undefined) rule.left -= 1;
    return rule;
  }
}

/** Statuses of a write after which nobody knows whether it took effect, where they are not the promised one. */
export function leavesOpen(status: number): boolean {
  return status < 300 || (status >= 500 && status !== 501 && status !== 503);
}

/** The status that the contract of a system promises for a write. */
export function promisedStatus(system: System): number {
  return system === 'pagerduty' ? 200 : 201;
}
