import type { CommandTable } from '../cli/command-entry.ts';

/** Every command. Each loads only when it runs or when its own help is shown. */
export const commandTable: CommandTable = {
  topics: [
    { name: 'signal', description: 'Alerts and events: what they are, and what becomes of them.' },
    { name: 'request', description: 'RemediationRequests.' },
    { name: 'store', description: 'The embedded store.' },
    { name: 'config', description: 'The configuration.' },
  ],
  commands: [
    {
      id: 'signal:ingest',
      summary: 'Make RemediationRequests of alerts and events, each once.',
      load: async () => (await import('./signal/ingest.ts')).default,
    },
    {
      id: 'signal:normalize',
      summary: 'Show alerts and events as the gateway would see them; write nothing.',
      load: async () => (await import('./signal/normalize.ts')).default,
    },
    {
      id: 'signal:explain',
      summary: 'Explain what would become of alerts and events, stage by stage; write nothing.',
      load: async () => (await import('./signal/explain.ts')).default,
    },
    {
      id: 'request:list',
      summary: 'List RemediationRequests.',
      load: async () => (await import('./request/list.ts')).default,
    },
    {
      id: 'request:get',
      summary: 'Show one RemediationRequest.',
      load: async () => (await import('./request/get.ts')).default,
    },
    {
      id: 'request:watch',
      summary: 'Show RemediationRequests as they change.',
      load: async () => (await import('./request/watch.ts')).default,
    },
    {
      id: 'store:info',
      summary: 'Show what is in the embedded store.',
      load: async () => (await import('./store/info.ts')).default,
    },
    {
      id: 'store:reset',
      summary: 'Delete every object of the embedded store.',
      load: async () => (await import('./store/reset.ts')).default,
    },
    {
      id: 'store:export',
      summary: 'Print every object of the embedded store.',
      load: async () => (await import('./store/export.ts')).default,
    },
    {
      id: 'store:import',
      summary: 'Put Kubernetes objects into the embedded store.',
      load: async () => (await import('./store/import.ts')).default,
    },
    {
      id: 'config:show',
      summary: 'Show the effective configuration and where each value comes from.',
      load: async () => (await import('./config/show.ts')).default,
    },
    {
      id: 'config:init',
      summary: 'Write a configuration file to start from.',
      load: async () => (await import('./config/init.ts')).default,
    },
    {
      id: 'config:path',
      summary: 'Show where the configuration file and the store are.',
      load: async () => (await import('./config/path.ts')).default,
    },
    {
      id: 'autocomplete',
      summary: 'Print a completion script for bash, zsh or PowerShell.',
      load: async () => (await import('./autocomplete.ts')).default,
    },
    {
      id: 'version',
      summary: 'Show the version of remedyctl and of the server.',
      load: async () => (await import('./version.ts')).default,
    },
  ],
};
