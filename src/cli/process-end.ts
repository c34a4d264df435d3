/**
 * How the process itself ends, once everything is in order: the journal is written, locks are released.
 *
 * - A SIGHUP is raised again, with nobody listening any more, so that whoever waits sees a death by that signal (129 to
 *   a shell).
 * - Terminals that have hung up are closed: Node 20 sets each terminal back at its end and aborts where that fails
 *   (EIO), and a core file would hold what the memory held, tokens included.
 */
import { closeSync, fstatSync } from 'node:fs';
import { isatty } from 'node:tty';

const standardStreams = [0, 1, 2];

/** `hungUp`: whether a SIGHUP stopped the program. */
export function endInOrder(hungUp: () => boolean): void {
  process.on('exit', () => {
    for (const descriptor of standardStreams) closeDeadTerminal(descriptor);
    // one that comes from now on ends the process by itself
    process.removeAllListeners('SIGHUP');
    if (hungUp()) process.kill(process.pid, 'SIGHUP');
  });
}

/** A terminal that has hung up is none to `isatty`; to close /dev/null as well harms nobody at the end. */
function closeDeadTerminal(descriptor: number): void {
  try {
    if (!isatty(descriptor) && fstatSync(descriptor).isCharacterDevice()) closeSync(descriptor);
  } catch {
    // it is closed already
  }
}
