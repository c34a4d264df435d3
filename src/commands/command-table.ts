import type { CommandTable } from '../cli/command-entry.ts';

/** Every command. Each loads only when it runs or when its own help is shown. */
export const commandTable: CommandTable = {
  topics: [],
  commands: [
    {
      id: 'version',
      summary: 'Show the version of remedyctl and of the server.',
      load: async () => (await import('./version.ts')).default,
    },
  ],
};
