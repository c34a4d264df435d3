import { connect } from 'node:net';
import type {} from 'vitest';
import { RealClock } from '../../../src/time/real-clock.ts';

export const publishedDocuments = [
  'pagerduty-rest-v2.openapi.json',
  'ocm-service-logs-v1.openapi.json',
  'ocm-clusters-mgmt-v1.openapi.json',
  'backplane.openapi.yaml',
] as const;

export type PublishedDocument = (typeof publishedDocuments)[number];

/** Two prisms in front of one relay, by the same document. */
export interface PrismLine {
  /** Runs with `--errors`: what breaks the document comes out as 422 or 500. */
  readonly strictPort: number;
  /** Lets everything through, and names the breaches in a header. */
  readonly lenientPort: number;
}

export type PrismLines = Readonly<Record<PublishedDocument, PrismLine>>;

/** The port on loopback that the relay behind the prisms is to send the request to. */
export const relayHeader = 'x-test-relay-to';

/** Which request of its client this is; the fake finds it by this again. */
export const passageHeader = 'x-test-passage';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the fakes send everything through prism; not there in the tiers that do without. */
    prismLines?: PrismLines;
  }
}

const documentsByPath: readonly (readonly [RegExp, PublishedDocument])[] = [
  [/^\/api\/service_logs\/v1\//, 'ocm-service-logs-v1.openapi.json'],
  [/^\/api\/clusters_mgmt\/v1\//, 'ocm-clusters-mgmt-v1.openapi.json'],
  [/^\/backplane\//, 'backplane.openapi.yaml'],
  [/^\/(?!auth\/|api\/)/, 'pagerduty-rest-v2.openapi.json'],
];

/** Undefined of what nobody published: the token endpoint, and OCM's other services. */
export function documentOf(path: string): PublishedDocument | undefined {
  return documentsByPath.find(([pattern]) => pattern.test(path))?.[1];
}

const longestStartMs = 90_000;
const open = new Set<number>();

/** Waits until every prism listens: they take seconds to read their documents. */
export async function linesAreOpen(lines: PrismLines): Promise<void> {
  const ports = Object.values(lines).flatMap(({ strictPort, lenientPort }) => [strictPort, lenientPort]);
  const clock = new RealClock();
  const endMs = clock.monotonicMs() + longestStartMs;
  for (const port of ports) {
    while (!open.has(port)) {
      if (await listens(port)) open.add(port);
      else if (clock.monotonicMs() > endMs) throw new Error(`no prism listens on port ${port}`);
      else await clock.sleep(50);
    }
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}
