import { createHash } from 'node:crypto';

/** Every lock's lease is named so; other leases are none of ours. */
export const lockPrefix = 'gw-lock-';
const keyBytes = 16;

/**
 * The Lease that guards a fingerprint: `gw-lock-` and its first 16 bytes. A shorter key is hashed first. This is
 * the gateway's own rule, kept to the byte (a character that the cut splits leaves one U+FFFD for each byte): the
 * name is what makes its pods and remedyctl exclude each other. Two fingerprints that begin with the same 16 hex
 * digits share a lock, which costs time and nothing else.
 */
export function leaseName(fingerprint: string): string {
  const bytes = Buffer.from(fingerprint, 'utf8');
  if (bytes.length < keyBytes) {
    return lockPrefix + createHash('sha256').update(bytes).digest('hex').slice(0, keyBytes);
  }
  let whole = keyBytes;
  while (isContinuation(bytes[whole])) whole -= 1;
  return lockPrefix + bytes.toString('utf8', 0, whole) + '\ufffd'.repeat(keyBytes - whole);
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
