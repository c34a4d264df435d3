import { ClockSkewMeasurement, type ClockSkew } from './clock-skew.ts';
import type { ConnectOptions } from './client.ts';

/** What the answers of a server tell beside their bodies: how far its clock is from ours. */
export class ServerObservation {
  readonly #skew = new ClockSkewMeasurement();

  /** To be given to the client. */
  readonly observers: Pick<ConnectOptions, 'onServerDate'> = {
    onServerDate: (sample) => {
      this.#skew.observe(sample);
    },
  };

  /** The best estimate so far; undefined before the first dated answer. */
  clockSkew(): ClockSkew | undefined {
    return this.#skew.best();
  }
}
