import path from 'node:path';
import { optionName } from '../errors/option-name.ts';
import { messageOf, RemedyError } from '../errors/remedy-error.ts';
import type { Random } from '../time/random.ts';
import { makeDirectory } from './make-directory.ts';
import { writeOutputFile } from './output-file.ts';

/**
 * Writes a file for its owner alone, making its folder. `option`: the one that named the file, for errors.
 * @throws INVALID_OPTION where it exists and is not to be replaced, OUTPUT_FAILED where it cannot be
 */
export async function writeNewFile(
  file: string,
  text: string,
  { random, replace, option }: { random: Random; replace: boolean; option: string },
): Promise<void> {
  try {
    makeDirectory(path.dirname(file));
    await writeOutputFile(file, text, { random, onlyNew: !replace, mode: 0o600 });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') {
      const hint = `add ${optionName('force')} to replace it`;
      throw new RemedyError('INVALID_OPTION', `${file} exists already`, { hint, cause });
    }
    const hint = `choose another place with ${optionName(option)}`;
    throw new RemedyError('OUTPUT_FAILED', `could not write ${file}: ${messageOf(cause)}`, { hint, cause });
  }
}
