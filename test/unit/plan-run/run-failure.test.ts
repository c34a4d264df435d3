import { describe, expect, it } from 'vitest';
import { escalate, limitedSupport, note, serviceLog } from './plan-under-test.ts';
import { RunUnderTest } from './run-under-test.ts';

describe('why a run has not done everything', () => {
  it.each([false, true])(
    'is every cause, each with its real attempts; concurrent: %s',
    async (concurrent) => {
      const under = new RunUnderTest([serviceLog, limitedSupport, note, escalate], { concurrent });
      under.world.fault = ({ method, path }) => {
        if (method === 'GET') return undefined;
        if (path.endsWith('/cluster_logs')) return { status: 503 };
        if (path.endsWith('/limited_support_reasons')) return { status: 400 };
        return path.endsWith('/notes') ? undefined : 'lostBefore';
      };
      const { failure } = await under.execute();
      expect(failure).toBeInstanceOf(AggregateError);
      expect(failure?.errors).toMatchObject([
        { code: 'REMOTE_ERROR', details: { action: 0, type: 'service_log', attempts: 4, outcome: 'failed' } },
        {
          code: 'REMOTE_ERROR',
          details: { action: 1, type: 'limited_support', attempts: 1, outcome: 'failed' },
        },
        {
          code: 'OUTCOME_UNKNOWN',
          details: { action: 3, type: 'escalate_incident', attempts: 1, outcome: 'unknown' },
        },
      ]);
      expect(failure?.message.split('\n')).toEqual([
        '3 actions failed:',
        '- service_log (action 0), failed after 4 attempts: ocm answered 503',
        '- limited_support (action 1), failed after 1 attempt: ocm answered 400',
        expect.stringMatching(/^- escalate_incident \(action 3\), unknown after 1 attempt: /),
      ]);
    },
  );

  it('is nothing where everything was done', async () => {
    expect((await new RunUnderTest([serviceLog, note]).execute()).failure).toBeUndefined();
  });
});
