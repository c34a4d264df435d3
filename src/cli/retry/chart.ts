import { plot } from 'simple-ascii-chart';

type Point = readonly [x: number, y: number];

export interface ChartSeries {
  name: string;
  /** By x, ascending. */
  points: Point[];
}

export interface ChartStyle {
  /** Columns that the whole chart may take. */
  width: number;
  utf8: boolean;
}

const plotHeight = 10;
const narrowest = 20;
const mostTicks = 10;

const plainSymbols = {
  axis: {
    n: '^',
    ns: '|',
    y: '+',
    nse: '`',
    x: "'",
    we: '-',
    e: '>',
    intersectionXY: '+',
    intersectionX: '+',
    intersectionY: '+',
  },
  chart: { we: '-', wns: '.', ns: '|', nse: "'", wsn: "'", sne: '.', area: '#' },
};

/** Series over each other, each drawn with its own digit and named below; one alone is drawn as bars. */
export function drawChart(
  series: readonly ChartSeries[],
  axes: { y: (value: number) => string },
  style: ChartStyle,
): string {
  const most = Math.max(...series.flatMap(({ points }) => points.map(([, y]) => y)), 0);
  const labels = [0, most / 2, most].map((value) => axes.y(value).length);
  // the library sizes its labels by the data, not by the ticks
  const labelOf = (value: number): string => axes.y(value).padStart(Math.max(...labels));
  const width = Math.max(narrowest, style.width - Math.max(...labels) - 4);
  const lines = series.map(({ points }) => thinned(points, Math.floor(width / 2)));
  const ticks = [...new Set(lines.flatMap((points) => points.map(([x]) => x)))].sort(
    (one, other) => one - other,
  );
  const text = plot(
    lines.map((points) => points.map(([x, y]): [number, number] => [x, y])),
    {
      width,
      height: plotHeight,
      yRange: [0, most === 0 ? 1 : most],
      customXAxisTicks: everyNth(ticks, mostTicks),
      customYAxisTicks: [0, most / 2, most],
      formatter: (value, { axis }) => (axis === 'y' ? labelOf(value) : value),
      ...(style.utf8 ? {} : { symbols: plainSymbols }),
      ...(series.length > 1
        ? {
            lineFormatter: ({ x, y, plotX, plotY }) => ({
              x: plotX,
              y: plotY,
              symbol: digitOf(seriesOf([x, y], lines)),
            }),
          }
        : { mode: 'bar' as const }),
    },
  );
  const legend = series.length > 1 ? series.map(({ name }, index) => `${digitOf(index)} ${name}`) : [];
  return (
    [...text.split('\n').map((line) => line.trimEnd()), ...legend].filter((line) => line !== '').join('\n') +
    '\n'
  );
}

/** The library names neither the series nor hands it out as it was given; where two meet, the first is shown. */
function seriesOf([x, y]: Point, lines: readonly (readonly Point[])[]): number {
  return lines.findIndex((points) => points.some((point) => point[0] === x && point[1] === y));
}

const digits = '123456789abcdefghijklmnopqrstuvwxyz';

function digitOf(index: number): string {
  return digits.charAt(index % digits.length);
}

/** At most `most` of them, evenly, the last one among them. */
function thinned<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  const step = (items.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, index) => items[Math.round(index * step)]).filter(
    (item) => item !== undefined,
  );
}

function everyNth(values: readonly number[], most: number): number[] {
  return [...thinned(values, most)];
}
