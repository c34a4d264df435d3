import { toTerminalText } from '../terminal-text.ts';
import type { ChartSeries } from './chart.ts';

const width = 720;
const height = 360;
const margin = { left: 64, right: 24, top: 24, bottom: 48 };
const rowHeight = 18;
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];

/** The series as an SVG document of its own: lines, axes, a legend; no scripts, no references to anything. */
export function drawSvg(
  series: readonly ChartSeries[],
  labels: { title: string; y: (value: number) => string },
): string {
  const all = series.flatMap(({ points }) => points);
  const lastX = Math.max(...all.map(([x]) => x), 2);
  const mostY = Math.max(...all.map(([, y]) => y)) || 1;
  const plot = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom };
  const x = (value: number): string => (margin.left + ((value - 1) / (lastX - 1)) * plot.width).toFixed(1);
  const y = (value: number): string => (margin.top + (1 - value / mostY) * plot.height).toFixed(1);
  const bottom = height - margin.bottom;
  const lines = series.map(({ points }, index) => {
    const path = points.map((point) => `${x(point[0])},${y(point[1])}`).join(' ');
    return `<polyline fill="none" stroke="${colourOf(index)}" stroke-width="2" points="${path}"/>`;
  });
  const yTicks = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const at = y(share * mostY);
    return (
      `<line x1="${margin.left}" x2="${width - margin.right}" y1="${at}" y2="${at}" stroke="#dddddd"/>` +
      `<text x="${margin.left - 8}" y="${at}" text-anchor="end" dominant-baseline="middle">${escapeXml(labels.y(share * mostY))}</text>`
    );
  });
  const xTicks = tickValues(lastX).map(
    (value) => `<text x="${x(value)}" y="${bottom + 18}" text-anchor="middle">${value}</text>`,
  );
  const legend = series.map(({ name }, index) => {
    const at = height + index * rowHeight;
    return (
      `<rect x="${margin.left}" y="${at - 9}" width="12" height="12" fill="${colourOf(index)}"/>` +
      `<text x="${margin.left + 20}" y="${at}" dominant-baseline="middle">${escapeXml(name)}</text>`
    );
  });
  const total = height + series.length * rowHeight;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${total}" width="${width}" height="${total}" font-family="sans-serif" font-size="12">`,
    `<title>${escapeXml(labels.title)}</title>`,
    `<rect width="${width}" height="${total}" fill="#ffffff"/>`,
    ...yTicks,
    ...xTicks,
    `<text x="${margin.left + plot.width / 2}" y="${bottom + 36}" text-anchor="middle">attempt that failed</text>`,
    ...lines,
    ...legend,
    '</svg>',
    '',
  ].join('\n');
}

function colourOf(index: number): string {
  return colours[index % colours.length] ?? '#000000';
}

function tickValues(last: number): number[] {
  const step = Math.max(1, Math.ceil((last - 1) / 10));
  return Array.from({ length: Math.floor((last - 1) / step) + 1 }, (_, index) => 1 + index * step);
}

/** Names come from files: markup, what XML does not allow at all and what hides is neutralised. */
function escapeXml(text: string): string {
  const allowed = text.replace(
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu,
    '\ufffd',
  );
  return toTerminalText(allowed)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
