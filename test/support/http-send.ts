import { Agent, request } from 'undici';
import type { ApiResponse, Send } from '../../src/api/wire.ts';

export interface HttpSend {
  send: Send;
  close(): Promise<void>;
}

/**
 * The barest `Send` over HTTPS with a bearer token: no retry, no time-out, no kubeconfig. The contract suite and
 * the control plane's own start use it, so that they hold nothing of remedyctl's transport for granted.
 */
export function openHttpSend(target: {
  server: string;
  token: string;
  certificateAuthority: Buffer;
}): HttpSend {
  const agent = new Agent({ connect: { ca: target.certificateAuthority }, bodyTimeout: 0 });
  return {
    async send(asked): Promise<ApiResponse> {
      const answer = await request(target.server + asked.path, {
        method: asked.method,
        dispatcher: agent,
        headers: { authorization: `Bearer ${target.token}`, accept: 'application/json', ...asked.headers },
        body: asked.body ?? null,
        signal: asked.signal ?? null,
      });
      const headers = Object.entries(answer.headers).filter(
        (entry): entry is [string, string | string[]] => entry[1] !== undefined,
      );
      return { status: answer.statusCode, headers: Object.fromEntries(headers), body: answer.body };
    },
    close: () => agent.destroy(),
  };
}
