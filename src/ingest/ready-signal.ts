import type { Notice } from '../errors/reason.ts';
import type { NormalizedItem } from '../signal/signal.ts';
import type { IngestItem, ScopeFacts } from './ingest-item.ts';

/** A signal that is in scope and waits for its decision. */
export interface ReadySignal {
  item: NormalizedItem;
  /** Absent where scope does not apply. */
  scope?: ScopeFacts | undefined;
}

/** What every result of a ready signal shows, whatever became of it. */
export function describeReady(
  { item, scope }: ReadySignal,
  more: Notice[] = [],
): Pick<IngestItem, 'source' | 'resolution' | 'ownerChain' | 'signal' | 'scope' | 'warnings'> {
  const warnings = [...item.warnings, ...more];
  return {
    source: item.source,
    resolution: item.resolution,
    ownerChain: item.ownerChain,
    signal: item.signal,
    ...(scope === undefined ? {} : { scope }),
    ...(warnings.length > 0 ? { warnings } : {}),
  };
}
