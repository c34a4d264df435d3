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
  /**
   * A write that takes effect once however often it is sent: it has a precondition or an identity of its own. Reads are
   * sent again anyway.
   */
  resendable?: boolean;
  /** Whoever asks repeats by a policy of its own: a refusal for the moment is the answer. Default: false. */
  ownRetry?: boolean;
  /** Told before each further attempt, and before the wait for it. */
  onRepeat?: (repeat: RepeatedRequest) => void;
  /** Not on a connection that has been used before. */
  freshConnection?: boolean;
  /** Until the headers, milliseconds, where that is less than the transport's own time-out. */
  headersWithinMs?: number;
}

/** An attempt that failed for the moment, and will be followed by another one. */
export interface RepeatedRequest {
  error: Error;
  /** Until the next attempt, milliseconds. */
  waitMs: number;
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
  /** The same request was sent before, and may have taken effect then: a 404 or 409 may be about itself. */
  resent?: boolean;
}
