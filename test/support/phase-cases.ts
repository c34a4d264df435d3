import type { KubeObject } from '../../src/api/objects.ts';
import { hasShared, readVectors } from './shared.ts';

/** What the gateway decided about a list of requests. */
export interface PhaseCase {
  id: string;
  note: string;
  now: string;
  fingerprint: string;
  list: KubeObject[];
  duplicate: boolean;
  chosen: string | null;
  error: string | null;
  /** What is right where the gateway was not. */
  do?: { duplicate: boolean; chosen?: string | null; chosenOneOf?: string[]; reason: string };
  /** How the list failed, for every selector or for one alone. */
  listError?: { code?: number; only?: string };
}

interface PhaseVectors {
  terminal: { phase: string; terminal: boolean }[];
  cases: PhaseCase[];
}

/** Empty without the reference material. */
export function readPhaseCases(): PhaseVectors {
  return hasShared ? readVectors<PhaseVectors>('phases') : { terminal: [], cases: [] };
}
