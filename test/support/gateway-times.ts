/** What a gateway has against an X-Timestamp. */
export function timestampProblem(text: string, nowMs: number): string | undefined {
  if (!/^-?\d+$/.test(text)) return 'invalid timestamp format';
  const seconds = Number(text);
  if (seconds < 0) return 'invalid timestamp: negative value';
  const aheadSeconds = seconds - nowMs / 1_000;
  if (aheadSeconds < -300) return 'timestamp too old: possible replay attack';
  return aheadSeconds > 120 ? 'timestamp in future: possible clock skew attack' : undefined;
}

/** What it has against the times in a body; what cannot be read at all is the next one's affair. */
export function bodyTimeProblem(text: string, isAlert: boolean, nowMs: number): string | undefined {
  let body: Record<string, unknown>;
  try {
    body = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  if (typeof body !== 'object' || Array.isArray(body)) return undefined;
  return isAlert ? alertTimeProblem(body, nowMs) : eventTimeProblem(body, nowMs);
}

function alertTimeProblem(body: Record<string, unknown>, nowMs: number): string | undefined {
  const alerts = Array.isArray(body['alerts']) ? (body['alerts'] as { startsAt?: string }[]) : [];
  const times = alerts.flatMap(({ startsAt }) => (startsAt === undefined ? [] : [Date.parse(startsAt)]));
  if (times.some(Number.isNaN)) return undefined;
  if (times.length === 0) return 'alert payload missing startsAt timestamp';
  return Math.max(...times) - nowMs > 120_000
    ? 'alert startsAt in future: possible clock skew attack'
    : undefined;
}

function eventTimeProblem(body: Record<string, unknown>, nowMs: number): string | undefined {
  const time = body['lastTimestamp'] ?? body['firstTimestamp'];
  if (typeof time !== 'string') return 'event missing lastTimestamp and firstTimestamp';
  const aheadMs = Date.parse(time) - nowMs;
  if (aheadMs < -300_000) return 'event timestamp too old: possible stale event';
  return aheadMs > 120_000 ? 'event timestamp in future: possible clock skew' : undefined;
}
