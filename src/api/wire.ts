/**
 * The one seam: everything that remedyctl asks of a Kubernetes API goes through a `Send`, whether a real
 * API server answers over HTTP or the embedded store answers in process.
 */
export type Send = (request: ApiRequest) => Promise<ApiResponse>;

/** One request to a Kubernetes API. */
export interface ApiRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Begins with `/`, query string included, everything percent-encoded. */
  path: string;
  /** Lower-case names. `accept` and `user-agent` are set by the transport where absent. */
  headers?: Record<string, string>;
  body?: string;
  signal?: AbortSignal;
  /** A watch: the transport's own time-out covers the headers only, not the body. */
  stream?: boolean;
  /** Asks for another protocol on the connection; goes with `stream`, and is granted by status 101. */
  upgrade?: 'websocket';
}

/** What a Kubernetes API answers, errors too: a `Send` rejects only where there is no answer. */
export interface ApiResponse {
  status: number;
  /** Lower-case names; a repeated header (`warning`) keeps every value. */
  headers: Record<string, string | string[]>;
  /** Read once. Leaving the loop early closes the connection. */
  body: AsyncIterable<Uint8Array>;
  /** After an upgrade: the connection itself, a Duplex of node:stream, which is the caller's to close. */
  connection?: object;
  /** Takes what the request carried in secret out of a text of the answer; absent where it carried nothing. */
  mask?: (text: string) => string;
}
