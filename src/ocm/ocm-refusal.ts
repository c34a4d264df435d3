import { numberIn, textIn } from '../http/json-fields.ts';
import type { Refusal } from '../http/remote-endpoint.ts';
import type { OcmErrorAnswer } from './ocm-wire.ts';

/** `{"kind":"Error","id","code","reason","operation_id"}`; the id may be a number. */
export function ocmRefusal(body: unknown): Refusal {
  const code =
    textIn<OcmErrorAnswer>(body, 'code') ??
    textIn<OcmErrorAnswer>(body, 'id') ??
    numberIn<OcmErrorAnswer>(body, 'id')?.toString();
  const reason = textIn<OcmErrorAnswer>(body, 'reason');
  const requestId = textIn<OcmErrorAnswer>(body, 'operation_id');
  return {
    messages: reason === undefined ? [] : [reason],
    ...(code === undefined ? {} : { code }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}
