import type { Refusal } from '../http/remote-endpoint.ts';
import { asObject, listIn, numberIn, objectIn, textIn } from '../http/json-fields.ts';

/** `{"error":{"code","message","errors"}}`; `errors` may be one text, and `error` alone may be one too. */
export function pagerDutyRefusal(body: unknown): Refusal {
  const error = objectIn(body, 'error');
  const code = numberIn(error, 'code') ?? textIn(error, 'code');
  const texts = [
    textIn(body, 'error'),
    textIn(error, 'message') ?? textIn(asObject(body), 'message'),
    textIn(error, 'errors'),
    ...(listIn(error, 'errors') ?? []),
  ];
  const messages = texts.filter((text) => typeof text === 'string');
  return { ...(code === undefined ? {} : { code: String(code) }), messages };
}
