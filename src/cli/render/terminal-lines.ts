import Table from 'cli-table3';

const noBorders = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
    .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'])
    .map((part) => [part, '']),
);

/**
 * A table's lines as cli-table3 draws them. A module of its own: loading and drawing take some 50 ms for 200 rows,
 * which a pipe need not wait for.
 */
export function terminalLines(lines: readonly string[]): string {
  const table = new Table({
    chars: noBorders,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  // The columns are cut and filled already: one cell a line spares the library's own layout, which is slow.
  table.push(...lines.map((line) => [line]));
  return table.toString();
}
