import type { GlobalFlagValues } from '../session.ts';

/** The global flags that decide what a command works on. */
const scopeFlags = [
  'target',
  'store',
  'kubeconfig',
  'context',
  'cluster',
  'user',
  'as',
  'config',
  'profile',
  'namespace',
] as const;

/** The words by which a further command works on the same as this one. */
export function scopeWords(flags: GlobalFlagValues): string[] {
  return scopeFlags.flatMap((name) => {
    const value = flags[name];
    return typeof value === 'string' ? [`--${name}`, value] : [];
  });
}
