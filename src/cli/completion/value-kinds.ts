/** The one table of what arguments and flags without a fixed list of values stand for. */
import type { KnownFlag } from './typed-words.ts';

/** What a word stands for; `text`: for nothing that could be offered. */
export type ValueKind =
  | 'text'
  | 'file'
  | 'directory'
  | 'file or fingerprint'
  | 'output format'
  | 'source'
  | 'stream'
  | 'template'
  | 'policy'
  | 'product'
  | 'phase'
  | 'lock field'
  | 'request field'
  | 'context'
  | 'kubeconfig cluster'
  | 'kubeconfig user'
  | 'profile'
  | 'namespace'
  | 'request'
  | 'request in review'
  | 'fingerprint'
  | 'resource'
  | 'subject'
  | 'lock'
  | 'lock to take'
  | 'holder'
  | 'run'
  | 'open run';

/** By command and argument; an argument of none of these is a text. */
const argumentKinds: Readonly<Record<string, ValueKind>> = {
  'signal:ingest files': 'file',
  'signal:send files': 'file',
  'signal:normalize files': 'file',
  'signal:explain inputs': 'file or fingerprint',
  'signal:test files': 'file',
  'store:import files': 'file',
  'plan:validate files': 'file',
  'plan:show files': 'file',
  'plan:run files': 'file',
  'plan:new template': 'template',
  'plan:resume run': 'open run',
  'plan:status run': 'run',
  'retry:replay traces': 'file',
  'retry:schedule policies': 'policy',
  'retry:compare policies': 'policy',
  'request:get name': 'request',
  'request:ack name': 'request in review',
  'dedup:show about': 'subject',
  'lease:get key': 'lock',
  'lease:renew key': 'lock',
  'lease:release key': 'lock',
  'lease:acquire key': 'lock to take',
  'lease:run key': 'lock to take',
};

/** By what the value of a flag is called in help. */
const kindsByHelpValue: Readonly<Record<string, ValueKind>> = {
  FILE: 'file',
  'FROM..TO|FILE': 'file',
  DIR: 'directory',
  FORMAT: 'output format',
  SOURCE: 'source',
  STREAM: 'stream',
  NAMESPACE: 'namespace',
  SHA256: 'fingerprint',
  PHASE: 'phase',
  POLICY: 'policy',
  HOLDER: 'holder',
  'KIND/NAME': 'resource',
};

/** By the flag, where help calls its value what many are called; with the command where that alone has it so. */
const kindsByFlag: Readonly<Record<string, ValueKind>> = {
  context: 'context',
  cluster: 'kubeconfig cluster',
  user: 'kubeconfig user',
  profile: 'profile',
  product: 'product',
  'lease:list sort-by': 'lock field',
  'request:list sort-by': 'request field',
};

export function kindOfArgument(id: string, argument: string): ValueKind {
  return argumentKinds[`${id} ${argument}`] ?? 'text';
}

export function kindOfFlag(id: string, name: string, { helpValue = '' }: KnownFlag): ValueKind {
  return kindsByFlag[`${id} ${name}`] ?? kindsByFlag[name] ?? kindsByHelpValue[String(helpValue)] ?? 'text';
}
