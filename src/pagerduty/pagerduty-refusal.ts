import type { Refusal } from '../http/remote-endpoint.ts';
import { listIn, numberIn, objectIn, textIn } from '../http/json-fields.ts';
import type { ErrorFields, PagerDutyErrorAnswer } from './pagerduty-wire.ts';

/** `{"error":{"code","message","errors"}}`; `errors` may be one text, and `error` alone may be one too. */
export function pagerDutyRefusal(body: unknown): Refusal {
  const error = objectIn<PagerDutyErrorAnswer>(body, 'error');
  const code = numberIn<ErrorFields>(error, 'code') ?? textIn<ErrorFields>(error, 'code');
  const texts = [
    textIn<PagerDutyErrorAnswer>(body, 'error'),
    textIn<ErrorFields>(error, 'message') ?? textIn<PagerDutyErrorAnswer>(body, 'message'),
    textIn<ErrorFields>(error, 'errors'),
    ...(listIn<ErrorFields>(error, 'errors') ?? []),
  ];
  const messages = texts.filter((text) => typeof text === 'string');
  return { ...(code === undefined ? {} : { code: String(code) }), messages };
}
