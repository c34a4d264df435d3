/** Links into the documentation of one product do not go to customers of the other. */

const documentation = [
  { product: 'rosa', name: 'ROSA', paths: ['docs.openshift.com/rosa/', 'red_hat_openshift_service_on_aws'] },
  {
    product: 'osd',
    name: 'OpenShift Dedicated',
    paths: ['docs.openshift.com/dedicated/', 'openshift_dedicated'],
  },
] as const;

/** The products whose documentation is told apart. */
export const products = documentation.map(({ product }) => product);

/** Up to white space or what encloses a link in prose and Markdown. */
const link = /(?:https?:\/\/)?docs\.(?:openshift|redhat)\.com\/[^\s<>"'`)\]]*/gi;

/** A link that is about another product than the cluster. */
export interface WrongLink {
  readonly link: string;
  /** What the link is about, and what the cluster is. */
  readonly about: string;
  readonly product: string;
}

/**
 * The first link in a text that is about another product than the cluster's, with or without scheme, in any case.
 * Products other than rosa and osd, and clusters of unknown product, have no wrong links.
 */
export function wrongProductLink(text: string, product: string | undefined): WrongLink | undefined {
  const own = documentation.find((one) => one.product === product?.toLowerCase());
  if (own === undefined) return undefined;
  for (const [found] of text.matchAll(link)) {
    const lowered = found.toLowerCase();
    const other = documentation.find(
      (one) => one !== own && one.paths.some((path) => lowered.includes(path)),
    );
    if (other !== undefined) return { link: found, about: other.name, product: own.name };
  }
  return undefined;
}
