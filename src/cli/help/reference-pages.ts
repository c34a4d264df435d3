import { signalFormats } from '../../signal/formats/formats.ts';
import { globalFlags } from '../global-flags.ts';
import { environmentGroups } from './environment.ts';
import { exitCodeMeanings, exitCodeRemarks } from './exit-code-meanings.ts';
import { flagRows, type DescribedFlags } from './flag-rows.ts';
import { outputFormats } from './output-formats.ts';
import { lines, paragraph, rows, type HelpPage, type HelpRow } from './page.ts';
import { settingRows, type SettingRow } from './setting-rows.ts';

/** The flags of every command, as `kubectl options` has them. */
export function flagsPage(): HelpPage {
  const groups = Object.entries(globalFlags as DescribedFlags).map(([, { helpGroup = '' }]) => helpGroup);
  return {
    opening: ['Every command has these flags; they may stand anywhere on the command line.'],
    sections: [...new Set(groups)].map((group) => ({
      title: `${group} FLAGS`,
      blocks: [
        rows(
          flagRows(
            Object.fromEntries(
              Object.entries(globalFlags as DescribedFlags).filter(
                ([, { helpGroup }]) => helpGroup === group,
              ),
            ),
          ),
        ),
      ],
    })),
  };
}

export function environmentPage(): HelpPage {
  return {
    opening: [
      'Variables of the environment that are read. A flag goes before a variable, a variable before the configuration file.',
    ],
    sections: environmentGroups().map(({ title, variables }) => ({ title, blocks: [rows(variables)] })),
  };
}

export function exitCodesPage(): HelpPage {
  return {
    opening: ['What the exit code of a command says. help errors has that of every error.'],
    sections: [
      {
        title: 'EXIT CODES',
        blocks: [
          rows(
            exitCodeMeanings.map(({ codes, meaning }) => ({ name: codes.join(', '), text: plain(meaning) })),
          ),
        ],
      },
      { title: 'COMMANDS OF THEIR OWN', blocks: exitCodeRemarks.map((remark) => paragraph(plain(remark))) },
    ],
  };
}

export function formatsPage(): HelpPage {
  const read = signalFormats.map(({ name, title, writtenBy }): HelpRow => {
    return { name, text: `${plain(title)}. For example: ${plain(writtenBy)}.` };
  });
  return {
    sections: [
      {
        title: 'WHAT IS PRINTED (-o)',
        blocks: [rows(outputFormats.map(({ name, text }) => ({ name, text: plain(text) })))],
      },
      {
        title: 'WHAT IS READ',
        blocks: [
          paragraph(
            'Alerts and events as JSON, NDJSON, concatenated JSON or YAML, packed by gzip or not; the format is found out by itself:',
          ),
          rows(read),
        ],
      },
    ],
  };
}

export function configurationPage(bin: string): HelpPage {
  return {
    opening: [
      'A flag goes before the environment, that before the profile of the file, that before the rest of the file, that before the default.',
    ],
    sections: [
      {
        title: 'LOOK AND BEGIN',
        blocks: [
          rows([
            { name: `${bin} config path`, text: 'Where the file is, and whether it is there.' },
            { name: `${bin} config show`, text: 'The value of each key, and where it comes from.' },
            { name: `${bin} config init`, text: 'Write a file in which every key stands, commented out.' },
          ]),
        ],
      },
      {
        title: 'KEYS',
        blocks: [rows(settingRows().map((row) => ({ name: row.key, text: settingText(row) })))],
      },
      {
        title: 'EXAMPLE',
        blocks: [
          lines([
            'apiVersion: remedyctl.dev/v1',
            'kind: Config',
            'namespace: kubernaut-system',
            'ingest:',
            '  concurrency: 8',
            'profiles:',
            '  prod:',
            '    context: prod-east',
            '    confirm: typed',
          ]),
        ],
      },
    ],
  };
}

function settingText({ description, holds, default: value, flag, variables }: SettingRow): string {
  const also = [
    ...(holds === undefined ? [] : [holds]),
    ...(value === undefined ? [] : [`default ${value}`]),
    ...(flag === undefined ? [] : [flag]),
    ...(variables.length === 0 ? ['in the file alone'] : variables),
  ];
  return also.length === 0 ? description : `${description} (${also.join('; ')})`;
}

/** Markdown without its backquotes. */
export function plain(markdown: string): string {
  return markdown.replaceAll('`', '').replaceAll('\\|', '|');
}
