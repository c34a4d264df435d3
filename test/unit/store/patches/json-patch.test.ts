import { describe, expect, it } from 'vitest';
import { applyJsonPatch, PatchMismatch, readJsonPatch } from '../../../../src/store/json-patch.ts';

const document = { a: { b: [1, 2, 3], 'c/d': 'x', 'e~f': null } };

function patched(...operations: unknown[]): unknown {
  return applyJsonPatch(document, readJsonPatch(operations) ?? []);
}

describe('a JSON patch', () => {
  it.each([
    ['adds to an object', [{ op: 'add', path: '/a/g', value: 1 }], { ...document.a, g: 1 }],
    ['adds before an item', [{ op: 'add', path: '/a/b/1', value: 9 }], { ...document.a, b: [1, 9, 2, 3] }],
    ['adds at the end', [{ op: 'add', path: '/a/b/-', value: 9 }], { ...document.a, b: [1, 2, 3, 9] }],
    ['removes an item from the end', [{ op: 'remove', path: '/a/b/-1' }], { ...document.a, b: [1, 2] }],
    ['reads escaped names', [{ op: 'replace', path: '/a/c~1d', value: 'y' }], { ...document.a, 'c/d': 'y' }],
    ['replaces what is not there', [{ op: 'replace', path: '/a/g', value: 1 }], { ...document.a, g: 1 }],
    [
      'moves and copies',
      [
        { op: 'move', from: '/a/b', path: '/a/h' },
        { op: 'copy', from: '/a/h/0', path: '/a/i' },
      ],
      { 'c/d': 'x', 'e~f': null, h: [1, 2, 3], i: 1 },
    ],
    [
      'goes on after a test that holds, null being as absent',
      [
        { op: 'test', path: '/a/b/0', value: 1 },
        { op: 'test', path: '/a/nothing', value: null },
        { op: 'test', path: '/a/e~0f' },
        { op: 'remove', path: '/a/b' },
      ],
      { 'c/d': 'x', 'e~f': null },
    ],
  ])('%s', (_, operations, expected) => {
    expect(patched(...operations)).toEqual({ a: expected });
    expect(document).toEqual({ a: { b: [1, 2, 3], 'c/d': 'x', 'e~f': null } });
  });

  it.each([
    [{ op: 'test', path: '/a/b/0', value: 2 }],
    [{ op: 'remove', path: '/a/nothing' }],
    [{ op: 'remove', path: '/a/b/3' }],
    [{ op: 'add', path: '/a/b/5', value: 1 }],
    [{ op: 'add', path: '/nothing/c', value: 1 }],
    [{ op: 'add', path: '/a/c' }],
    [{ op: 'add', path: 'a', value: 1 }],
    [{ op: 'move', from: '/a/nothing', path: '/a/x' }],
    [{ op: 'move', path: '/a/x' }],
    [{ op: 'turn', path: '/a' }],
  ])('does not apply: %j', (operation) => {
    expect(() => patched(operation)).toThrow(PatchMismatch);
  });

  it('ends copies of copies before they fill the memory', () => {
    const doubling = Array.from({ length: 64 }, (_, at) => ({
      op: 'copy',
      from: '/a',
      path: `/a/copy${at}`,
    }));
    expect(() => patched(...doubling)).toThrow(PatchMismatch);
  });

  it('sets a field of the name __proto__ and no prototype', () => {
    const result = patched({ op: 'add', path: '/a/__proto__', value: { polluted: true } }) as { a: object };
    expect(Object.hasOwn(result.a, '__proto__')).toBe(true);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each([[{}], ['x'], [[1]], [null]])('is not read from %j', (value) => {
    expect(readJsonPatch(value)).toBeUndefined();
  });
});
