import type { KubeObject } from '../api/objects.ts';
import { recordIn, summarizeRequest, textIn } from './request-fields.ts';
import type { RequestSummary } from './request-summary.ts';
import type { TargetResource } from '../signal/signal.ts';

/** A summary with what an operator wants to see beside it: what the request is about, and when it ended. */
export interface RequestFacts extends RequestSummary {
  /** `spec.targetResource`. */
  resource?: TargetResource;
  /** `spec.clusterID`. */
  clusterID?: string;
  /** RFC 3339, as stored. */
  completedAt?: string;
}

/** Reads a request of either layout; fields of a wrong type count as absent. Keeps no part of the object alive. */
export function readRequestFacts(object: KubeObject): RequestFacts {
  const spec = recordIn(object, 'spec');
  const resource = targetResource(recordIn(spec, 'targetResource'));
  const clusterID = textIn(spec, 'clusterID');
  const completedAt = textIn(recordIn(object, 'status'), 'completedAt');
  return {
    ...summarizeRequest(object),
    ...(resource === undefined ? {} : { resource }),
    ...(clusterID === undefined ? {} : { clusterID }),
    ...(completedAt === undefined ? {} : { completedAt }),
  };
}

function targetResource(target: Record<string, unknown>): TargetResource | undefined {
  const kind = textIn(target, 'kind');
  const name = textIn(target, 'name');
  if (kind === undefined || name === undefined) return undefined;
  const namespace = textIn(target, 'namespace');
  const apiVersion = textIn(target, 'apiVersion');
  return {
    kind,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(apiVersion === undefined ? {} : { apiVersion }),
  };
}

/**
 * Texts that many requests share (phases, kinds, namespaces, fingerprints), each kept once: a list of a hundred
 * thousand requests holds a few thousand different ones.
 */
export class TextPool {
  readonly #texts = new Map<string, string>();

  /** The facts with their repeated texts shared. */
  share(facts: RequestFacts): RequestFacts {
    const { resource } = facts;
    facts.fingerprint = this.#one(facts.fingerprint);
    facts.namespace = this.#one(facts.namespace);
    facts.phase = this.#one(facts.phase);
    if (facts.outcome !== undefined) facts.outcome = this.#one(facts.outcome);
    if (resource !== undefined) {
      resource.kind = this.#one(resource.kind);
      if (resource.namespace !== undefined) resource.namespace = this.#one(resource.namespace);
      if (resource.apiVersion !== undefined) resource.apiVersion = this.#one(resource.apiVersion);
    }
    return facts;
  }

  #one(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    this.#texts.set(text, text);
    return text;
  }
}
