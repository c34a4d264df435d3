import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './consumer.ts';

/** A program in docs/library.md. */
export interface Snippet {
  /** The file that it becomes. */
  readonly name: string;
  /** The heading over it. */
  readonly title: string;
  readonly text: string;
  /** What it prints, where the page says so. */
  readonly prints: string | undefined;
  /** It asks a real API server. */
  readonly needsCluster: boolean;
}

const block = /^## (.+)$|^```(ts|ts cluster|text)\n([\s\S]*?)^```$/gm;

/** Every program of the page; a block of text right after one is what it prints. */
export function snippets(): Snippet[] {
  const page = readFileSync(path.join(root, 'docs/library.md'), 'utf8');
  const found: Snippet[] = [];
  let title = '';
  let end = 0;
  for (const { 0: whole, 1: heading, 2: language, 3: text = '', index } of page.matchAll(block)) {
    const last = found.at(-1);
    if (heading !== undefined) title = heading;
    else if (language !== 'text') {
      const name = `snippet-${found.length}.ts`;
      found.push({ name, title, text, prints: undefined, needsCluster: language === 'ts cluster' });
    } else if (last !== undefined && page.slice(end, index).trim() === '') {
      found.splice(-1, 1, { ...last, prints: text });
    }
    end = index + whole.length;
  }
  return found;
}
