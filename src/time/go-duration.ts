const nsPerSecond = 1_000_000_000;

/**
 * A duration as Go prints it (time.Duration.String): `1m0s`, `312.5ms`, `1.5µs`, `0s`. The gateway's
 * error texts carry it. `durationNs`: whole nanoseconds; a fraction is rounded.
 */
export function formatGoDuration(durationNs: number): string {
  const rounded = Math.round(durationNs);
  if (rounded === 0) return '0s';
  const sign = rounded < 0 ? '-' : '';
  return sign + formatPositive(Math.abs(rounded));
}

function formatPositive(ns: number): string {
  if (ns < 1_000) return `${ns}ns`;
  if (ns < 1_000_000) return `${decimal(ns, 3)}µs`;
  if (ns < nsPerSecond) return `${decimal(ns, 6)}ms`;
  const minutes = Math.floor(ns / (60 * nsPerSecond));
  const seconds = `${decimal(ns - minutes * 60 * nsPerSecond, 9)}s`;
  if (minutes === 0) return seconds;
  if (minutes < 60) return `${minutes}m${seconds}`;
  return `${Math.floor(minutes / 60)}h${minutes % 60}m${seconds}`;
}

/** `value` divided by ten to the `places`, by its digits: no floating-point error shows. */
function decimal(value: number, places: number): string {
  const digits = String(value).padStart(places + 1, '0');
  const fraction = digits.slice(-places).replace(/0+$/, '');
  const whole = digits.slice(0, -places);
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
