import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openJournal } from '../../../src/plan-run/journal.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { SeededRandom } from '../../../src/time/seeded-random.ts';
import { LimitedFront } from '../../support/remote-systems/limited-front.ts';
import { RequestLimit } from '../../support/remote-systems/request-limit.ts';
import { PlanBench, planText } from './plan-file.ts';

const count = 100;
const program = path.resolve(import.meta.dirname, '../../../bin/remedyctl.cjs');

/** Starts a run of every plan file in its folder before any has ended, and waits for all of them. */
const loop = `
for plan in plan-*.yaml; do
  ( "$NODE" "$PROGRAM" plan run "$plan" --yes -o json >"$plan.out" 2>"$plan.err"; echo $? >"$plan.code" ) &
done
wait
`;

/** One that has died is not waited for any longer than this. */
const longestMs = 150_000;

/** Holds everybody until so many have arrived; open from then on. */
class Barrier {
  readonly #open: Promise<void>;
  #letGo: () => void = () => undefined;
  #missing: number;

  constructor(parties: number) {
    this.#missing = parties;
    this.#open = new Promise((resolve) => {
      const late = setTimeout(resolve, longestMs);
      this.#letGo = () => {
        clearTimeout(late);
        resolve();
      };
    });
  }

  arrive(): Promise<void> {
    this.#missing -= 1;
    if (this.#missing === 0) this.#letGo();
    return this.#open;
  }
}

let bench: PlanBench;
beforeEach(async () => {
  bench = await PlanBench.start();
});
afterEach(async () => {
  await bench.stop();
});

function shellLoop(): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', loop], {
      cwd: bench.folder,
      env: {
        PATH: process.env['PATH'] ?? '',
        NODE: process.execPath,
        PROGRAM: program,
        REMEDYCTL_REMOTE_TIMEOUT: '5m',
        ...bench.env,
      },
      stdio: 'ignore',
    });
    child.once('error', reject);
    child.once('close', () => {
      resolve();
    });
  });
}

async function results(): Promise<{ exitCode: string; said: string }[]> {
  const read = (name: string): Promise<string> => readFile(path.join(bench.folder, name), 'utf8');
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const file = `plan-${index}.yaml`;
      const exitCode = (await read(`${file}.code`)).trim();
      return { exitCode, said: (await read(`${file}.out`)) + (await read(`${file}.err`)) };
    }),
  );
}

/** Every run of the journal with how many requests it sent, and the statuses of their answers. */
async function journalledRuns(
  store: string,
): Promise<{ state: string; sending: number; statuses: number[] }[]> {
  const journal = await openJournal({
    directory: store,
    clock: new RealClock(),
    random: new SeededRandom(1),
  });
  try {
    return journal.runs().map(({ id, state }) => {
      const entries = [...journal.entries(id)];
      return {
        state,
        sending: entries.filter(({ kind }) => kind === 'sending').length,
        statuses: entries.flatMap((entry) => (entry.kind === 'answered' ? [entry.status] : [])),
      };
    });
  } finally {
    await journal.close();
  }
}

it(`runs ${count} plans at once from one shell loop with one token: limits respected, nothing lost`, async () => {
  const { pagerDuty, ocm } = bench.systems;
  const limits = {
    // two requests for each plan: 200 fit into four windows, 12 s, and the waits between four attempts are 14 s
    pagerDuty: new RequestLimit({ limit: 60, windowMs: 3_000 }),
    ocm: new RequestLimit({ limit: 80, windowMs: 1_000, tells: false }),
  };
  // the slowest decides when all of them go on, so that they are at each system at once on any machine
  const [allHere, allTold] = [new Barrier(count), new Barrier(count)];
  const fronts = await Promise.all([
    LimitedFront.before(pagerDuty.server.url, {
      gate: () => allTold.arrive(),
      limit: limits.pagerDuty,
      refusal: pagerDuty.errorBody(429),
    }),
    LimitedFront.before(ocm.server.url, {
      gate: () => allHere.arrive(),
      limit: limits.ocm,
      refusal: ocm.errorBody(429),
    }),
  ]);
  const [REMEDYCTL_PAGERDUTY_URL, REMEDYCTL_OCM_URL] = fronts.map(({ url }) => url);
  Object.assign(bench.env, { REMEDYCTL_PAGERDUTY_URL, REMEDYCTL_OCM_URL });
  const text = planText(['service_log', 'pagerduty_note']);
  for (let index = 0; index < count; index += 1) {
    await bench.write(`plan-${index}.yaml`, text.replace('Action required', `Action ${index} required`));
  }
  await shellLoop();

  expect((await results()).filter(({ exitCode }) => exitCode !== '0')).toEqual([]);
  const summaries = Array.from({ length: count }, (_, index) => `Action ${index} required: network`).sort();
  expect(ocm.serviceLogs.map((log) => log['summary']).sort()).toEqual(summaries);
  const noted = pagerDuty.notes.map(({ content }) => /Sent SL: '(.*)'/.exec(content)?.[1]);
  expect(noted.sort()).toEqual(summaries);

  // beyond the limit: of a system that tells its reset about one request for each plan, of one that does not, two
  expect(limits.pagerDuty.refused).toBeGreaterThan(0);
  expect(limits.pagerDuty.refused).toBeLessThanOrEqual(1.5 * count);
  expect(limits.ocm.refused).toBeGreaterThan(0);
  expect(limits.ocm.refused).toBeLessThanOrEqual(2.5 * count);
  // the question before the run, and the note
  expect(pagerDuty.server.calls).toHaveLength(2 * count);

  const journals = await journalledRuns(bench.store);
  expect(journals.map(({ state }) => state)).toEqual(Array.from({ length: count }, () => 'succeeded'));
  expect(journals.filter(({ sending, statuses }) => statuses.length !== sending)).toEqual([]);
  const refused = journals.flatMap(({ statuses }) => statuses.filter((status) => status === 429));
  // what is asked before a run is in no journal
  expect(refused.length).toBeLessThanOrEqual(limits.pagerDuty.refused + limits.ocm.refused);
  await Promise.all(fronts.map((front) => front.stop()));
}, 240_000);
