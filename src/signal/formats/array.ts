import { asObject } from '../known-fields.ts';
import { elementSlices } from '../json-slices.ts';
import type { ParsedItem } from '../parsed-signal.ts';
import type { FormatInput, SignalFormat } from './format.ts';
import { refusalFor, unknownFormat } from './format.ts';

/** An array: each element as if it stood alone. */
export const arrayFormat: SignalFormat = {
  name: 'array',
  title: 'An array of any of these, mixed or not',
  recognised: 'a JSON array; an array within it is refused',
  writtenBy: "`kubectl get events -o json | jq '.items'`",
  matches: (value) => Array.isArray(value),
  *signals(input) {
    if (!Array.isArray(input.value)) {
      asObject(input.value, '');
      return;
    }
    if (input.inArray === true) throw unknownFormat('an array in an array');
    let slices: ReturnType<typeof elementSlices> | undefined;
    const text = (index: number): string => {
      slices ??= elementSlices(input.text(), 0);
      const slice = slices[index];
      return slice === undefined ? '' : input.text().slice(slice.start, slice.end);
    };
    for (const [index, value] of (input.value as unknown[]).entries()) {
      const warnings = index === 0 ? input.warnings : [];
      yield* arrayElement({ ...input, value, text: () => text(index), warnings }, index);
    }
  },
};

/** One element, also of an array that is not there as a whole; refused by its index. */
export function* arrayElement(input: FormatInput, index: number): Iterable<ParsedItem> {
  try {
    yield* input.inner({ ...input, inArray: true });
  } catch (thrown) {
    yield refusalFor(thrown, input.nextSource(), { warnings: input.warnings, where: `[${index}]` });
  }
}
