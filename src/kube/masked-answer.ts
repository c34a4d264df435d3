/**
 * Answers of a server or a proxy that says back what it was sent: credentials are masked before anything reads them, so
 * that they reach no error, trace or journal. Objects of a good answer stay as they are; what of one goes into a message
 * is masked there, by the answer's `mask`.
 */
import { isUtf8 } from 'node:buffer';
import type { ApiResponse } from '../api/wire.ts';
import { maskSecrets } from '../retry/redact.ts';
import type { Identity } from './credentials.ts';
import { wireText } from './header-value.ts';

/** An answer that is no object is looked into up to this many bytes; the rest of it is left out. */
const maxBytes = 4 * 1024 * 1024;

/** What of an identity and a proxy is secret. */
export function secretsOf({ headers, certificate }: Identity, proxy: URL | undefined): string[] {
  const authorization = headers['authorization'];
  const [scheme = '', value = ''] = typeof authorization === 'string' ? authorization.split(/ (.*)/s) : [];
  const secrets = value === '' ? [] : [value];
  if (scheme === 'Basic') {
    const login = Buffer.from(value, 'base64').toString('utf8');
    secrets.push(login, login.slice(login.indexOf(':') + 1));
  }
  if (certificate !== undefined) secrets.push(certificate.key);
  if (proxy !== undefined && proxy.password !== '') {
    const user = decodeURIComponent(proxy.username);
    const password = decodeURIComponent(proxy.password);
    secrets.push(`${user}:${password}`, password, proxy.password);
  }
  // a header is read as one character for each byte
  return [...new Set([...secrets, ...secrets.map(wireText)])];
}

export function masked(response: ApiResponse, secrets: readonly string[]): ApiResponse {
  if (secrets.length === 0) return response;
  const mask = (text: string): string => maskSecrets(text, secrets);
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [
      name,
      typeof value === 'string' ? mask(value) : value.map(mask),
    ]),
  ) as ApiResponse['headers'];
  // without a type it may be a watch, which goes on
  const isObject = response.status < 300 && /^$|json/i.test(String(headers['content-type'] ?? ''));
  return { ...response, headers, body: isObject ? response.body : maskedBody(response.body, mask), mask };
}

async function* maskedBody(
  body: AsyncIterable<Uint8Array>,
  mask: (text: string) => string,
): AsyncGenerator<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  let failure: { thrown: unknown } | undefined;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      bytes += chunk.byteLength;
      if (bytes > maxBytes) break;
    }
  } catch (thrown) {
    failure = { thrown };
  }
  const whole = Buffer.concat(chunks);
  // latin1 keeps every byte of what is no text
  const encoding = isUtf8(whole) ? 'utf8' : 'latin1';
  yield Buffer.from(mask(whole.toString(encoding)), encoding);
  if (failure !== undefined) throw failure.thrown;
}
