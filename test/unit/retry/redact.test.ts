import { describe, expect, it } from 'vitest';
import { redactSecrets } from '../../../src/retry/redact.ts';

const secret = 'h4nter2Secret';
const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzeXN0ZW0ifQ.c2lnbmF0dXJl-Z_8';

describe('secrets in a text', () => {
  it.each([
    `Authorization: Bearer ${secret}`,
    `authorization: Basic ${secret}==`,
    `Proxy-Authorization: ${secret}`,
    `{"Authorization":"Bearer ${secret}"}`,
    `headers { authorization: 'Token ${secret}' }`,
    `sent bearer ${secret} to the server`,
    `https://user:${secret}@api.example:6443/apis`,
    `https://${secret}@api.example/`,
    `proxy http://a:${secret}@proxy:3128 refused`,
    `password=${secret}`,
    `password="${secret} with blanks ${secret}"`,
    `PASSWORD: ${secret}`,
    `db_password=${secret}&x=1`,
    `{"token": "${secret}", "x": 1}`,
    `--token=${secret}`,
    `access_token=${secret}`,
    `client-secret: '${secret}'`,
    `apiKey=${secret}`,
    `api_key=${secret}`,
    `client-key-data: ${secret}`,
    `Cookie: ${secret}`,
    `using ghp_${secret}`,
    `using xoxb-${secret}`,
    `using sha256~${secret}`,
    `-----BEGIN RSA PRIVATE KEY-----\n${secret}\n-----END RSA PRIVATE KEY-----`,
    `-----BEGIN PRIVATE KEY-----\\n${secret}`,
  ])('are masked: %s', (text) => {
    const redacted = redactSecrets(text);
    expect(redacted).not.toContain(secret);
    expect(redacted).toContain('***');
  });

  it('masks a JSON web token wherever it stands', () => {
    expect(redactSecrets(`got <${jwt}>.`)).not.toMatch(/eyJ|c2lnbmF0/);
  });

  it('leaves the sentence around it', () => {
    expect(redactSecrets(`Post "https://a:${secret}@h:1/x?token=${secret}&y=2": refused`)).toBe(
      'Post "https://***@h:1/x?token=***&y=2": refused',
    );
  });

  it.each([
    'remediationrequests.kubernaut.ai "rr-91fce8d5c494-1c2b5576" already exists',
    'Post "https://10.20.30.40:6443/apis": dial tcp 10.20.30.40:6443: connect: connection refused',
    'secrets "registry" is forbidden: User "system:anonymous" cannot get resource "secrets"',
    'mail to ops@example.org: token expired',
    'the server has asked for the client to provide credentials',
    'Bearer realm="kubernetes"',
  ])('leaves what is none: %s', (text) => {
    expect(redactSecrets(text)).toBe(text);
  });

  it.each([
    ['eyJ', '-eyJ'],
    ['-----BEGIN A-----', ''],
    ['a://', ''],
    ['token-', 'token'],
    ['authorization ', ''],
    ['"', 'password="'],
  ])('is not held up by hostile repetitions of %s', (piece, start) => {
    // what is not linear takes minutes for this
    const text = start + piece.repeat(Math.ceil(2_000_000 / piece.length));
    expect(redactSecrets(text)).not.toBe('');
  });
});
