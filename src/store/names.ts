/** The rules for names, labels and finalizers (k8s.io/apimachinery pkg/util/validation); [] means valid. */
type Check = (text: string) => string[];

const labelFormat = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomainFormat = `${labelFormat}(\\.${labelFormat})*`;
const qualifiedFormat = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const valueFormat = `(${qualifiedFormat})?`;

const subdomainText =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
const labelText =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
const qualifiedText =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const valueText =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

const subdomainPattern = new RegExp(`^${subdomainFormat}$`);
const labelPattern = new RegExp(`^${labelFormat}$`);
const qualifiedPattern = new RegExp(`^${qualifiedFormat}$`);
const valuePattern = new RegExp(`^${valueFormat}$`);

export function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}

function tooManyBytes(limit: number): string {
  return `must be no more than ${limit} bytes`;
}

function tooManyCharacters(limit: number): string {
  return `must be no more than ${limit} characters`;
}

function mismatch(text: string, format: string, ...examples: string[]): string {
  const shown = examples.map((example) => `'${example}', `).join(' or ');
  return `${text} (e.g. ${shown}regex used for validation is '${format}')`;
}

export const checkSubdomain: Check = (text) => {
  const errors: string[] = [];
  if (bytesOf(text) > 253) errors.push(tooManyCharacters(253));
  if (!subdomainPattern.test(text)) errors.push(mismatch(subdomainText, subdomainFormat, 'example.com'));
  return errors;
};

export const checkLabelName: Check = (text) => {
  const errors: string[] = [];
  if (bytesOf(text) > 63) errors.push(tooManyCharacters(63));
  if (labelPattern.test(text)) return errors;
  const dotted = subdomainPattern.test(text);
  errors.push(dotted ? 'must not contain dots' : mismatch(labelText, labelFormat, 'my-name', '123-abc'));
  return errors;
};

/** Names that only have to fit into a path, as those of the rbac.authorization.k8s.io kinds. */
export const checkPathSegment: Check = (text) => {
  if (text === '.' || text === '..') return [`may not be '${text}'`];
  return ['/', '%'].filter((part) => text.includes(part)).map((part) => `may not contain '${part}'`);
};

/** Keys of labels and annotations, and finalizers: an optional DNS prefix, then a name. */
export const checkQualifiedName: Check = (text) => {
  const parts = text.split('/');
  const [prefix = '', name = ''] = parts.length === 1 ? ['', text] : parts;
  if (parts.length > 2) {
    const shape = mismatch(
      `a valid label key ${qualifiedText}`,
      qualifiedFormat,
      'MyName',
      'my.name',
      '123-abc',
    );
    return [`${shape} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  const errors: string[] = [];
  if (parts.length === 2) {
    if (prefix === '') errors.push('prefix part must be non-empty');
    else errors.push(...checkSubdomain(prefix).map((error) => `prefix part ${error}`));
  }
  return [...errors, ...checkNamePart(name)];
};

function checkNamePart(name: string): string[] {
  const errors: string[] = [];
  if (name === '') errors.push('name part must be non-empty');
  else if (bytesOf(name) > 63) errors.push(`name part ${tooManyBytes(63)}`);
  if (!qualifiedPattern.test(name)) {
    errors.push(`name part ${mismatch(qualifiedText, qualifiedFormat, 'MyName', 'my.name', '123-abc')}`);
  }
  return errors;
}

export const checkLabelValue: Check = (text) => {
  const errors: string[] = [];
  if (bytesOf(text) > 63) errors.push(tooManyBytes(63));
  if (!valuePattern.test(text)) {
    errors.push(mismatch(valueText, valueFormat, 'MyValue', 'my_value', '12345'));
  }
  return errors;
};
