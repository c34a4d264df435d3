const masked = '***';

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

/**
 * A text with everything that looks like a credential replaced by `***`: Authorization values, bearer
 * tokens, userinfo in URLs, `password=` and the like, PEM blocks. It errs on the side of masking.
 * Non-guarantee: a secret that neither looks like one nor is named as one passes.
 */
export function redactSecrets(text: string): string {
  return rules.reduce((redacted, [pattern, replacement]) => redacted.replace(pattern, replacement), text);
}
