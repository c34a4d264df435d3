import type { CommandTable } from '../cli/command-entry.ts';

/** Said of each system alike, so that help has them in one row. */
const oneWrite = 'One write to that system, as a plan of one.';

/** Every command. Each loads only when it runs or when its own help is shown. */
export const commandTable: CommandTable = {
  topics: [
    { name: 'signal', description: 'Alerts and events, and what becomes of them.' },
    { name: 'dedup', description: 'What would become of the next signal, and why.' },
    { name: 'request', description: 'RemediationRequests.' },
    { name: 'lease', description: 'The locks that keep signals from making two requests.' },
    { name: 'retry', description: 'Retry policies, and recorded retries on a mock clock.' },
    { name: 'plan', description: 'Writes to PagerDuty, OCM and Backplane as one file.' },
    { name: 'pd', description: oneWrite },
    { name: 'ocm', description: oneWrite },
    { name: 'backplane', description: oneWrite },
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
      id: 'signal:send',
      summary: 'Send alerts and events through a living gateway.',
      load: async () => (await import('./signal/send.ts')).default,
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
      id: 'dedup:show',
      summary: 'Say whether the next signal makes a request, and what stands in its way.',
      load: async () => (await import('./dedup/show.ts')).default,
    },
    {
      id: 'dedup:list',
      summary: 'List every fingerprint with its state.',
      load: async () => (await import('./dedup/list.ts')).default,
    },
    {
      id: 'signal:test',
      summary: 'Hold signals to what is expected of them, on a throw-away store.',
      load: async () => (await import('./signal/test.ts')).default,
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
      id: 'lease:run',
      summary: 'Run a command while a lock is held.',
      load: async () => (await import('./lease/run.ts')).default,
    },
    {
      id: 'lease:list',
      summary: 'List the locks with their requests.',
      load: async () => (await import('./lease/list.ts')).default,
    },
    {
      id: 'lease:watch',
      summary: 'Show the locks as they change.',
      load: async () => (await import('./lease/watch.ts')).default,
    },
    {
      id: 'lease:get',
      summary: 'Show one lock, and watch whether its holder is alive.',
      load: async () => (await import('./lease/get.ts')).default,
    },
    {
      id: 'lease:acquire',
      summary: 'Acquire a lock.',
      load: async () => (await import('./lease/acquire.ts')).default,
    },
    {
      id: 'lease:renew',
      summary: 'Renew a lock.',
      load: async () => (await import('./lease/renew.ts')).default,
    },
    {
      id: 'lease:release',
      summary: 'Release a lock.',
      load: async () => (await import('./lease/release.ts')).default,
    },
    {
      id: 'lease:doctor',
      summary: 'Find locks that stand in the way, and what mends each.',
      load: async () => (await import('./lease/doctor.ts')).default,
    },
    {
      id: 'request:ack',
      summary: 'End the blocking of a request that waits for manual review.',
      load: async () => (await import('./request/ack.ts')).default,
    },
    {
      id: 'retry:schedule',
      summary: 'Show every wait that a retry policy yields.',
      load: async () => (await import('./retry/schedule.ts')).default,
    },
    {
      id: 'retry:replay',
      summary: 'Replay a trace of attempts on a mock clock, also with other settings.',
      load: async () => (await import('./retry/replay.ts')).default,
    },
    {
      id: 'retry:compare',
      summary: 'Show which policies survive which outages, and at what cost.',
      load: async () => (await import('./retry/compare.ts')).default,
    },
    {
      id: 'retry:schema',
      summary: 'Print the JSON Schema of traces, policies and outages.',
      load: async () => (await import('./retry/schema.ts')).default,
    },
    {
      id: 'plan:new',
      summary: 'List the templates of plans, or start a plan from one.',
      load: async () => (await import('./plan/new.ts')).default,
    },
    {
      id: 'plan:validate',
      summary: 'Check plans before a byte is sent.',
      load: async () => (await import('./plan/validate.ts')).default,
    },
    {
      id: 'plan:show',
      summary: 'Show every request that a plan would send.',
      load: async () => (await import('./plan/show.ts')).default,
    },
    {
      id: 'plan:run',
      summary: 'Run plans, each once.',
      load: async () => (await import('./plan/run.ts')).default,
    },
    {
      id: 'plan:resume',
      summary: 'Go on with a run that was interrupted.',
      load: async () => (await import('./plan/resume.ts')).default,
    },
    {
      id: 'plan:status',
      summary: 'Show runs of plans and what became of their actions.',
      load: async () => (await import('./plan/status.ts')).default,
    },
    {
      id: 'plan:schema',
      summary: 'Print the JSON Schema of plan files.',
      load: async () => (await import('./plan/schema.ts')).default,
    },
    {
      id: 'pd:note',
      summary: 'Add a note to a PagerDuty incident.',
      load: async () => (await import('./pd/note.ts')).default,
    },
    {
      id: 'pd:title',
      summary: 'Put a prefix before the title of a PagerDuty incident.',
      load: async () => (await import('./pd/title.ts')).default,
    },
    {
      id: 'pd:silence',
      summary: 'Silence a PagerDuty incident.',
      load: async () => (await import('./pd/silence.ts')).default,
    },
    {
      id: 'pd:escalate',
      summary: 'Escalate a PagerDuty incident.',
      load: async () => (await import('./pd/escalate.ts')).default,
    },
    {
      id: 'ocm:service-log',
      summary: 'Send a service log to the owner of a cluster.',
      load: async () => (await import('./ocm/service-log.ts')).default,
    },
    {
      id: 'ocm:limited-support',
      summary: 'Put a cluster into limited support.',
      load: async () => (await import('./ocm/limited-support.ts')).default,
    },
    {
      id: 'backplane:report',
      summary: 'Create a cluster report.',
      load: async () => (await import('./backplane/report.ts')).default,
    },
    {
      id: 'store:info',
      summary: 'Show what is in the embedded store.',
      load: async () => (await import('./store/info.ts')).default,
    },
    {
      id: 'store:serve',
      summary: 'Serve the embedded store to kubectl and scripts.',
      load: async () => (await import('./store/serve.ts')).default,
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
      id: 'doctor',
      summary: 'Check the program, the server, permissions, locks and the store; say what to do.',
      load: async () => (await import('./doctor.ts')).default,
    },
    {
      id: 'autocomplete',
      summary: 'Print the script by which a shell completes words.',
      load: async () => (await import('./autocomplete.ts')).default,
    },
    {
      id: 'version',
      summary: 'Show the version of remedyctl and of the server.',
      load: async () => (await import('./version.ts')).default,
    },
  ],
};
