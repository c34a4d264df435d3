import { RemedyError } from '../errors/remedy-error.ts';
import { isFields, textOf } from './answer-shape.ts';
import { getJson } from './get-json.ts';
import type { KubeClient, TargetDescription } from './client.ts';

/** What a server says of itself. */
export interface ServerVersion {
  /** As kubectl shows it: `v1.35.4`. */
  version: string;
  /** `platform` of a server, or what the embedded store is. */
  about: string;
}

/** What came of asking: the target as far as it is known, and its version or why there is none. */
export interface ServerAnswer {
  target?: TargetDescription;
  server?: ServerVersion;
  /** Why there is no server version; the client's is shown all the same. */
  failure?: RemedyError;
}

/** Asks a target for its version, and closes what was opened. Failures that are expected are part of the answer. */
export async function askServerVersion(
  connect: () => Promise<KubeClient>,
  signal: AbortSignal,
): Promise<ServerAnswer> {
  let client: KubeClient | undefined;
  try {
    client = await connect();
    return { target: client.target, server: await readVersion(client, signal) };
  } catch (thrown) {
    if (!(thrown instanceof RemedyError)) throw thrown;
    return { ...(client === undefined ? {} : { target: client.target }), failure: thrown };
  } finally {
    await client?.close();
  }
}

async function readVersion(client: KubeClient, signal: AbortSignal): Promise<ServerVersion> {
  const answer = await getJson((request) => client.send({ ...request, signal }), '/version');
  const { gitVersion, platform } = isFields(answer) ? answer : {};
  return { version: textOf(gitVersion) ?? 'unknown', about: textOf(platform) ?? '' };
}
