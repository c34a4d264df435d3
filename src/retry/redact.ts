const masked = '***';

/** Shorter ones would mask innocent parts of a text. */
const shortestMasked = 6;

/** The text without these secrets, as they are, percent-encoded, in base64 and as JSON writes them. */
export function maskSecrets(text: string, secrets: Iterable<string>): string {
  const forms = [...secrets]
    .filter((value) => value.length >= shortestMasked)
    .flatMap((value) => [value, encodeURIComponent(value), Buffer.from(value).toString('base64')])
    .flatMap((form) => [form, ...inJson(form)]);
  // a secret that contains another one goes first
  const longestFirst = [...new Set(forms)].sort((one, other) => other.length - one.length);
  return longestFirst.reduce((cleaned, value) => cleaned.replaceAll(value, masked), text);
}

/** Each takes the place of the secret part only, so that the sentence around it stays readable. */
const rules: readonly (readonly [RegExp, string])[] = [
  // PEM blocks, also with the line ends written as \n
  [/-----BEGIN [A-Z0-9 ]{1,64}-----[\s\S]*?(?:-----END [A-Z0-9 ]{1,64}-----|$)/g, masked],
  // user:password@ and token@ in a URL
  [/(\b[a-z][a-z0-9+.-]{0,31}:\/\/)[^\s/?#@"']{1,4096}@/gi, `$1${masked}@`],
  // Authorization: Bearer …, also as JSON and without the header's name
  [
    /\b((?:proxy-)?authorization["']?\s{0,8}[:=]\s{0,8}["']?)(?:[a-z-]{1,32}\s{1,8})?[^\s"',;]+/gi,
    `$1${masked}`,
  ],
  [/\b(bearer|basic)(\s{1,8})(?!realm\b|token\b|auth|credential)[a-z0-9._~+/=-]{6,}/gi, `$1$2${masked}`],
  // JSON web tokens wherever they stand
  [/\beyJ[\w-]{4,4096}\.[\w-]{1,8192}(?:\.[\w-]{0,8192}){0,3}/g, masked],
  // GitHub, Slack and PagerDuty style tokens, by their prefixes
  [/\b(?:gh[pousr]_|github_pat_|xox[abeprs]-|sha256~)[\w-]{8,}/g, masked],
  // password=…, "token": "…", --client-secret …
  [
    /\b((?:[\w-]{0,64}[_-])?(?:password|passwd|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|client[_-]?key[_-]?data|cookie|credentials?)["']?\s{0,8}[=:]\s{0,8})(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s,;&"'})\]]+)/gi,
    `$1${masked}`,
  ],
];

/** Some writers of JSON escape the slash as well. */
function inJson(text: string): string[] {
  const escaped = JSON.stringify(text).slice(1, -1);
  return [escaped, escaped.replaceAll('/', '\\/')];
}

/**
 * A text with everything that looks like a credential replaced by `***`: Authorization values, bearer
 * tokens, userinfo in URLs, `password=` and the like, PEM blocks. It errs on the side of masking.
 * Non-guarantee: a secret that neither looks like one nor is named as one passes.
 */
export function redactSecrets(text: string): string {
  return rules.reduce((redacted, [pattern, replacement]) => redacted.replace(pattern, replacement), text);
}

/** Of requests and of answers. */
const secretHeaders = new Set(['authorization', 'set-cookie', 'www-authenticate', 'proxy-authenticate']);

/** Headers as they may be shown: without those that are secret, and with `mask` over what the others repeat of secrets. */
export function shownHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  mask: (text: string) => string,
): Record<string, string> {
  const shown = Object.entries(headers).filter(([name]) => !secretHeaders.has(name.toLowerCase()));
  return Object.fromEntries(shown.map(([name, value]) => [name, mask([value ?? []].flat().join(', '))]));
}
