import type { ProvenRelease } from '../../lease/release-proven.ts';
import type { LockDiagnosis } from '../../locks/lock-doctor.ts';
import { holderText, waitedForText } from './finding-text.ts';
import { expiryText, lockName } from '../render/lock-columns.ts';
import { printDocument } from '../render/document.ts';
import type { Session } from '../session.ts';
import { toTerminalText } from '../terminal-text.ts';
import type { ConnectedLocks } from './lock-ground.ts';
import type { ShownFinding } from './shown-findings.ts';

const mostWaitedFor = 5;

/** Prints LeaseFindings; for people a paragraph each, since a command must not be cut at the edge of a table. */
export async function printFindings(
  { session, client }: ConnectedLocks,
  findings: readonly ShownFinding[],
  { waitedFor, nowMs }: Pick<LockDiagnosis, 'waitedFor' | 'nowMs'>,
): Promise<void> {
  const { notices, output, render } = session;
  const { kind } = render.format;
  for (const lock of waitedFor.slice(0, mostWaitedFor)) notices.say(waitedForText(lock, nowMs));
  if (waitedFor.length > mostWaitedFor) {
    notices.say(`and so are ${waitedFor.length - mostWaitedFor} more: lease list shows them`);
  }
  if (findings.length === 0) {
    notices.say(
      waitedFor.length === 0 ? 'nothing is wrong with the locks' : 'nothing else is wrong with the locks',
    );
  }
  if (kind === 'table' || kind === 'wide') {
    await output.write(findings.map((finding) => paragraph(session, finding)).join('\n'));
    return;
  }
  const document = {
    apiVersion: 'remedyctl.dev/v1',
    kind: 'LeaseFindings',
    target: client.target,
    items: findings,
  };
  await printDocument(
    output,
    {
      document,
      rows: findings,
      columns: [],
      name: ({ lock }) => (lock === undefined ? undefined : lockName(lock)),
      lines: findings,
    },
    render,
  );
}

function paragraph({ paint }: Session, { lock, finding, blocks, holderPod, fix }: ShownFinding): string {
  const about = lock === undefined ? 'this machine' : `${lock.namespace ?? ''}/${lock.name}`;
  const holder = lock?.holder === undefined ? '' : `  held by ${lock.holder}`;
  const left = lock === undefined ? undefined : expiryText(lock);
  const pod = lock === undefined ? undefined : holderText({ lock, ...(holderPod && { holderPod }) });
  const ends = left === undefined ? '' : `  ${left}`;
  return [
    `${paint.yellow(finding)}  ${toTerminalText(`${about}${holder}${ends}`)}`,
    `  blocks: ${toTerminalText(blocks)}`,
    ...(pod === undefined ? [] : [`  holder: ${toTerminalText(pod)}`]),
    `  fix:    ${toTerminalText(fix)}`,
    '',
  ].join('\n');
}

export function sayReleases({ notices }: Session, releases: readonly ProvenRelease[]): void {
  const texts = {
    released: 'is released',
    gone: 'was released by somebody else',
    alive: 'has changed: its holder is alive, and it stays',
    failed: 'stays',
  };
  for (const { lease, outcome, error } of releases) {
    const why = error === undefined ? '' : `: ${error.message}`;
    notices.say(`${lease.metadata.name} ${texts[outcome]}${why}`);
    if (error?.hint !== undefined) notices.say(`  hint: ${error.hint}`);
  }
}
