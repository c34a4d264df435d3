import type { ServerResponse } from 'node:http';
import type { FakeAnswer } from './fake-server.ts';
import { isWhole, type Fault } from './fault.ts';

/** An answer as it goes over the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** The answer, or what a fault of the system makes of it. */
export function wireAnswer(
  answer: FakeAnswer,
  fault: Fault | undefined,
  errorBody: (status: number) => unknown,
): WireAnswer {
  switch (fault?.kind) {
    case 'status':
      return json({
        status: fault.status,
        headers: fault.headers ?? {},
        body: fault.body ?? errorBody(fault.status),
      });
    case 'html': {
      const status = fault.effect === true ? answer.status : fault.status;
      const text = `<html><head><title>${status}</title></head><body>The proxy says no.</body></html>`;
      return { status, headers: { 'content-type': 'text/html', ...fault.headers }, text };
    }
    case 'wrong content type':
      return { ...json(answer), headers: { 'content-type': 'text/plain' } };
    case 'no body':
      return { status: answer.status, headers: { 'content-length': '0' }, text: '' };
    default:
      return json(answer);
  }
}

/** Gives it to the client, or what a fault of the connection leaves of it. */
export function deliver(response: ServerResponse, answer: WireAnswer, fault: Fault | undefined): void {
  if (fault === undefined || isWhole(fault)) {
    response.writeHead(answer.status, answer.headers);
    response.end(answer.text);
    return;
  }
  if (fault.kind === 'reset') response.socket?.resetAndDestroy();
  if (fault.kind === 'truncated' || fault.kind === 'stalled body') {
    cut(response, answer, fault.kind === 'truncated');
  }
}

function cut(response: ServerResponse, { status, text }: WireAnswer, ends: boolean): void {
  const bytes = Buffer.from(text);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': String(bytes.length),
  });
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => {
    if (ends) response.socket?.destroy();
  });
}

function json({ status, body, headers = {} }: FakeAnswer): WireAnswer {
  const text = body === undefined ? '' : JSON.stringify(body);
  return { status, headers: { 'content-type': 'application/json', ...headers }, text };
}
