import { readText } from '../files/read-text.ts';

/**
 * Where Go, and so kubectl, looks for the system's certificate authorities on Linux and the BSDs. Node's own
 * list knows nothing of a company's authority that an administrator installed.
 * Source: crypto/x509/root_linux.go and root_bsd.go.
 */
const bundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
  '/usr/local/etc/ssl/cert.pem',
];

/** PEM text of the first bundle there is; undefined leaves it to Node's own list. */
export async function systemCertificateAuthorities(): Promise<string | undefined> {
  for (const path of bundles) {
    const text = await readText(path).catch(() => '');
    if (text.includes('-----BEGIN')) return text;
  }
  return undefined;
}
