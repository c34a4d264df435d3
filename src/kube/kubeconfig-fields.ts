import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';

/**
 * Typed reading of one kubeconfig file. Unknown fields are passed over, as kubectl does; a wrong type is a
 * KUBECONFIG_INVALID that names file and field, and never shows a value (it may be a secret).
 */
export class KubeconfigFields {
  readonly file: string;
  /** Where this record stands in the file, such as `users[0].user`. */
  readonly path: string;
  readonly #values: Record<string, unknown>;

  constructor(value: unknown, file: string, path = '') {
    this.file = file;
    this.path = path;
    if (!isRecord(value)) throw this.#wrong('', 'a mapping', value);
    this.#values = value;
  }

  /** Undefined when absent or null; an empty string counts as absent, as in Go. */
  text(name: string): string | undefined {
    const value = this.#present(name);
    if (value === undefined || value === '') return undefined;
    if (typeof value !== 'string') throw this.#wrong(name, 'a string', value);
    return value;
  }

  flag(name: string): boolean {
    const value = this.#present(name);
    if (value === undefined) return false;
    if (typeof value !== 'boolean') throw this.#wrong(name, 'true or false', value);
    return value;
  }

  texts(name: string): string[] {
    return this.list(name).map((value, index) => {
      if (typeof value !== 'string') throw this.#wrong(`${name}[${index}]`, 'a string', value);
      return value;
    });
  }

  /** Text given as base64, decoded as UTF-8. */
  base64(name: string): string | undefined {
    const encoded = this.text(name)?.replace(/[\r\n]/g, '');
    if (encoded === undefined) return undefined;
    if (encoded.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(encoded)) {
      throw this.#wrong(name, 'base64', undefined);
    }
    return Buffer.from(encoded, 'base64').toString('utf8');
  }

  list(name: string): unknown[] {
    const value = this.#present(name);
    if (value === undefined) return [];
    if (!Array.isArray(value)) throw this.#wrong(name, 'a list', value);
    return value as unknown[];
  }

  /** An entry that is null is an empty one, as in Go. */
  records(name: string): KubeconfigFields[] {
    return this.list(name).map(
      (value, index) => new KubeconfigFields(value ?? {}, this.file, this.#at(`${name}[${index}]`)),
    );
  }

  record(name: string): KubeconfigFields | undefined {
    const value = this.#present(name);
    return value === undefined ? undefined : new KubeconfigFields(value, this.file, this.#at(name));
  }

  /** As it stands in the file. */
  raw(name: string): unknown {
    return this.#present(name);
  }

  entries(): [string, unknown][] {
    return Object.entries(this.#values);
  }

  /** An error about a field of this record. */
  invalid(name: string, problem: string): RemedyError {
    return invalidKubeconfig(this.file, `${this.#at(name)} ${problem}`);
  }

  #present(name: string): unknown {
    return Object.hasOwn(this.#values, name) ? (this.#values[name] ?? undefined) : undefined;
  }

  #at(name: string): string {
    return [this.path, name].filter((part) => part !== '').join('.');
  }

  #wrong(name: string, wanted: string, value: unknown): RemedyError {
    const found = value === undefined ? '' : `, not ${typeName(value)}`;
    return invalidKubeconfig(this.file, `${this.#at(name) || 'the file'} must be ${wanted}${found}`);
  }
}

export function invalidKubeconfig(file: string, problem: string, cause?: unknown): RemedyError {
  return new RemedyError('KUBECONFIG_INVALID', `kubeconfig ${file}: ${problem}`, {
    hint: `Correct the file, or choose another with ${optionName('kubeconfig')} or KUBECONFIG.`,
    details: { file },
    cause,
  });
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a mapping' : `a ${typeof value}`;
}
