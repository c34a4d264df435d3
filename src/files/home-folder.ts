import { homedir, userInfo } from 'node:os';
import path from 'node:path';

/**
 * The user's home folder, always absolute: a HOME that is empty or relative would put the store and the journal into
 * whatever folder the program is run in, and the next run would look for them elsewhere.
 */
export function homeFolder(env: Readonly<Record<string, string | undefined>>): string {
  const named = env['HOME'];
  if (named !== undefined && path.isAbsolute(named)) return named;
  if (named === undefined && path.isAbsolute(homedir())) return homedir();
  try {
    return userInfo().homedir;
  } catch {
    // a user whom the system does not know, as in a container
    return path.parse(process.cwd()).root;
  }
}
