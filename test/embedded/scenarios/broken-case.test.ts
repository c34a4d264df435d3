import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasPseudoTerminal } from '../plan-run/pseudo-terminal.ts';
import { alert, webhook } from '../../support/signals.ts';
import { Person } from './person.ts';

const cases = `apiVersion: remedyctl.dev/v1
kind: SignalTests
cases:
  - name: the checkout stands for itself # as agreed
    signalFile: alert.json
    expect:
      outcome: wouldCreate
      target: Deployment/frontend
`;

describe.skipIf(!hasPseudoTerminal)('a test of signals that breaks in CI', () => {
  let person: Person;
  beforeEach(() => {
    person = new Person();
    person.has('alert.json', webhook([alert('checkout')]));
    person.has('signal tests.yaml', cases);
  });
  afterEach(() => {
    person.leaves();
  });

  it('has an expectation to be written, and says by what', async () => {
    person.has('signal tests.yaml', cases.replace(/expect:[^]*/, 'expect: {}\n'));
    const broken = await person.typesAndSees(2, `remedyctl signal test 'signal tests.yaml'`);
    await person.typesAndSees(0, broken.command('remedyctl signal test'));
    const mended = readFileSync(path.join(person.folder, 'signal tests.yaml'), 'utf8');
    expect(mended).toContain('outcome: wouldCreate');
    await person.typesAndSees(0, `remedyctl signal test 'signal tests.yaml'`);
  });

  const logs = [
    { where: 'on a terminal', suffix: '' },
    { where: 'in a log', suffix: ' 2>&1 | cat; exit 3' },
  ];
  for (const { where, suffix } of logs) {
    it(`is mended by the command that it shows ${where}`, async () => {
      const line = `remedyctl signal test 'signal tests.yaml' --junit report.xml${suffix}`;
      const broken = await person.typesAndSees(3, line);
      expect(broken.text).toMatch(/expected +"Deployment\/frontend"\n +got +"Deployment\/checkout"/);
      await person.typesAndSees(0, broken.command('remedyctl signal test'));
      const mended = readFileSync(path.join(person.folder, 'signal tests.yaml'), 'utf8');
      expect(mended).toBe(cases.replace('frontend', 'checkout'));
      await person.typesAndSees(0, `remedyctl signal test 'signal tests.yaml' --junit report.xml`);
      expect(readFileSync(path.join(person.folder, 'report.xml'), 'utf8')).toContain('failures="0"');
    });
  }
});
