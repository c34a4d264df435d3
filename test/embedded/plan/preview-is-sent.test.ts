import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { atRun, type PlanPreview, type PreviewRequest } from '../../../src/plan-run/preview.ts';
import type { SeenCall } from '../../support/remote-systems/fake-server.ts';
import { PlanBench, planText, silencing, type ActionName } from '../plan-run/plan-file.ts';

let bench: PlanBench;
beforeEach(async () => {
  bench = await PlanBench.start();
});
afterEach(async () => {
  await bench.stop();
});

const escalating: readonly ActionName[] = ['service_log', 'pagerduty_note', 'escalate_incident'];

/** What stands for a value that only the run knows, as a pattern of the rest. */
function pattern(shown: unknown): unknown {
  if (typeof shown === 'string') {
    const parts = shown.split(atRun).map((part) => part.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`));
    return parts.length === 1 ? shown : expect.stringMatching(new RegExp(`^${parts.join('[\\s\\S]+')}$`));
  }
  if (typeof shown !== 'object' || shown === null) return shown;
  return Object.fromEntries(Object.entries(shown).map(([key, member]) => [key, pattern(member)]));
}

function expectSent({ method, url, headers, body }: PreviewRequest, call: SeenCall): void {
  const { pathname, searchParams } = new URL(url);
  expect([call.method, call.path, call.query]).toEqual([method, pathname, Object.fromEntries(searchParams)]);
  for (const [name, value] of Object.entries(headers)) {
    const [known = ''] = value.split('***');
    if (value.includes('***')) expect(call.headers[name]?.toString().startsWith(known)).toBe(true);
    else expect(call.headers[name]).toBe(value);
  }
  const transport = ['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive'];
  const others = Object.keys(call.headers).filter((name) => !(name in headers) && !transport.includes(name));
  expect(others).toStrictEqual([]);
  if (body === undefined) expect(call.text).toBe('');
  else expect(call.body).toStrictEqual(pattern(body));
}

describe('what plan show shows is what plan run sends', () => {
  it.each([
    ['a silence', silencing, '{}'],
    ['an escalation', escalating, '{}'],
    ['a concurrent plan', silencing, '{ concurrent: true }'],
    ['an infrastructure cluster', silencing, '{ infraCluster: true }'],
    ['manual mode', silencing, '{ mode: manual }'],
    ['informing mode', silencing, '{ mode: informing }'],
  ] as const)('%s', async (_name, actions, options) => {
    const file = await bench.write('plan.yaml', planText(actions, options));
    const shown = await bench.run('plan', 'show', file, '-o', 'json');
    const preview = JSON.parse(shown.stdout) as PlanPreview;
    const run = await bench.run('plan', 'run', file, '--yes', '--expect-hash', preview.plan.hash);
    expect([run.exitCode, run.stderr]).toMatchObject([0, expect.not.stringContaining('error')]);
    const { pagerDuty, ocm, backplane } = bench.systems;
    let sent = 0;
    for (const [system, { server }] of Object.entries({ pagerduty: pagerDuty, ocm, backplane })) {
      const asked = preview.before.filter(({ url }) => url.startsWith(`${server.url}/`));
      const written = preview.actions.filter((one) => one.system === system).flatMap((one) => one.requests);
      const requests = [...asked, ...written];
      const calls = inOrderOf(requests, server.calls);
      expect(calls).toHaveLength(requests.length);
      expect(server.calls).toHaveLength(requests.length);
      for (const [index, request] of requests.entries()) expectSent(request, calls[index] as SeenCall);
      sent += calls.length;
    }
    expect(sent).toBeGreaterThan(0);
  });
});

/** Phase 1 of a concurrent plan is sent at once: calls are matched by method and path. */
function inOrderOf(requests: readonly PreviewRequest[], calls: readonly SeenCall[]): SeenCall[] {
  const left = [...calls];
  return requests.flatMap(({ method, url }) => {
    const { pathname } = new URL(url);
    const found = left.findIndex((call) => call.method === method && call.path === pathname);
    return found === -1 ? [] : left.splice(found, 1);
  });
}
