/** Rows of tables about the program, its settings and its store. */
import { settingKeys } from '../../../../src/config/settings.ts';
import type { ConfigEntry } from '../../../../src/config/config-listing.ts';
import type { CheckResult } from '../../../../src/doctor/check.ts';
import type { ImportedKindCount, StoredKindCount } from '../../../../src/store/store-types.ts';
import type { Sample } from './sample-names.ts';

const kindNames = [
  { kind: 'RemediationRequest', apiVersion: 'kubernaut.ai/v1alpha1' },
  { kind: 'Lease', apiVersion: 'coordination.k8s.io/v1' },
  { kind: 'ClusterServiceVersionInstallStrategy', apiVersion: 'operators.coreos.example.com/v1alpha1' },
];

export function kinds(): StoredKindCount[] {
  return kindNames.map((names, index) => ({ ...names, count: 100 ** index }));
}

export function importedKinds(): ImportedKindCount[] {
  return kindNames.map((names, index) => ({ ...names, created: 100 ** index, updated: index }));
}

function folderOf({ namespace }: Sample): string {
  return `/home/oncall/.local/share/remedyctl/${namespace}`;
}

export function emptied(samples: readonly Sample[]) {
  return samples.map((sample, index) => ({ target: { store: folderOf(sample) }, deleted: 10 ** index }));
}

export function served(samples: readonly Sample[]) {
  return samples.map((sample, index) => ({
    target: { store: folderOf(sample) },
    server: `https://127.0.0.1:${33_017 + index}`,
    kubeconfig: `${folderOf(sample)}.kubeconfig`,
  }));
}

export function written(samples: readonly Sample[]): string[] {
  return samples.map((sample) => `${folderOf(sample)}/config.yaml`);
}

export function paths(samples: readonly Sample[]) {
  return samples.map((sample, index) => ({
    what: index % 2 === 0 ? 'config' : 'store',
    path: folderOf(sample),
    state: index % 2 === 0 ? 'not there' : '',
  }));
}

export function versions() {
  return [
    { what: 'client', version: '0.1.0', about: 'node v22.13.1 linux-x64' },
    {
      what: 'server',
      version: 'v1.35.4',
      about: 'https://api.prod-east.a1b2.p1.openshiftapps.example.com:6443',
    },
  ];
}

export function settings(samples: readonly Sample[]): ConfigEntry[] {
  return settingKeys.map((key, index) => {
    const sample = samples[index % samples.length] as Sample;
    return index % 3 === 0
      ? { key, value: sample.namespace, origin: { kind: 'flag', flag: 'namespace' } }
      : {
          key,
          value: index,
          origin: { kind: 'file', file: `${folderOf(sample)}/config.yaml`, line: index, column: 3 },
        };
  });
}

export function checks(samples: readonly Sample[]): CheckResult[] {
  const statuses = ['fail', 'warn', 'ok', 'skip'] as const;
  return samples.map(({ namespace, holder }, index) => ({
    name: 'locks that hold signals back',
    group: 'locks',
    status: statuses[index % 4] ?? 'ok',
    message: `a lock in ${namespace} is held by ${holder}`,
    fix: `remedyctl lease doctor -n ${namespace}\nremedyctl request list -n ${namespace}`,
  }));
}
