import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createBatchSink, type BatchView } from '../../../src/cli/render/batch.ts';
import { parseOutputFormat } from '../../../src/cli/render/output-format.ts';
import { Output } from '../../../src/cli/render/output.ts';
import { RemedyError } from '../../../src/errors/remedy-error.ts';
import { MemoryStream } from './memory-stream.ts';

interface Item {
  name: string;
  n: number;
}

const view: BatchView<Item> = {
  head: { apiVersion: 'remedyctl.dev/v1', kind: 'Things' },
  columns: [
    { header: 'NAME', cell: ({ name }) => name },
    { header: 'N', cell: ({ n }) => String(n) },
    { header: 'HALF', cell: ({ n }) => String(n / 2), wide: true },
  ],
  name: ({ name }) => `thing/${name}`,
  summaryLine: (summary) => `in all ${JSON.stringify(summary)}`,
};
const table = { header: true, maxWidth: undefined, paintHeader: (text: string) => text };

async function print(
  format: string,
  items: Item[],
  end: (sink: Awaited<ReturnType<typeof createBatchSink<Item>>>) => Promise<unknown>,
): Promise<MemoryStream> {
  const stream = new MemoryStream();
  const sink = await createBatchSink(new Output(stream), view, { format: parseOutputFormat(format), table });
  for (const item of items) await sink.item(item);
  await end(sink);
  return stream;
}

const two = [
  { name: 'a\u001b', n: 1 },
  { name: 'b', n: 2 },
];

describe('a streamed batch', () => {
  it.each([
    ['of two', two],
    ['of none', []],
  ])('is one JSON document: %s', async (_name, items) => {
    const { text } = await print('json', items, (sink) => sink.finish({ total: items.length }));
    expect(JSON.parse(text)).toEqual({ ...view.head, items, summary: { total: items.length } });
  });

  it.each([
    ['after items', two],
    ['before any', []],
  ])('stays one JSON document when it fails %s', async (_name, items) => {
    const { text } = await print('json', items, async (sink) => {
      expect(await sink.fail(new RemedyError('UNREACHABLE', 'gone'))).toBe(true);
    });
    expect(JSON.parse(text)).toEqual({
      ...view.head,
      items,
      error: { code: 'UNREACHABLE', message: 'gone' },
    });
  });

  it('prints bare items and a summary line as JSON lines', async () => {
    const { text } = await print('jsonl', two, (sink) => sink.finish({ total: 2 }));
    const lines = text.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([...two, { summary: { total: 2 } }]);
  });

  it.each([
    ['of two', two],
    ['of none', []],
  ])('is one YAML document: %s', async (_name, items) => {
    const { text } = await print('yaml', items, (sink) => sink.finish({ total: items.length }));
    expect(parse(text)).toEqual({ ...view.head, items, summary: { total: items.length } });
  });

  it('prints names', async () => {
    expect((await print('name', [two[1]!], (sink) => sink.finish())).text).toBe('thing/b\n');
  });

  it('runs a jsonpath template over all of it', async () => {
    const { text } = await print('jsonpath={.items[*].n} of {.summary.total}', two, (sink) =>
      sink.finish({ total: 2 }),
    );
    expect(text).toBe('1 2 of 2');
  });

  it('shows a table with text made safe, then the summary line', async () => {
    const { text } = await print('table', two, (sink) => sink.finish({ total: 2 }));
    expect(text).toBe('NAME    N\na\\x1b   1\nb       2\nin all {"total":2}\n');
  });

  it('shows more columns when wide', async () => {
    expect((await print('wide', [two[1]!], (sink) => sink.finish())).text).toBe(
      'NAME   N   HALF\nb      2   1\n',
    );
  });

  it('prints custom columns, <none> where a path finds nothing', async () => {
    const { text } = await print('custom-columns=WHO:.name,WHAT:.missing', [two[1]!], (sink) =>
      sink.finish(),
    );
    expect(text).toBe('WHO   WHAT\nb     <none>\n');
  });

  it('prints a table in blocks of 500, with one header', async () => {
    const items = Array.from({ length: 1_200 }, (_, n) => ({ name: `item-${n}`, n }));
    const { chunks } = await print('table', items, (sink) => sink.finish());
    expect(chunks.map((chunk) => chunk.split('\n').length - 1)).toEqual([501, 500, 200]);
  });
});
