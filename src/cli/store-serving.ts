/** `store serve`: the embedded store behind a socket of loopback, until it is stopped. */
import { access, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { optionName } from '../errors/option-name.ts';
import { messageOf, RemedyError } from '../errors/remedy-error.ts';
import { makeDirectory } from '../files/make-directory.ts';
import { writeOutputFile } from '../files/output-file.ts';
import type { EmbeddedStore } from '../store/embedded-store.ts';
import { serverKubeconfig } from '../store-server/server-kubeconfig.ts';
import { startStoreServer, type ServedAnswer, type StoreServer } from '../store-server/store-server.ts';
import { counted } from '../text/count.ts';
import { shellWord } from '../text/shell-words.ts';
import { printDocument } from './render/document.ts';
import { storeServerColumns } from './render/store-columns.ts';
import { storeTarget, withStore } from './store-session.ts';
import type { Session } from './session.ts';

export interface StoreServing {
  /** One of loopback's. */
  address: string;
  /** 0: any that is free. */
  port: number;
  /** Where the kubeconfig is written; nothing may be there. */
  kubeconfig: string;
}

/** Serves until the run is stopped. @throws what starting it fails with, and STORE_LOST or STORE_CORRUPT once it is of no more use */
export async function serveStore(session: Session, serving: StoreServing): Promise<void> {
  const kubeconfig = path.resolve(session.runtime.cwd, serving.kubeconfig);
  await requireNew(kubeconfig);
  await withStore(session, (store) => serve(session, store, { ...serving, kubeconfig }));
}

async function serve(session: Session, store: EmbeddedStore, serving: StoreServing): Promise<void> {
  const { runtime, notices } = session;
  const failures = new Failures(session);
  let answers = 0;
  let isServing = false;
  const server = await startStoreServer({
    send: store.send,
    clock: runtime.clock,
    address: serving.address,
    port: serving.port,
    onAnswer: (answer) => {
      answers += 1;
      notices.detail(lineOf(answer));
    },
    onFailure: (failure) => {
      failures.saw(failure);
    },
  });
  try {
    await offer(session, server, serving.kubeconfig);
    isServing = true;
    await untilStopped(runtime.signal, failures.end);
  } finally {
    const removed = await removeOwn(serving.kubeconfig, server.token);
    await server.close();
    const by = runtime.interruption() ?? 'a failure';
    const file = removed ? `; removed ${serving.kubeconfig}` : '';
    if (isServing) notices.say(`stopped by ${by} after ${counted(answers, 'answer')}${file}`);
  }
}

/** Once the file is there and the document printed, the server answers. */
async function offer(session: Session, server: StoreServer, kubeconfig: string): Promise<void> {
  const { config, runtime, output, render, notices } = session;
  await writeKubeconfig(
    kubeconfig,
    serverKubeconfig({ ...server, namespace: config.values.namespace }),
    session,
  );
  const document = {
    apiVersion: 'remedyctl.dev/v1',
    kind: 'StoreServer',
    target: storeTarget(session),
    server: server.url,
    kubeconfig,
    pid: process.pid,
  };
  await printDocument(
    output,
    { document, rows: [document], columns: storeServerColumns, name: ({ server: url }) => url },
    render,
  );
  if (runtime.signal.aborted) return;
  notices.say(`serving until it is stopped; in another shell:`);
  notices.say(`  kubectl --kubeconfig ${shellWord(kubeconfig)} get remediationrequests`);
}

function untilStopped(signal: AbortSignal, failure: Promise<never>): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
  return Promise.race([stopped, failure]);
}

/** What the store fails with: told once a kind, and the end where nothing will work any more. */
class Failures {
  readonly end: Promise<never>;
  readonly #session: Session;
  #give: (failure: RemedyError) => void = () => undefined;

  constructor(session: Session) {
    this.#session = session;
    this.end = new Promise((_, reject) => {
      this.#give = reject;
    });
    this.end.catch(() => undefined);
  }

  saw(failure: unknown): void {
    if (failure instanceof RemedyError && isFinal(failure)) {
      this.#give(failure);
      return;
    }
    const said = failure instanceof RemedyError ? `${failure.code}: ${failure.message}` : messageOf(failure);
    this.#session.notices.sayOnce(`warning: ${said}`);
  }
}

function isFinal({ code }: RemedyError): boolean {
  return code === 'STORE_LOST' || code === 'STORE_CORRUPT';
}

function lineOf({ method, path: asked, status, durationMs }: ServedAnswer): string {
  return `${method} ${asked} ${status} in ${Math.round(durationMs)} ms`;
}

async function requireNew(file: string): Promise<void> {
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (isThere) throw existing(file);
}

function existing(file: string, cause?: unknown): RemedyError {
  const hint = 'no file is replaced; one that a killed server left behind can be removed';
  return new RemedyError('INVALID_OPTION', `${optionName('writeKubeconfig')}: ${file} exists already`, {
    hint,
    cause,
  });
}

async function writeKubeconfig(file: string, text: string, { runtime }: Session): Promise<void> {
  try {
    makeDirectory(path.dirname(file));
    await writeOutputFile(file, text, {
      random: runtime.random,
      mode: 0o600,
      exactMode: true,
      onlyNew: true,
    });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') throw existing(file, cause);
    const hint = `choose another place with ${optionName('writeKubeconfig')}`;
    throw new RemedyError('OUTPUT_FAILED', `could not write ${file}: ${messageOf(cause)}`, { hint, cause });
  }
}

/** The token ends with the server. What somebody else has put in the file's place stays. */
async function removeOwn(file: string, token: string): Promise<boolean> {
  try {
    if (!(await readFile(file, 'utf8')).includes(token)) return false;
    await rm(file);
    return true;
  } catch {
    return false;
  }
}
