/** As whom each system sees whoever asks it. Nothing is written. */
import type { CallOptions } from '../http/remote-request.ts';
import { RemoteError } from '../http/remote-error.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { known } from '../http/json-fields.ts';
import type { RemoteSystems } from './remote-systems.ts';
import type { WrittenSystem } from './written-system.ts';

/** How a system is signed in to. */
export interface SeenLogin {
  readonly system: WrittenSystem;
  /** The base URL of its API; absent where none is configured. */
  readonly url?: string;
  /** Where the credentials come from. */
  readonly source: string;
  /** Who that is to the system; absent of a key that is nobody's and of a token that does not say. */
  readonly as?: string;
  /** PagerDuty's, of a user: admin, user, observer, … */
  readonly role?: string;
  /** Why it is not known. */
  readonly problem?: string;
}

/** What is known of each system before it is asked. */
export interface LoginGround {
  readonly urls: Readonly<Record<WrittenSystem, string | undefined>>;
  readonly sources: Readonly<Record<'pagerduty' | 'ocm', string>>;
}

/** One for each of the systems; what keeps a system from saying it stands in it, and is no error. Errors: ABORTED. */
export async function seenLogins(
  asked: readonly WrittenSystem[],
  { urls, sources }: LoginGround,
  { systems, call }: { systems: RemoteSystems; call: CallOptions },
): Promise<SeenLogin[]> {
  const seen = asked.map(async (system): Promise<SeenLogin> => {
    const source = system === 'pagerduty' ? sources.pagerduty : sources.ocm;
    const who = await seenBy(system, systems, call);
    return { system, source, ...known({ url: urls[system], ...who }) };
  });
  return Promise.all(seen);
}

type Who = Partial<Pick<SeenLogin, 'as' | 'role' | 'problem'>>;

async function seenBy(system: WrittenSystem, systems: RemoteSystems, call: CallOptions): Promise<Who> {
  try {
    if (system !== 'pagerduty') return known({ as: await (await systems.ocm()).currentUser(call) });
    const user = await (await systems.pagerduty()).currentUser(call);
    return user === undefined ? {} : known({ as: user.email, role: user.role });
  } catch (thrown) {
    if (!(thrown instanceof RemedyError) || thrown.code === 'ABORTED') throw thrown;
    const status = thrown instanceof RemoteError ? thrown.httpStatus : undefined;
    return { problem: status === undefined ? thrown.message : `HTTP ${status}` };
  }
}
