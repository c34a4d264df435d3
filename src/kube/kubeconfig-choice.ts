/** The flags that choose in and override a kubeconfig. */
export interface KubeconfigChoice {
  /** --kubeconfig: must exist, and KUBECONFIG no longer counts. */
  path?: string | undefined;
  context?: string | undefined;
  cluster?: string | undefined;
  user?: string | undefined;
  as?: string | undefined;
  asGroups?: readonly string[] | undefined;
}
