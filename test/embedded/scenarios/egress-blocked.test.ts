import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { faults } from '../../support/remote-systems/fault.ts';
import { clusterId, incidentId, PlanBench, silentPolicy } from '../plan-run/plan-file.ts';
import { hasPseudoTerminal } from '../plan-run/pseudo-terminal.ts';
import { Person, type Shown } from './person.ts';

describe.skipIf(!hasPseudoTerminal)('an egress that is blocked', () => {
  let bench: PlanBench;
  let person: Person;
  beforeEach(async () => {
    bench = await PlanBench.start();
    person = new Person(bench.env);
  });
  afterEach(async () => {
    person.leaves();
    await bench.stop();
  });

  /** From the list of templates to the plan as it will be sent. */
  async function planned(): Promise<Shown> {
    const listed = await person.typesAndSees(0, 'remedyctl plan new');
    expect(listed.text).toContain('egress-blocked');
    const template = listed.command('remedyctl plan new').replace('TEMPLATE', 'egress-blocked');
    const drafted = await person.typesAndSees(0, template);
    const filled = drafted
      .command('remedyctl plan new')
      .replace('CLUSTER', clusterId)
      .replace('PRODUCT', 'rosa')
      .replace('INCIDENT', incidentId);
    const written = await person.typesAndSees(0, filled);
    const checked = await person.typesAndSees(0, written.command('remedyctl plan validate'));
    return person.typesAndSees(0, checked.command('remedyctl plan show'));
  }

  const everything = { limitedSupports: 1, reports: 1, notes: 1, policy: silentPolicy };

  it('becomes limited support, a report, a note and a silence', async () => {
    const shown = await planned();
    const run = await person.typesAndSees(0, shown.command('remedyctl plan run'));
    expect(run.text).toMatch(/run \S+: succeeded/);
    expect(bench.effects()).toMatchObject(everything);
  });

  it('is gone on with after the program was killed, each write once', async () => {
    const shown = await planned();
    bench.systems.pagerDuty.server.failOn('POST', faults['stall after the effect']);
    await person.typesAndIsKilled(shown.command('remedyctl plan run'), () => bench.effects()['notes'] === 1);
    const stood = await person.typesAndSees(0, 'remedyctl plan status');
    const resumed = await person.typesAndSees(0, stood.command('remedyctl plan resume'));
    expect(resumed.text).toMatch(/run \S+: succeeded/);
    expect(bench.effects()).toMatchObject(everything);
  });
});
