/** What an operator says of how targets are chosen: which label stands for which, and which kinds go first. */
import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { nearest } from '../text/nearest.ts';
import type { KindIndex } from './kind-index.ts';

/** How the target of an alert is chosen, where an operator wants it otherwise. */
export interface TargetOptions {
  /** `FROM=KEY` each: the label FROM is read as if it were called KEY. The request keeps the labels as they came. */
  labelAs?: readonly string[] | undefined;
  /** Kinds that go before all others, in this order; each text may hold several, with commas between them. */
  prefer?: readonly string[] | undefined;
  /** `gateway`: labels `exported_<key>` are not read, as the gateway does not. Default: `corrected`. */
  targetChoice?: 'corrected' | 'gateway' | undefined;
}

/** The options, read. */
export interface TargetRules {
  /** By the label that is read as another. */
  labelAs: ReadonlyMap<string, string>;
  /** Names of kinds, lower case. */
  prefer: readonly string[];
  readsExported: boolean;
}

/** Reads the options. @throws INVALID_OPTION for what is no `FROM=KEY` */
export function targetRules({ labelAs = [], prefer = [], targetChoice }: TargetOptions = {}): TargetRules {
  return {
    labelAs: new Map(labelAs.map(readPair)),
    prefer: prefer
      .flatMap((kinds) => kinds.split(','))
      .map((kind) => kind.trim().toLowerCase())
      .filter((kind) => kind !== ''),
    readsExported: targetChoice !== 'gateway',
  };
}

/**
 * Asks for the served kinds only where an option names some.
 * @throws INVALID_OPTION for a label key or a kind that names nothing that is served
 */
export async function checkTargetOptions(
  options: TargetOptions,
  cluster: { kinds: () => Promise<KindIndex> },
): Promise<void> {
  const { labelAs, prefer } = targetRules(options);
  if (labelAs.size === 0 && prefer.length === 0) return;
  const kinds = await cluster.kinds();
  for (const [from, key] of labelAs) {
    if (key === 'namespace' || kinds.labelKind(key) !== undefined) continue;
    const near = nearest(key, [...kinds.labelKeys()]);
    throw new RemedyError(
      'INVALID_OPTION',
      `${optionName('labelAs')} ${from}=${key}: ${key} names no kind that is served`,
      {
        hint: `KEY is a kind in lower case (pod, node, deployment …) or namespace${near === undefined ? '' : `; did you mean ${near}?`}`,
      },
    );
  }
  for (const kind of prefer) {
    if (kinds.labelKind(kind) !== undefined) continue;
    const near = nearest(kind, [...kinds.labelKeys()]);
    throw new RemedyError('INVALID_OPTION', `${optionName('prefer')} ${kind}: no such kind is served`, {
      hint: `give kinds as the server names them, for example Node${near === undefined ? '' : `; did you mean ${near}?`}`,
    });
  }
}

function readPair(text: string): readonly [from: string, key: string] {
  const at = text.lastIndexOf('=');
  const from = text.slice(0, Math.max(0, at)).trim();
  const key = text.slice(at + 1).trim();
  if (from !== '' && key !== '') return [from, key];
  throw new RemedyError('INVALID_OPTION', `${optionName('labelAs')} ${text}: not FROM=KEY`, {
    hint: 'name the label and what it is to be read as, for example k8s.pod.name=pod',
  });
}
