import { expect, it } from 'vitest';
import { planRunOf } from '../../../src/plan-run/run-document.ts';
import { limitedSupport, silence } from './plan-under-test.ts';
import { RunUnderTest } from './run-under-test.ts';

it('shows a run as PlanRun: every action with its outcome, a stand-in with what it replaces', async () => {
  const under = new RunUnderTest([limitedSupport, silence], { maxRetries: 0 });
  under.world.fault = ({ method, system }) =>
    method === 'POST' && system === 'ocm' ? { status: 403 } : undefined;
  const { state, progress } = await under.execute();
  expect(planRunOf({ run: under.run, state, endedAt: 2_000_000, progress })).toMatchInlineSnapshot(`
    {
      "actions": [
        {
          "attempts": 1,
          "endedAt": "2026-08-22T12:00:00.000Z",
          "error": {
            "code": "REMOTE_ERROR",
            "message": "ocm answered 403",
          },
          "index": 0,
          "outcome": "failed",
          "requests": [
            {
              "method": "GET",
              "status": 200,
              "url": "https://ocm.test/api/clusters_mgmt/v1/clusters/c1/limited_support_reasons",
            },
            {
              "method": "POST",
              "status": 403,
              "url": "https://ocm.test/api/clusters_mgmt/v1/clusters/c1/limited_support_reasons",
            },
          ],
          "startedAt": "2026-08-22T12:00:00.000Z",
          "type": "limited_support",
        },
        {
          "attempts": 0,
          "endedAt": "2026-08-22T12:00:00.000Z",
          "error": {
            "code": "REMEDY_MISSING",
            "message": "not silenced, because its remedy did not come about (limited_support 0)",
          },
          "index": 1,
          "outcome": "skipped_dependency",
          "requests": [],
          "type": "silence_incident",
        },
        {
          "attempts": 1,
          "endedAt": "2026-08-22T12:00:00.000Z",
          "index": 2,
          "outcome": "succeeded",
          "replaces": 1,
          "requests": [
            {
              "method": "PUT",
              "status": 200,
              "url": "https://pagerduty.test/incidents/Q1",
            },
          ],
          "startedAt": "2026-08-22T12:00:00.000Z",
          "type": "escalate_incident",
        },
      ],
      "apiVersion": "remedyctl.dev/v1",
      "cluster": {
        "id": "c1",
      },
      "endedAt": "1970-01-01T00:33:20.000Z",
      "incident": {
        "id": "Q1",
      },
      "kind": "PlanRun",
      "metrics": {},
      "mode": "execute",
      "plan": {
        "hash": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "name": "chgm",
      },
      "run": "run-1",
      "startedAt": "1970-01-01T00:16:40.000Z",
      "state": "partial",
    }
  `);
});

it('counts what succeeded, by series', async () => {
  const under = new RunUnderTest([limitedSupport]);
  const { state, progress } = await under.execute();
  expect(planRunOf({ run: under.run, state, progress }).metrics).toEqual({
    'cad_investigate_limitedsupport_set_total{alert_type="chgm",ls_summary="StoppedInstances"}': 1,
  });
});
