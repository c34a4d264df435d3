// The rooms of src/ and what each may import: changed together with the code, never after it.
const rooms = {
  errors: [],
  time: [],
  api: [],
  config: ['errors'],
  retry: ['errors', 'time'],
  store: ['errors', 'time', 'api'],
  kube: ['errors', 'time', 'api', 'retry', 'config', 'store'],
  signal: ['errors', 'time', 'api', 'kube'],
  request: ['errors', 'time', 'api', 'retry', 'kube', 'signal'],
  lease: ['errors', 'time', 'api', 'kube'],
  dedup: ['errors', 'time', 'api', 'kube', 'signal', 'request', 'lease'],
  metrics: ['errors', 'time'],
  doctor: ['errors', 'time', 'api', 'kube', 'config', 'lease', 'store'],
  ingest: ['errors', 'time', 'api', 'retry', 'kube', 'signal', 'request', 'lease', 'metrics'],
  explain: ['errors', 'time', 'api', 'kube', 'signal', 'request', 'lease', 'ingest'],
  http: ['errors', 'time', 'retry'],
  pagerduty: ['errors', 'time', 'http'],
  ocm: ['errors', 'time', 'http'],
  backplane: ['errors', 'time', 'http'],
  plan: ['errors', 'time', 'retry', 'config', 'signal', 'http', 'pagerduty', 'ocm', 'backplane', 'store'],
  'signal-test': ['errors', 'time', 'api', 'config', 'signal'],
};

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    ...Object.entries(rooms).map(([room, may]) => ({
      name: `room-${room}`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: { path: '^src/', pathNot: `^src/(${[room, ...may].join('|')})/` },
    })),
    {
      name: 'store-by-one-door',
      comment: 'kube/ knows the store by one function only',
      severity: 'error',
      from: { path: '^src/kube/' },
      to: { path: '^src/store/', pathNot: '^src/store/embedded-store\\.ts$' },
    },
    {
      name: 'cli-below-commands',
      severity: 'error',
      from: { path: '^src/cli/' },
      to: { path: '^src/commands/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
};
