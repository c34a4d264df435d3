import { describe, expect, it } from 'vitest';
import { isMatch, matcherText, readMatchers } from '../../../src/sources/matcher.ts';

describe('matchers', () => {
  it.each<[string, string[]]>([
    ['namespace=shop', ['namespace="shop"']],
    ['namespace="shop"', ['namespace="shop"']],
    [
      '{namespace="shop", severity=~"critical|warning"}',
      ['namespace="shop"', 'severity=~"critical|warning"'],
    ],
    ['a!=b,c!~d.*', ['a!="b"', 'c!~"d.*"']],
    ['note="a, \\"b\\""', ['note="a, \\"b\\""']],
    ['"k8s.pod.name"=x', ['k8s.pod.name="x"']],
    ['empty=', ['empty=""']],
  ])('%s', (text, wanted) => {
    expect(readMatchers(text).map(matcherText)).toEqual(wanted);
  });

  it.each(['', 'shop', '=x', 'a=~"("', 'a=b c=d', `a=~"${'x'.repeat(1001)}"`])('are not %j', (text) => {
    expect(() => readMatchers(text)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });

  it.each<[string, boolean]>([
    ['severity=warning', true],
    ['severity=warn', false],
    ['severity!=critical', true],
    ['severity=~warn', false],
    ['severity=~"warn.*"', true],
    ['severity!~"warn.*"', false],
    ['absent=', true],
    ['absent!=""', false],
    ['constructor=', true],
    ['severity=warning,absent=x', false],
  ])('%s is %s', (text, wanted) => {
    expect(isMatch({ severity: 'warning' }, readMatchers(text))).toBe(wanted);
  });
});
