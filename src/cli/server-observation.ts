import { ClockSkewMeasurement, type ClockSkew } from '../lease/clock-skew.ts';
import type { ClientOptions } from './composition.ts';

/** What the answers of a server tell beside their bodies: how far its clock is from ours. */
export class ServerObservation {
  private readonly skew = new ClockSkewMeasurement();

  /** To be given to the client. */
  readonly observers: Pick<ClientOptions, 'onServerDate'> = {
    onServerDate: (sample) => {
      this.skew.observe(sample);
    },
  };

  /** The best estimate so far; undefined before the first dated answer. */
  clockSkew(): ClockSkew | undefined {
    return this.skew.best();
  }
}
