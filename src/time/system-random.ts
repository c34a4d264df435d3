import type * as NodeCrypto from 'node:crypto';
import type { Random } from './random.ts';

/** The operating system's randomness. */
export class SystemRandom implements Random {
  next(): number {
    const bytes = crypto().randomBytes(8);
    return ((bytes.readUInt32BE(0) >>> 5) * 2 ** 26 + (bytes.readUInt32BE(4) >>> 6)) / 2 ** 53;
  }

  uuid(): string {
    return crypto().randomUUID();
  }
}

/** Loaded with the first draw: many commands draw nothing, and it costs them a tenth of their start. */
function crypto(): typeof NodeCrypto {
  return process.getBuiltinModule('node:crypto');
}
