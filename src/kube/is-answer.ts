import type { ApiResponse } from '../api/wire.ts';
import { header } from './answer.ts';

/**
 * Whether an answer is the API server's own, so that there is one. Every status of its own counts, 429 and 5xx too: who
 * refuses is there, and what to do about it is up to the request. A 502, 503 or 504 is also what a load balancer or
 * proxy says when nobody behind it answers; to a run that is the same as no answer. kube-apiserver puts an Audit-Id on
 * whatever it answers, and a Status (JSON) into its own 503 and 504; pages of balancers have neither. One that answers
 * for it in JSON is taken for the server: its requests fail one by one then, as those of a server that refuses.
 */
export function isAnswer(response: Pick<ApiResponse, 'status' | 'headers'>): boolean {
  if (response.status < 502 || response.status > 504) return true;
  if (header(response, 'audit-id') !== undefined) return true;
  return header(response, 'content-type')?.startsWith('application/json') === true;
}
