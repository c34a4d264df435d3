/** PEM texts. */
export interface ClientCertificate {
  cert: string;
  key: string;
}

/** Who we are towards the API server, for one request. */
export interface Identity {
  /** authorization and impersonate-*; a list repeats the header. */
  headers: Readonly<Record<string, string | string[]>>;
  certificate?: ClientCertificate | undefined;
}

/** Where identities come from: static, a token file, an exec plugin. */
export interface Credentials {
  /** Errors: CREDENTIALS_FAILED. */
  identity(): Promise<Identity>;
  /**
   * The server refused this identity (401). Resolves true when a fresh one may differ and is worth one more
   * try; concurrent refusals of the same identity refresh once.
   */
  refresh(refused: Identity): Promise<boolean>;
}

/** Credentials that never change. */
export function fixedCredentials(identity: Identity): Credentials {
  return {
    identity: () => Promise.resolve(identity),
    refresh: () => Promise.resolve(false),
  };
}
