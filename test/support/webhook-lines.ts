/** NDJSON of AlertManager webhooks with one alert each, made piece by piece, so that no size needs memory. */
export interface WebhookLines {
  /** Lines; with `bytes` as many as fit. */
  count?: number;
  bytes?: number;
  /** Of a line, its newline included; a line is not made shorter than a webhook is. Default: as it comes. */
  lineBytes?: number;
  /** Different targets, one after the other, then again from the first. */
  targets: number;
  /** Put before the names of targets. Default: none. */
  prefix?: string;
  namespace?: string;
}

const pieceBytes = 256 * 1024;
/** Escapes, quotes and more than ASCII, as in real annotations. */
const sentence =
  'the "checkout" service\'s 99th percentile is above 2 s\n\tsince 10 minutes – see the runbook; ';

export function* webhookLines(options: WebhookLines): Generator<Buffer, void> {
  const { count = Infinity, bytes = Infinity } = options;
  let piece: Buffer[] = [];
  let held = 0;
  let made = 0;
  for (let index = 0; index < count && made < bytes; index += 1) {
    const line = webhookLine(index % options.targets, options);
    piece.push(line);
    held += line.length;
    made += line.length;
    if (held < pieceBytes) continue;
    yield Buffer.concat(piece);
    piece = [];
    held = 0;
  }
  yield Buffer.concat(piece);
}

function webhookLine(
  target: number,
  { lineBytes = 0, prefix = '', namespace = 'prod' }: WebhookLines,
): Buffer {
  const short = lineWith(`${prefix}${target}`, namespace, '');
  const room = lineBytes - short.length;
  if (room <= 0) return short;
  const escaped = JSON.stringify(sentence).slice(1, -1);
  const times = Math.floor(room / Buffer.byteLength(escaped));
  const text = sentence.repeat(times) + 'x'.repeat(room - times * Buffer.byteLength(escaped));
  return lineWith(`${prefix}${target}`, namespace, text);
}

function lineWith(target: string, namespace: string, summary: string): Buffer {
  const labels = { alertname: 'HighLatency', namespace, deployment: `app-${target}`, severity: 'warning' };
  const alert = {
    status: 'firing',
    labels,
    annotations: { summary },
    startsAt: '2026-11-22T12:00:00Z',
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: '',
    fingerprint: '',
  };
  const webhook = {
    version: '4',
    groupKey: '{}:{alertname="HighLatency"}',
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'remediation',
    groupLabels: {},
    commonLabels: labels,
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example',
    alerts: [alert],
  };
  return Buffer.from(`${JSON.stringify(webhook)}\n`);
}
