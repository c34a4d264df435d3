import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, RemedyError } from '../errors/remedy-error.ts';
import type { Random } from '../time/random.ts';

/** Readable by node_exporter, which runs as another user. */
const fileMode = 0o644;

/**
 * Writes `text` to `file` so that a reader sees the old content or the new, never a part: into a file
 * beside it (whose name the textfile collector does not read), which then takes its name.
 * Throws OUTPUT_FAILED and leaves nothing behind.
 */
export async function writeMetricsFile(file: string, text: string, random: Random): Promise<void> {
  const unfinished = path.join(path.dirname(file), `.${path.basename(file)}.${random.uuid()}.tmp`);
  try {
    await writeWhole(unfinished, text);
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw new RemedyError('OUTPUT_FAILED', `metrics were not written to ${file}: ${messageOf(error)}`, {
      hint: 'Check that the folder exists and that it is writable.',
      details: { file },
      cause: error,
    });
  }
}

async function writeWhole(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', fileMode);
  try {
    await handle.writeFile(text);
    // the umask may have narrowed it
    await handle.chmod(fileMode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
