/** What commands of one action are about: an incident, or a cluster and what its owner reads. */
import { boolean, string } from '@oclif/core/flags';
import { runGroup } from './run-flags.ts';
import type { PlanSubject } from '../../plan/builders.ts';

export const incidentFlag = {
  'incident-id': string({ required: true, helpValue: 'ID', summary: 'The incident.' }),
};

export const clusterFlag = {
  'cluster-id': string({ required: true, helpValue: 'ID', summary: "OCM's internal id of the cluster." }),
};

/** Of the two actions that the owner of a cluster reads. */
export const remedyFlags = {
  ...clusterFlag,
  product: string({
    helpValue: 'NAME',
    summary: "rosa or osd: refuse links to the other's docs.",
  }),
  'alert-type': string({
    helpGroup: runGroup,
    helpValue: 'NAME',
    summary: 'The label alert_type of the metric.',
  }),
  'allow-duplicates': boolean({ summary: 'Send it though the cluster has the same already.' }),
};

export interface RemedyFlags {
  readonly 'cluster-id': string;
  readonly 'external-id'?: string | undefined;
  readonly product?: string | undefined;
  readonly 'alert-type'?: string | undefined;
}

export function remedySubject(name: string, flags: RemedyFlags): PlanSubject {
  const { 'cluster-id': id, 'external-id': externalId, product } = flags;
  const cluster = {
    id,
    ...(externalId === undefined ? {} : { externalId }),
    ...(product === undefined ? {} : { product }),
  };
  return { name, alertType: flags['alert-type'], cluster };
}
