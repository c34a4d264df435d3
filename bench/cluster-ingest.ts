/**
 * Bulk ingest on a real API server against the reference's requests over bare undici, new and duplicate signals.
 * From the first outcome to the last, so that the start of the program, which the reference has none of, does not
 * count; the rate with it is said as well. Flags: --in-flight 1,8,32 --signals 100,600,1200 (of a
 * round, per number in flight) --rounds N (default 3).
 */
import { parseArgs } from 'node:util';
import { makeNamespace, withCluster } from './cluster.ts';
import { eventLines } from './event-lines.ts';
import { expectOutcome, ingest, requestSpread } from './ingest.ts';
import { bareEnvironment, median, number, paired, printConditions, secondsOf } from './measure.ts';
import { ReferenceGateway } from './reference-gateway.ts';

const outcomes = { new: 'created', duplicate: 'duplicate' } as const;

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      'in-flight': { type: 'string', default: '1,8,32' },
      signals: { type: 'string', default: '100,600,1200' },
      rounds: { type: 'string', default: '3' },
    },
  });
  const signals = values.signals.split(',').map(Number);
  await withCluster(async (cluster, home) => {
    const env = bareEnvironment({ KUBECONFIG: cluster.kubeconfig, HOME: home });
    await makeNamespace(cluster, 'prod');
    printConditions('bulk ingest on a real API server, signals/s');
    for (const [nth, inFlight] of values['in-flight'].split(',').map(Number).entries()) {
      const count = signals[nth] ?? signals.at(-1) ?? 1;
      const ours = `ours-${inFlight}`;
      const theirs = `theirs-${inFlight}`;
      await makeNamespace(cluster, ours);
      await makeNamespace(cluster, theirs);
      const gateway = new ReferenceGateway(cluster, theirs, inFlight);
      for (const kind of ['new', 'duplicate'] as const) {
        const flags = ['--target', 'cluster', '-n', ours, '--skip-scope-check', '--bulk'];
        let cost = '';
        const wholeRates: number[] = [];
        const { ratio, ...rates } = await paired(
          Number(values.rounds),
          async (round) => {
            const lines = eventLines(count, `${inFlight}-${round}-`);
            let rate = NaN;
            const seconds = await secondsOf(async () => {
              const { items, usage, outcomeSeconds } = await ingest(
                [...flags, '--concurrency', String(inFlight)],
                lines,
                env,
              );
              expectOutcome(items, outcomes[kind]);
              rate = (count - 1) / outcomeSeconds;
              cost = `${number(usage.cpuMs / count, 1)} ms of processor a signal, API requests ${requestSpread(items)}`;
            });
            wholeRates.push(count / seconds);
            return rate;
          },
          async (round) => {
            const targets = Array.from({ length: count }, (_, index) => `${round}-${index}`);
            return count / (await secondsOf(() => gateway.handle(targets, inFlight, kind)));
          },
        );
        const shown = [median(rates.ours), median(rates.theirs)].map((rate) => number(rate, 1));
        console.log(
          `${inFlight} in flight, ${kind}, ${count} a round: ours ${shown[0]} (with its start ${number(median(wholeRates), 1)}), reference ${shown[1]}, ratio ${number(ratio)}; ${cost}`,
        );
      }
      await gateway.close();
    }
  });
}
