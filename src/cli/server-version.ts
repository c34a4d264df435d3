import type { ApiResponse } from '../api/wire.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import type { KubeClient, TargetDescription } from '../kube/client.ts';
import { connectTo } from './composition.ts';
import type { Session } from './session.ts';

export interface ServerVersion {
  /** As kubectl shows it: `v1.35.4`. */
  version: string;
  /** `platform` of a server, or what the embedded store is. */
  about: string;
}

export interface ServerAnswer {
  target?: TargetDescription;
  server?: ServerVersion;
  /** Why there is no server version; the client's is shown all the same. */
  failure?: RemedyError;
}

/** Asks the target for its version. Failures that are expected are part of the answer. */
export async function askServerVersion(session: Session): Promise<ServerAnswer> {
  let client: KubeClient | undefined;
  try {
    client = await connectTo(session);
    return { target: client.target, server: await readVersion(client, session.runtime.signal) };
  } catch (thrown) {
    if (!(thrown instanceof RemedyError)) throw thrown;
    return { ...(client === undefined ? {} : { target: client.target }), failure: thrown };
  } finally {
    await client?.close();
  }
}

async function readVersion(client: KubeClient, signal: AbortSignal): Promise<ServerVersion> {
  const response = await client.send({ method: 'GET', path: '/version', signal });
  const text = await readText(response);
  if (response.status !== 200) {
    throw new RemedyError('API_ERROR', `the server answered ${response.status} to GET /version`);
  }
  const { gitVersion, platform } = JSON.parse(text) as { gitVersion?: string; platform?: string };
  return { version: gitVersion ?? 'unknown', about: platform ?? '' };
}

async function readText(response: ApiResponse): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}
