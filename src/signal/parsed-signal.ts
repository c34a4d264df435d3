import type { Notice } from '../errors/reason.ts';
import type { Delivery } from './delivery.ts';
import type { OriginalPayload, RefusedItem, SignalSource, TargetResource } from './signal.ts';

/** One alert or event of a document: what the document alone tells, or why it is none. */
export type ParsedItem = ParsedSignal | RefusedItem;

/** A signal whose target and owner are still to be found out; nothing in it was asked of a cluster. */
export interface ParsedSignal {
  source: SignalSource;
  outcome: 'parsed';
  signalSource: 'prometheus' | 'kubernetes-events';
  /** Empty where an alert has no name; the resolver refuses it once it knows that there is a target. */
  signalName: string;
  severity: string;
  clusterID?: string;
  subject: Subject;
  /** Absent for events. */
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  /** RFC 3339 with the offset of the input, second precision; absent where the input names no time. */
  firingTime?: string;
  seen: Sighting;
  warnings: Notice[];
  originalPayload: () => OriginalPayload;
  /** What a gateway is sent of it; computed when asked for. */
  delivery: () => Delivery;
}

/** What a signal says about its target: labels to choose from, or the object itself. */
export type Subject =
  { from: 'labels'; labels: Record<string, string> } | { from: 'object'; resource: TargetResource };

/** The time by which a signal's freshness is judged, and by which rule. */
export interface Sighting {
  rule: 'alert' | 'event';
  /** Milliseconds since the epoch; absent where the signal names no time. */
  atMs?: number;
}
