const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

interface Unit {
  seconds: number;
  letter: string;
}

const [years, days, hours, minutes, whole]: readonly [Unit, Unit, Unit, Unit, Unit] = [
  { seconds: year, letter: 'y' },
  { seconds: day, letter: 'd' },
  { seconds: hour, letter: 'h' },
  { seconds: minute, letter: 'm' },
  { seconds: 1, letter: 's' },
];

/** Up to which age (exclusive) which units are shown: the bounds of k8s.io/apimachinery's HumanDuration. */
const bands: readonly { below: number; large: Unit; small?: Unit }[] = [
  { below: 2 * minute, large: whole },
  { below: 10 * minute, large: minutes, small: whole },
  { below: 3 * hour, large: minutes },
  { below: 8 * hour, large: hours, small: minutes },
  { below: 48 * hour, large: hours },
  { below: 8 * day, large: days, small: hours },
  { below: 2 * year, large: days },
  { below: 8 * year, large: years, small: days },
  { below: Number.POSITIVE_INFINITY, large: years },
];

/**
 * A duration as kubectl shows ages: two units while the second one matters (`5m30s`, `3h5m`, `2d4h`), one
 * afterwards (`45m`, `12d`).
 */
export function formatAge(seconds: number): string {
  const age = Math.trunc(seconds);
  if (age < -1) return '<invalid>';
  if (age < 0) return '0s';
  const band = bands.find(({ below }) => age < below) ?? { large: years };
  return `${Math.floor(age / band.large.seconds)}${band.large.letter}${restOf(age, band)}`;
}

function restOf(age: number, { large, small }: { large: Unit; small?: Unit }): string {
  const rest = small === undefined ? 0 : Math.floor((age % large.seconds) / small.seconds);
  return rest === 0 ? '' : `${rest}${small?.letter ?? ''}`;
}

/** The age of an RFC 3339 time at `nowMs`; undefined where there is no such time. */
export function ageOf(time: string | undefined, nowMs: number): string | undefined {
  const at = time === undefined ? Number.NaN : Date.parse(time);
  return Number.isNaN(at) ? undefined : formatAge((nowMs - at) / 1_000);
}
