/** Certificates of authorities as a flag names them. */
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { messageOf, RemedyError } from '../errors/remedy-error.ts';

/**
 * The PEM text of a file of certificates. Whether there is one in it is looked at here: TLS takes any text for no
 * certificates at all, and says of the server then that it cannot be verified.
 * Throws INPUT_UNREADABLE; USAGE for a file without a certificate, or with one that is none.
 */
export async function readCaFile(flag: string, file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new RemedyError('INPUT_UNREADABLE', `${flag}: could not read ${file}: ${messageOf(cause)}`, {
      cause,
    });
  });
  const certificates = text.match(/-----BEGIN (?:TRUSTED )?CERTIFICATE-----[^-]*(?:-----END [A-Z ]+-----)?/g);
  const bad = certificates?.findIndex((pem) => !isCertificate(pem)) ?? 0;
  if (bad === -1) return text;
  const what =
    certificates === null ? 'no certificate' : `a certificate (no. ${bad + 1}) that cannot be read`;
  throw new RemedyError('USAGE', `${flag}: there is ${what} in ${file}`, {
    hint: 'It takes PEM: -----BEGIN CERTIFICATE-----, one or more.',
  });
}

function isCertificate(pem: string): boolean {
  try {
    new X509Certificate(pem);
    return true;
  } catch {
    return false;
  }
}
