import { optionName } from '../errors/option-name.ts';
import { RemedyError, messageOf } from '../errors/remedy-error.ts';
import { rfc3339Ms } from '../time/rfc3339.ts';
import type { ClientCertificate } from './credentials.ts';
import { isHeaderValue } from './header-value.ts';
import { jsonOrYaml } from './go-yaml.ts';
import { isRecord } from './kubeconfig-fields.ts';
import type { KubeconfigExec } from './kubeconfig-file.ts';

interface ExecCredential {
  token?: string | undefined;
  certificate?: ClientCertificate | undefined;
  /** Milliseconds since the epoch; absent: never. */
  expiresAtMs?: number | undefined;
}

/** The ExecCredential that a plugin printed. Errors: CREDENTIALS_FAILED, never with the output in them. */
export async function readExecCredential(stdout: string, exec: KubeconfigExec): Promise<ExecCredential> {
  const answer = await parseAnswer(stdout, exec);
  if (answer['kind'] !== 'ExecCredential') throw pluginFailed(exec, 'printed no ExecCredential');
  if (answer['apiVersion'] !== exec.apiVersion) {
    const found = plain(String(answer['apiVersion']));
    throw pluginFailed(exec, `printed apiVersion ${found}, the kubeconfig asks for ${exec.apiVersion ?? ''}`);
  }
  const status = answer['status'];
  if (!isRecord(status)) throw pluginFailed(exec, 'printed an ExecCredential without a status');
  const token = tokenOf(status['token'], exec);
  const cert = textOf(status['clientCertificateData']);
  const key = textOf(status['clientKeyData']);
  if ((cert === undefined) !== (key === undefined)) {
    throw pluginFailed(exec, 'printed a certificate without its key, or a key without its certificate');
  }
  if (token === undefined && cert === undefined) {
    throw pluginFailed(exec, 'printed neither a token nor a certificate');
  }
  return {
    token,
    certificate: cert === undefined || key === undefined ? undefined : { cert, key },
    expiresAtMs: expiryOf(status['expirationTimestamp'], exec),
  };
}

export function pluginFailed(exec: KubeconfigExec, problem: string): RemedyError {
  return new RemedyError(
    'CREDENTIALS_FAILED',
    `the credential plugin ${plain(exec.command ?? '')} ${problem}`,
    {
      hint: hintOf(exec) ?? 'Run the plugin by hand to see what it says.',
    },
  );
}

export function pluginLate(exec: KubeconfigExec, timeoutMs: number): RemedyError {
  return new RemedyError(
    'CREDENTIALS_FAILED',
    `the credential plugin ${plain(exec.command ?? '')} was killed: it had not ended after ${timeoutMs / 1_000} s`,
    {
      hint: `Run the plugin by hand to see what it waits for; ${optionName('requestTimeout')} says how long it may take, 0 is without limit.`,
    },
  );
}

export function pluginCannotStart(exec: KubeconfigExec, thrown: unknown): RemedyError {
  const missing = (thrown as NodeJS.ErrnoException).code === 'ENOENT';
  const why = missing ? 'was not found' : `cannot be started: ${plain(messageOf(thrown))}`;
  return new RemedyError('CREDENTIALS_FAILED', `the credential plugin ${plain(exec.command ?? '')} ${why}`, {
    hint: hintOf(exec) ?? 'Install it, or correct exec.command of the kubeconfig user.',
    cause: thrown,
  });
}

/** JSON or YAML, as kubectl decodes it. */
async function parseAnswer(stdout: string, exec: KubeconfigExec): Promise<Record<string, unknown>> {
  try {
    const parsed = await jsonOrYaml(stdout);
    if (isRecord(parsed)) return parsed;
  } catch {
    // Said below, without the parser's message: it quotes what it read, which may be a token.
  }
  throw pluginFailed(exec, 'printed something that is neither a JSON nor a YAML object');
}

function tokenOf(value: unknown, exec: KubeconfigExec): string | undefined {
  const token = textOf(value);
  if (token !== undefined && !isHeaderValue(token)) {
    throw pluginFailed(exec, 'printed a token with characters that no token has');
  }
  return token;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function expiryOf(value: unknown, exec: KubeconfigExec): number | undefined {
  if (value === undefined || value === null) return undefined;
  const expiresAtMs = typeof value === 'string' ? rfc3339Ms(value) : NaN;
  if (Number.isNaN(expiresAtMs)) throw pluginFailed(exec, 'printed an expirationTimestamp that is no time');
  return expiresAtMs;
}

function hintOf(exec: KubeconfigExec): string | undefined {
  return exec.installHint === undefined ? undefined : plain(exec.installHint);
}

/** Text of a file or a program without what a terminal would obey. */
function plain(text: string): string {
  return text
    .replace(/\p{Cc}+/gu, ' ')
    .replace(/\p{Cf}/gu, '')
    .trim();
}
