import { maskSecrets, redactSecrets } from '../retry/redact.ts';

const masked = '***';

/** What `inspect` looks for, by the name that Node.js documents: the declaration asks for no types of Node.js then. */
const inspected: unique symbol = Symbol.for('nodejs.util.inspect.custom');

/** A credential that prints as `***` wherever it ends up: in templates, JSON, `inspect` and logs. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** Only for the header or form that carries it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return masked;
  }

  toJSON(): string {
    return masked;
  }

  [inspected](): string {
    return masked;
  }
}

/** The text without these secrets, and without what looks like one. */
export function withoutSecrets(text: string, secrets: readonly Secret[]): string {
  return redactSecrets(
    maskSecrets(
      text,
      secrets.map((secret) => secret.reveal()),
    ),
  );
}
