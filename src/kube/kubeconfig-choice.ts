/** What chooses in a kubeconfig and overrides it. */
export interface KubeconfigChoice {
  /** Named for this run: must exist, and KUBECONFIG no longer counts. */
  path?: string | undefined;
  context?: string | undefined;
  cluster?: string | undefined;
  user?: string | undefined;
  as?: string | undefined;
  asGroups?: readonly string[] | undefined;
  /** Where these come from, for errors: `flag --context`. */
  origins?: Readonly<Partial<Record<'path' | 'context' | 'cluster' | 'user', string>>> | undefined;
}
