import { boolean, string } from '@oclif/core/flags';
import { RemedyError } from '../errors/remedy-error.ts';
import type { RequestFilter } from '../request/request-filter.ts';
import { momentOf } from './dedup/age-flag.ts';
import { parseResourceName } from '../signal/named-resource.ts';

/** The flags that choose RemediationRequests, the same for list, get and watch. */
export const requestFilterFlags = {
  fingerprint: string({
    helpValue: 'SHA256',
    summary: 'Only of fingerprints that begin so (8 digits or more).',
  }),
  phase: string({
    helpValue: 'PHASE',
    multiple: true,
    multipleNonGreedy: true,
    summary: 'Only those in this phase; repeatable.',
  }),
  resource: string({ helpValue: 'KIND/NAME', summary: 'Only those about this resource.' }),
  'resource-namespace': string({
    helpValue: 'NAMESPACE',
    summary: 'Only about resources in this one.',
  }),
  'resource-cluster-id': string({
    helpValue: 'ID',
    summary: 'Only those that name this cluster.',
  }),
  since: string({
    helpValue: 'AGE',
    summary: 'Only those created within this, or since a time.',
  }),
};

export interface RequestFilterInput {
  fingerprint?: string | undefined;
  phase?: string[] | undefined;
  resource?: string | undefined;
  'resource-namespace'?: string | undefined;
  'resource-cluster-id'?: string | undefined;
  since?: string | undefined;
}

/** Of commands that show the requests of a namespace. */
export const requestListFlags = {
  selector: string({ char: 'l', helpValue: 'SELECTOR', summary: 'Only those with these labels.' }),
  'field-selector': string({
    helpValue: 'SELECTOR',
    summary: 'Only those with these fields.',
  }),
  'all-namespaces': boolean({ char: 'A', summary: 'The requests of every namespace.' }),
  ...requestFilterFlags,
};

/** Throws USAGE. */
export function readRequestFilter(flags: RequestFilterInput, nowMs: number): RequestFilter {
  const { resource, fingerprint } = flags;
  return {
    phases: flags.phase,
    resource: resource === undefined ? undefined : parseResourceName(resource),
    resourceNamespace: flags['resource-namespace'],
    resourceClusterID: flags['resource-cluster-id'],
    sinceMs: momentOf('since', flags.since, nowMs),
    fingerprint: fingerprint === undefined ? undefined : readFingerprint(fingerprint),
  };
}

function readFingerprint(text: string): string {
  if (/^[0-9a-f]{8,64}$/i.test(text)) return text.toLowerCase();
  throw new RemedyError('USAGE', `--fingerprint: "${text}" is no fingerprint`, {
    hint: 'give 64 hexadecimal digits, or the first 8 or more of them',
  });
}
