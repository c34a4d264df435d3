import { optionName } from '../errors/option-name.ts';

/** Where a value comes from. */
export type Origin =
  | { readonly kind: 'flag'; readonly flag: string }
  | { readonly kind: 'environment'; readonly variable: string }
  | {
      readonly kind: 'file';
      readonly file: string;
      /** Both from 1. */
      readonly line: number;
      readonly column: number;
      readonly profile?: string;
    }
  | { readonly kind: 'default' };

/** One phrase for a table: `flag --namespace`, `/home/a/config.yaml:3:5 (profile prod)`, `default`. */
export function describeOrigin(origin: Origin): string {
  switch (origin.kind) {
    case 'flag':
      return `flag ${flagName(origin.flag)}`;
    case 'environment':
      return `environment ${origin.variable}`;
    case 'file': {
      const place = `${origin.file}:${origin.line}:${origin.column}`;
      return origin.profile === undefined ? place : `${place} (profile ${origin.profile})`;
    }
    case 'default':
      return 'default';
  }
}

/** A flag, kept by its long name (`lease-namespace`), as texts name it. */
export function flagName(flag: string): string {
  return optionName(flag.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()));
}
