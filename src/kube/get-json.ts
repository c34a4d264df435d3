import type { Send } from '../api/wire.ts';
import { describeNetworkError, errorAnswer, jsonAnswer } from './answer.ts';

/** GETs a path that is no object: discovery, OpenAPI, /version. Errors as those of ObjectAccess. */
export async function getJson(send: Send, path: string, accept = 'application/json'): Promise<unknown> {
  const call = { verb: 'get', resource: path };
  try {
    const response = await send({ method: 'GET', path, headers: { accept } });
    if (response.status !== 200) throw await errorAnswer(response, call);
    return await jsonAnswer<unknown>(response, call);
  } catch (thrown) {
    throw describeNetworkError(thrown, call);
  }
}
