import { isIP } from 'node:net';
import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';

/** The address that is listened on. @throws INVALID_OPTION for any that others could reach */
export function loopbackAddress(text: string): string {
  const address = text === 'localhost' ? '127.0.0.1' : text;
  const isLoopback = isIP(address) === 4 ? address.startsWith('127.') : address === '::1';
  if (isLoopback) return address;
  const hint = `leave ${optionName('address')} out, or give one of 127.0.0.0/8 or ::1`;
  throw new RemedyError(
    'INVALID_OPTION',
    `${optionName('address')}: ${text} is no loopback address, and the store has no users and no permissions`,
    { hint },
  );
}

export function urlOf(address: string, port: number): string {
  return `https://${isIP(address) === 6 ? `[${address}]` : address}:${port}`;
}
