import { numberIn, textIn } from '../http/json-fields.ts';
import type { Refusal } from '../http/remote-endpoint.ts';

/** `{"kind":"Error","id","code","reason","operation_id"}`; the id may be a number. */
export function ocmRefusal(body: unknown): Refusal {
  const code = textIn(body, 'code') ?? textIn(body, 'id') ?? numberIn(body, 'id')?.toString();
  const reason = textIn(body, 'reason');
  const requestId = textIn(body, 'operation_id');
  return {
    messages: reason === undefined ? [] : [reason],
    ...(code === undefined ? {} : { code }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}
