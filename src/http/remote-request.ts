/** The systems that plans write to, `sso` which hands out tokens of theirs, and the two that alerts are read from. */
export type RemoteSystem = 'pagerduty' | 'ocm' | 'backplane' | 'sso' | 'alertmanager' | 'prometheus';

/** One request as it is decided, before credentials: what a preview shows and what a client sends. */
export interface RemoteRequest {
  readonly system: RemoteSystem;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** After the base URL; begins with `/`, query included, everything percent-encoded. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** It changes nothing whatever its method, so that a lost answer leaves nothing open. */
  readonly isQuestion?: true;
}

/** A request at the moment it leaves, for a journal; headers are left out because they carry the token. */
export interface SentRequest {
  readonly system: RemoteSystem;
  readonly method: RemoteRequest['method'];
  readonly url: string;
  /** The exact text. */
  readonly body?: string;
}

/** What is left of the system's allowance, from its `ratelimit-*` headers. */
export interface RateLimit {
  readonly limit?: number;
  readonly remaining?: number;
  /** Seconds until the allowance is whole again. */
  readonly resetSeconds?: number;
}

/** An answer's head; a body that could not be read does not change it. */
export interface ReceivedAnswer {
  readonly httpStatus: number;
  /** What the system's clock said (`Date`), milliseconds since the epoch, in whole seconds. */
  readonly dateMs?: number;
  readonly requestId?: string;
  readonly rateLimit?: RateLimit;
}

/**
 * What ends a call, and who hears of it. Everything is optional; without a signal a call ends by its deadline
 * alone.
 */
export interface CallOptions {
  /** Ends the call; a write that has left by then is an UnknownOutcomeError. */
  readonly signal?: AbortSignal | undefined;
  /** Ends the call while it waits for a rate limit; once the request has begun to leave, only `signal` does. */
  readonly hold?: AbortSignal | undefined;
  /** Hears of each wait for a rate limit of a second or more, in milliseconds, and why. */
  readonly onHeld?: ((waitMs: number, why: string) => void) | undefined;
  /** Runs to its end before the first byte leaves; when it throws, nothing is sent. */
  readonly beforeSend?: ((request: SentRequest) => void | Promise<void>) | undefined;
  /** Begins as soon as status and headers are there, and ends before the call does; not when there is no answer. */
  readonly onAnswer?: ((answer: ReceivedAnswer, request: SentRequest) => void | Promise<void>) | undefined;
}
