import { errorCodes, type ErrorCode } from '../../errors/error-codes.ts';
import { RemedyError } from '../../errors/remedy-error.ts';
import { nearest } from '../../text/nearest.ts';
import { exitCodeByError } from '../exit-codes.ts';
import { errorMeanings } from './error-meanings.ts';
import { paragraph, rows, type HelpPage } from './page.ts';
import { plain } from './reference-pages.ts';

/** Every code, each with the first clause of what it means. */
export function errorsPage(bin: string): HelpPage {
  return {
    opening: [`What a code means, what to do, and its exit code: ${bin} help errors CODE`],
    sections: [
      {
        title: 'ERROR CODES',
        blocks: [
          rows(errorCodes.map((code) => ({ name: code, text: firstClause(errorMeanings[code].meaning) }))),
        ],
      },
    ],
  };
}

function firstClause(meaning: string): string {
  const [clause = ''] = plain(meaning)
    .replaceAll(/ \([^)]*\)/g, '')
    .split(/[:;] /, 1);
  return clause.endsWith('.') ? clause : `${clause}.`;
}

/** One code, in whatever case it is typed. Throws USAGE for one that does not exist. */
export function errorPage(word: string, bin: string): HelpPage {
  const code = codeOf(word, bin);
  const { meaning, whatToDo } = errorMeanings[code];
  return {
    opening: [`${code}, exit code ${exitCodeByError[code]}`],
    sections: [
      { title: 'MEANING', blocks: [paragraph(plain(meaning))] },
      { title: 'WHAT TO DO', blocks: [paragraph(plain(whatToDo))] },
    ],
  };
}

function codeOf(word: string, bin: string): ErrorCode {
  const wanted = word.toUpperCase().replaceAll('-', '_');
  const code = errorCodes.find((one) => one === wanted);
  if (code !== undefined) return code;
  const close = nearest(wanted, errorCodes);
  throw new RemedyError('USAGE', `there is no error code "${word}"`, {
    hint: close === undefined ? `${bin} help errors lists them` : `did you mean ${bin} help errors ${close}?`,
  });
}
