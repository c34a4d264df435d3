import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasPseudoTerminal } from '../plan-run/pseudo-terminal.ts';
import { alert, fingerprintOf, webhook } from '../../support/signals.ts';
import { request } from '../lease/planted-locks.ts';
import { Person } from './person.ts';

describe.skipIf(!hasPseudoTerminal)('a manual review that takes every signal', () => {
  let person: Person;
  const waiting = request(fingerprintOf('checkout'), 'Completed');
  const { name } = waiting.metadata;
  beforeEach(async () => {
    person = new Person();
    person.has('alert.json', webhook([alert('checkout')]));
    waiting['status'] = {
      overallPhase: 'Completed',
      completionStatus: { outcome: 'ManualReviewRequired' },
    };
    person.has('given.json', { apiVersion: 'v1', kind: 'List', items: [waiting] });
    await person.typesAndSees(0, 'remedyctl store import given.json');
  });
  afterEach(() => {
    person.leaves();
  });

  const beginnings = [
    'remedyctl signal ingest alert.json',
    'remedyctl signal ingest alert.json --dry-run',
    'remedyctl signal explain alert.json',
    'remedyctl dedup show Deployment/checkout --resource-namespace shop',
    'remedyctl dedup show -f alert.json',
  ];
  for (const beginning of beginnings) {
    it(`is named by ${beginning}, with what ends it`, async () => {
      const shown = await person.typesAndSees(0, beginning);
      expect(shown.command('remedyctl request ack')).toBe(`remedyctl request ack ${name}`);
    });
  }

  it('is acknowledged, and the signal then makes a request of its own', async () => {
    const taken = await person.typesAndSees(0, 'remedyctl signal ingest alert.json');
    expect(taken.text).toContain('1 signal: 1 duplicate');
    await person.typesAndSees(0, taken.command('remedyctl request ack'));
    const again = await person.typesAndSees(0, 'remedyctl signal ingest alert.json');
    expect(again.text).toContain('1 signal: 1 created');
    const left = await person.types('remedyctl request list -o name -q');
    expect(left.lines.filter((line) => line.includes('rr-'))).toHaveLength(2);
  });
});
