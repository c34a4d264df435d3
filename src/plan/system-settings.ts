/**
 * What the clients of the three systems are made of, by the names of the configuration; paths are absolute. Credentials
 * are not among it: they come from variables of the environment, from the files named here, or are given by the caller.
 */
export interface SystemSettings {
  /** How old a service log may be to count as the same, unless the plan says it; default: `7d`. */
  readonly 'plan.duplicateWithin'?: string;
  /** PagerDuty's REST API, as `https://api.pagerduty.com`. */
  readonly 'pagerduty.url': string;
  /** The e-mail address of the user as whom PagerDuty is written to; nothing is written there without one. */
  readonly 'pagerduty.from': string | undefined;
  /** A file that holds the API key, where PAGERDUTY_TOKEN is not set. */
  readonly 'pagerduty.tokenFile': string | undefined;
  /** The id of the escalation policy of silences, unless the plan names one. */
  readonly 'pagerduty.silentPolicy': string | undefined;
  /** The level that escalations go to, from 1. */
  readonly 'pagerduty.escalationLevel': number;
  /** OCM's API, as `https://api.openshift.com`. */
  readonly 'ocm.url': string;
  /** Where tokens for OCM and Backplane are granted. */
  readonly 'ocm.tokenUrl': string;
  /** A file that holds the offline token, where OCM_TOKEN is not set. */
  readonly 'ocm.tokenFile': string | undefined;
  /** A service account in place of the offline token. */
  readonly 'ocm.clientId': string | undefined;
  /** A file that holds its secret, where OCM_CLIENT_SECRET is not set. */
  readonly 'ocm.clientSecretFile': string | undefined;
  /** Backplane's API; reports need it. */
  readonly 'backplane.url': string | undefined;
  /** Milliseconds that one request to any of them may take. */
  readonly 'remote.timeout': number;
}
