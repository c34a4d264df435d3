import type { ApiRequest } from '../../src/api/wire.ts';

/** One scene: requests in order, in a namespace of its own. `{ns}` and saved names stand for what a run made. */
export interface ContractCase {
  name: string;
  steps: Step[];
}

export type Step = Ask | OpenWatch | ReadWatch | ExpireHistory;

export interface Ask {
  method: ApiRequest['method'];
  path: string;
  /** An object is sent as JSON, a string as it is. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Placeholder name -> dotted path in the answer's body. */
  save?: Record<string, string>;
  /** What of the body both backends must agree on, where the rest is the server's own business. */
  pick?: (body: never) => unknown;
}

/** Opens a watch that a later `read` takes events from. */
export interface OpenWatch {
  open: string;
  path: string;
  headers?: Record<string, string>;
}

/** Takes that many events, or all until the server ends the watch. */
export interface ReadWatch {
  read: string;
  events: number | 'all';
}

/** Makes everything before this moment too old for continue tokens and watches. */
export interface ExpireHistory {
  expireHistory: true;
}

/** What a backend answered to one step, volatile values replaced. */
export interface Answer {
  status?: number;
  contentType?: string;
  warnings?: string[];
  body?: unknown;
  events?: unknown[];
  /** Whether the server had ended the watch after these events. */
  ended?: boolean;
}

export const get = (path: string, rest: Partial<Ask> = {}): Ask => ({ method: 'GET', path, ...rest });
export const post = (path: string, body: unknown, rest: Partial<Ask> = {}): Ask => ({
  method: 'POST',
  path,
  body,
  ...rest,
});
export const put = (path: string, body: unknown, rest: Partial<Ask> = {}): Ask => ({
  method: 'PUT',
  path,
  body,
  ...rest,
});
export const remove = (path: string, body?: unknown, rest: Partial<Ask> = {}): Ask => ({
  method: 'DELETE',
  path,
  ...(body === undefined ? {} : { body }),
  ...rest,
});
export const patch = (path: string, body: unknown, rest: Partial<Ask> = {}): Ask => ({
  method: 'PATCH',
  path,
  body,
  ...rest,
  headers: { 'content-type': 'application/merge-patch+json', ...rest.headers },
});
