/**
 * Exporters that alerts come through, by the name that containers, jobs and pods of theirs have. What scrapes many
 * things at once (a kubelet, an API server) is none: no pod is called after it.
 */
const exporters = [
  'node-exporter',
  'windows-exporter',
  'kube-state-metrics',
  'openshift-state-metrics',
  'blackbox-exporter',
  'cadvisor',
  'process-exporter',
  'systemd-exporter',
  'snmp-exporter',
  'ipmi-exporter',
  'smartctl-exporter',
  'dcgm-exporter',
  'nvidia-gpu-exporter',
  'statsd-exporter',
  'graphite-exporter',
  'pushgateway',
  'json-exporter',
  'script-exporter',
  'sql-exporter',
  'mysqld-exporter',
  'mysql-exporter',
  'postgres-exporter',
  'postgresql-exporter',
  'pgbouncer-exporter',
  'mongodb-exporter',
  'redis-exporter',
  'memcached-exporter',
  'elasticsearch-exporter',
  'kafka-exporter',
  'rabbitmq-exporter',
  'nats-exporter',
  'consul-exporter',
  'haproxy-exporter',
  'nginx-exporter',
  'apache-exporter',
  'jmx-exporter',
  'cloudwatch-exporter',
  'yace',
  'stackdriver-exporter',
  'azure-metrics-exporter',
  'x509-certificate-exporter',
  'ssl-exporter',
  'kubernetes-event-exporter',
  'event-exporter',
] as const;

/** They tell of the pods of others: a pod beside one of them is not its own. */
const watchers = [
  'kube-state-metrics',
  'openshift-state-metrics',
  'kubelet',
  'cadvisor',
  'dcgm-exporter',
  'kubernetes-event-exporter',
  'event-exporter',
];

/** Whether what a job scrapes tells of the pods of others. */
export function watchesOthers(job: string): boolean {
  return watchers.some((watcher) => parts(job).includes(`-${watcher}-`));
}

/**
 * The exporter that a container, a job or a pod belongs to: the name is the exporter's own, with whatever a release
 * puts before it (`prometheus-prometheus-node-exporter`) or a controller behind it (`node-exporter-x2x7k`). Also what
 * calls itself an exporter without being in the list.
 */
export function exporterIn(name: string): string | undefined {
  const known = exporters.find((exporter) => parts(name).includes(`-${exporter}-`));
  if (known !== undefined) return known;
  return parts(name).endsWith('-exporter-') ? name : undefined;
}

function parts(name: string): string {
  return `-${name.replaceAll(/[_/.]/g, '-')}-`;
}
