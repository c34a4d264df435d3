import { messageOf, RemedyError } from '../errors/remedy-error.ts';
import { checkPlace } from '../files/file-place.ts';
import { writeOutputFile } from '../files/output-file.ts';
import type { Random } from '../time/random.ts';

/** Readable by node_exporter, which runs as another user. */
const fileMode = 0o644;

/**
 * Writes `text` to `file` so that a reader sees the old content or the new, never a part; until then it has a name that
 * the textfile collector does not read. Throws OUTPUT_FAILED and leaves nothing behind.
 */
export async function writeMetricsFile(file: string, text: string, random: Random): Promise<void> {
  try {
    await writeOutputFile(file, text, { random, mode: fileMode, exactMode: true });
  } catch (error) {
    throw failed(file, `metrics were not written to ${file}: ${messageOf(error)}`, error);
  }
}

/** That metrics will have a place to go to; to be asked before anything is done. Throws OUTPUT_FAILED. */
export async function checkMetricsFile(file: string): Promise<void> {
  try {
    await checkPlace(file);
  } catch (error) {
    throw failed(file, `metrics cannot be written to ${file}: ${messageOf(error)}`, error);
  }
}

function failed(file: string, message: string, cause: unknown): RemedyError {
  return new RemedyError('OUTPUT_FAILED', message, {
    hint: 'Check that the folder exists and that it is writable.',
    details: { file },
    cause,
  });
}
