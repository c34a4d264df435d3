import { inspect } from 'node:util';
import { redactSecrets } from '../retry/redact.ts';

const masked = '***';

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

  [inspect.custom](): string {
    return masked;
  }
}

/** Shorter ones would mask innocent parts of a text. */
const shortestMasked = 6;

/** The text without these secrets, and without what looks like one. */
export function withoutSecrets(text: string, secrets: readonly Secret[]): string {
  const known = secrets.map((secret) => secret.reveal()).filter((value) => value.length >= shortestMasked);
  return redactSecrets(known.reduce((cleaned, value) => cleaned.replaceAll(value, masked), text));
}
