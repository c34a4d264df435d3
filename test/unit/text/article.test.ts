import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withArticle } from '../../../src/text/article.ts';

describe('the indefinite article', () => {
  it.each([
    'Event',
    'IngressClass',
    'EndpointSlice',
    'Ingress',
    'APIService',
    'AlertmanagerConfig',
    'OAuthClient',
  ])('is "an" before the vowel of %s', (word) => {
    expect(withArticle(word)).toBe(`an ${word}`);
  });

  it.each([
    'Pod',
    'Service',
    'HorizontalPodAutoscaler',
    'NetworkPolicy',
    'ReplicaSet',
    'string',
    'number',
    'YAML',
  ])('is "a" before the consonant of %s', (word) => {
    expect(withArticle(word)).toBe(`a ${word}`);
  });

  it.each([
    'a UTF-8',
    'a User',
    'a UserIdentity',
    'a UnifiedPolicy',
    'a Unit',
    'a URL',
    'a UUID',
    'an UpdateService',
    'an UnmanagedThing',
    'an UnindexedThing',
    'a euro',
    'a once-only thing',
    'an hour',
    'a house',
    'a Host',
  ])('goes by the sound in "%s"', (text) => {
    expect(withArticle(text.replace(/^an? /, ''))).toBe(text);
  });

  it.each([
    'an HTTPRoute',
    'an HPA',
    'an NFSVolume',
    'an SLO',
    'an MCPServer',
    'an X',
    'a CSIDriver',
    'a TCPRoute',
    'a GRPCRoute',
    'a REST',
    'a SAN',
    'a K8s',
    'an S3',
    'a V1',
  ])('spells initials, but for those that are spoken, in "%s"', (text) => {
    expect(withArticle(text.replace(/^an? /, ''))).toBe(text);
  });

  it.each(['an 8', 'an 80', 'an 800', 'an 11', 'an 18', 'a 1', 'a 110', 'a 181', 'a 9'])(
    'goes by the number in "%s"',
    (text) => {
      expect(withArticle(text.replace(/^an? /, ''))).toBe(text);
    },
  );

  it('leaves any word as it is, and reads a very long one at once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (word) => {
        expect([`a ${word}`, `an ${word}`]).toContain(withArticle(word));
      }),
    );
    const long = 'A'.repeat(1_000_000);
    expect(withArticle(long).length).toBe(long.length + 3);
  });
});
