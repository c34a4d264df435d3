import { RemoteError } from '../http/remote-error.ts';

/** Whether a refusal with this status says this, wherever the system put it. */
export function saysAny(
  thrown: unknown,
  { httpStatus, text }: { httpStatus: number; text: string },
): boolean {
  if (!(thrown instanceof RemoteError) || thrown.httpStatus !== httpStatus) return false;
  return thrown.remoteMessages.some((message) => message.includes(text));
}
