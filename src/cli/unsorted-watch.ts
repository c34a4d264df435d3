import type { Session } from './session.ts';

/** As kubectl has it: what comes later cannot be sorted among what stands there. */
export function sayUnsorted({ notices }: Session, sortBy: string | undefined): void {
  if (sortBy !== undefined)
    notices.warn('--sort-by does not sort what a watch shows: changes come in their order');
}
