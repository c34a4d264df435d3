import { RemedyError } from '../../errors/remedy-error.ts';
import { elementSlices, memberSlice } from '../json-slices.ts';
import { isJsonObject, memberOf, type JsonObject } from '../known-fields.ts';
import type { ParsedItem } from '../parsed-signal.ts';
import { describeValue, refusalFor, unknownFormat, type FormatInput, type SignalFormat } from './format.ts';

/** So deep may wrappers stand in each other: a shipper's record in a search hit in a captured request, and one more. */
const deepest = 4;

/** A value that was wrapped, with its own text. */
export interface Wrapped {
  value: unknown;
  text: () => string;
}

/** What a wrapper is; the rest of a {@link SignalFormat} is made of it. */
export interface Wrapper extends Omit<SignalFormat, 'matches' | 'signals'> {
  /** With its article, for a sentence that refuses what it holds. */
  called: string;
  isIt: (value: JsonObject) => boolean;
  /** What it holds, one or many. */
  holds: (input: Wrapped) => Iterable<Wrapped>;
}

/** The format of a wrapper: what it holds is read as if it stood alone, and `source.wrapper` names the wrapper. */
export function wrapperFormat({ called, isIt, holds, ...format }: Wrapper): SignalFormat {
  return {
    ...format,
    matches: (value) => isJsonObject(value) && isIt(value),
    *signals(input) {
      const wrappers = [...(input.wrappers ?? []), format.name];
      if (wrappers.length > deepest) throw unknownFormat(`more than ${deepest} wrappers in each other`);
      const nextSource = (): ReturnType<FormatInput['nextSource']> => ({
        ...input.nextSource(),
        wrapper: wrappers.join('/'),
      });
      let { warnings } = input;
      for (const held of holds(input)) {
        yield* heldSignals({ ...input, ...held, warnings, wrappers, nextSource, inArray: false }, called);
        warnings = [];
      }
    },
  };
}

/** One of the things that a wrapper holds: what is wrong with it is its own. */
function* heldSignals(input: FormatInput, called: string): Iterable<ParsedItem> {
  try {
    yield* input.inner(input);
  } catch (thrown) {
    const named =
      thrown instanceof RemedyError && thrown.code === 'UNKNOWN_FORMAT'
        ? unknownFormat(`${called} holds ${describeHeld(input.value)}`)
        : thrown;
    yield refusalFor(named, input.nextSource(), { warnings: input.warnings });
  }
}

function describeHeld(value: unknown): string {
  if (value === undefined) return 'nothing';
  return typeof value === 'string' ? 'a text that is no alert and no event' : describeValue(value);
}

/** A member, read as JSON where it is a text that holds JSON. */
export function member(of: Wrapped, key: string): Wrapped {
  const value = isJsonObject(of.value) ? memberOf(of.value, key) : undefined;
  if (typeof value === 'string') return readText(value);
  if (isBytes(value)) return readText(Buffer.from(value).toString('utf8'));
  const text = (): string => {
    const whole = of.text();
    const slice = memberSlice(whole, key, firstInk(whole));
    return slice === undefined ? '' : whole.slice(slice.start, slice.end);
  };
  return { value, text };
}

/** A text as journald prints one that it takes for binary: the number of each byte. */
export function isBytes(value: unknown): value is number[] {
  const isByte = (one: unknown): boolean => Number.isInteger(one) && Number(one) >= 0 && Number(one) <= 0xff;
  return Array.isArray(value) && value.length > 0 && value.every(isByte);
}

/** The elements of an array; none of anything else. */
export function* elements(of: Wrapped): Iterable<Wrapped> {
  if (!Array.isArray(of.value)) return;
  let slices: ReturnType<typeof elementSlices> | undefined;
  for (const [index, value] of (of.value as unknown[]).entries()) {
    const text = (): string => {
      const whole = of.text();
      slices ??= elementSlices(whole, firstInk(whole));
      const slice = slices[index];
      return slice === undefined ? '' : whole.slice(slice.start, slice.end);
    };
    yield { value, text };
  }
}

/** The JSON in a text, with whatever a logger put before it; the text itself where there is none. */
export function readText(text: string): Wrapped {
  const at = text.search(/[{[]/);
  const json = at < 0 ? '' : text.slice(at).trimEnd();
  try {
    return { value: JSON.parse(json), text: () => json };
  } catch {
    return { value: text, text: () => text };
  }
}

function firstInk(text: string): number {
  return Math.max(0, text.search(/\S/));
}
