/** Finds out whether a text that does not begin as JSON is a log with JSON in it, or YAML. */
import type { OpenInput } from './open-input.ts';
import { bracketBegins, findEmbedded } from './text-lines.ts';

const newline = 0x0a;
/** So much text at most may stand before the JSON. */
const searchedBytes = 256 * 1024;

/**
 * Reads on until a line tells, at most 256 KiB. JSON: a line that begins with an object or array, or ends with an
 * object behind what a logger writes. YAML: a document marker, or a key with a nested key or item below it, whichever
 * comes first; and what tells neither and is not longer, or begins as YAML may.
 */
export async function isJsonBehindText(input: OpenInput): Promise<boolean> {
  const judge = new TextJudge();
  let seen = 0;
  for (;;) {
    const { held } = input;
    const isLast = input.ended || held.length >= searchedBytes;
    seen = judge.takeLines(held, seen, isLast);
    if (judge.verdict !== undefined) return judge.verdict === 'json';
    // too much text for what begins as no YAML does
    if (isLast) return !judge.mayBeYaml && !input.ended;
    await input.fill();
  }
}

class TextJudge {
  verdict: 'json' | 'yaml' | undefined;
  /** Whether the first line could be one of YAML. */
  mayBeYaml = true;
  /** Nothing but comments so far. */
  #isFirst = true;
  /** Words with a colon that stood before JSON, as keys of YAML do, which stand once. */
  readonly #keys = new Set<string>();
  /** The last line with something in it. */
  #last = '';

  /** Takes the lines from there on until one tells; returns where the next one begins. */
  takeLines(held: Buffer, from: number, isLast: boolean): number {
    let at = from;
    while (at < held.length && this.verdict === undefined) {
      const lineEnd = held.indexOf(newline, at);
      if (lineEnd < 0 && !isLast) break;
      const end = lineEnd < 0 ? held.length : lineEnd;
      this.#take(held.subarray(at, end), lineEnd >= 0);
      at = end + 1;
    }
    return at;
  }

  #take(line: Buffer, isWhole: boolean): void {
    const head = line.toString('latin1', 0, 256).trimEnd();
    if (head === '' || /^[ \t]*#/.test(head)) return;
    this.verdict = this.#judge(head, line, isWhole);
    if (this.#isFirst) this.mayBeYaml = /^(-|%|["'{[?]|[\w./-]+:)( |$)/.test(head);
    this.#isFirst = false;
    this.#last = head;
  }

  #judge(head: string, line: Buffer, isWhole: boolean): 'json' | 'yaml' | undefined {
    if (this.#isYaml(head)) return 'yaml';
    if (isOpening(this.#last) && /^[ \t]*["}\]{[]/.test(head)) return 'json';
    // inside a flow collection of YAML a line may begin with anything
    if (/[[{,]$/.test(this.#last)) return undefined;
    return beginsJson(head, line, isWhole) || this.#endsWithJson(line) ? 'json' : undefined;
  }

  /** Behind `data: ` as well, of server-sent events, as soon as it stands there a second time. */
  #endsWithJson(line: Buffer): boolean {
    const embedded = findEmbedded(line);
    if (embedded <= 0) return false;
    const before = line.toString('latin1', 0, embedded).trimEnd();
    if (!isYamlBefore(before) || this.#keys.has(before)) return true;
    if (before.endsWith(':')) this.#keys.add(before);
    return false;
  }

  #isYaml(head: string): boolean {
    if (this.#isFirst && /^(---|%)/.test(head)) return true;
    return isBlockKey(this.#last) && isNested(head);
  }
}

function beginsJson(head: string, line: Buffer, isWhole: boolean): boolean {
  if (/^\{[ \t]*["}]/.test(head)) return true;
  return /^\[[ \t]*[{["]/.test(head) && bracketBegins(line, isWhole) === 'array';
}

function isOpening(line: string): boolean {
  return line === '{' || line === '[';
}

function isBlockKey(line: string): boolean {
  return /^[A-Za-z_][\w./-]*:$/.test(line);
}

function isNested(line: string): boolean {
  return /^[ \t]*- /.test(line) || /^[ \t]+["']?[\w./-]+["']?:( |$)/.test(line);
}

/** What YAML has before a value that looks like JSON: the dash of an item, a key of one word, a quote. */
function isYamlBefore(text: string): boolean {
  return /^(- |-$|[A-Za-z_][\w./-]*:( |$)|['&*!|>@`])/.test(text);
}
