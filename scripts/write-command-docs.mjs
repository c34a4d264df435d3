#!/usr/bin/env node
// Writes docs/commands.md from the help of the built program, so that it cannot say anything else.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';

const root = path.resolve(import.meta.dirname, '..');
const program = path.join(root, 'bin', 'remedyctl.cjs');

const intro = `# Commands

Written by \`npm run docs:commands\` from the program's own help; a test fails when it is old.
Started as \`kubectl-remedy\` the same program is a kubectl plugin: \`kubectl remedy …\`.
`;

/** The text of docs/commands.md, by the program in dist/. */
export async function commandDocs() {
  const home = mkdtempSync(path.join(tmpdir(), 'remedyctl-docs-'));
  const env = { ...process.env, HOME: home, XDG_CACHE_HOME: home, COLUMNS: '100' };
  const run = (...args) => execFileSync(process.execPath, [program, ...args], { encoding: 'utf8', env });
  try {
    const topics = listed(run('--help'), 'TOPICS');
    const commands = [
      ...topics.flatMap(({ name }) => listed(run(name, '--help'), 'COMMANDS')),
      ...listed(run('--help'), 'COMMANDS'),
    ];
    const sections = commands.map(({ name }) => {
      const help = run(...name.split(' '), '--help').trimEnd();
      return `## ${name}\n\n\`\`\`text\n${help}\n\`\`\`\n`;
    });
    const index = commands.map(({ name, about }) => `| \`${name}\` | ${about} |`);
    const text = [intro, '| command | what it does |', '|---|---|', ...index, '', sections.join('\n')].join(
      '\n',
    );
    return await format(text, { parser: 'markdown' });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** Names and texts under a heading of help; a continued text is joined. */
function listed(help, heading) {
  const section = help.split('\n\n').find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const entries = [];
  for (const line of section.split('\n').slice(1)) {
    const match = /^ {2}(\S+(?: \S+)*) {2,}(.+)$/.exec(line);
    if (match) entries.push({ name: match[1], about: match[2].trim() });
    else entries.at(-1).about += ` ${line.trim()}`;
  }
  return entries;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(path.join(root, 'docs', 'commands.md'), await commandDocs());
}
