import type { SearchGround } from './living-names.ts';
import type { LivingName, NameSource } from './names.ts';
import { isOfferable, type Candidate, type Completion } from './protocol.ts';
import type { ReadWords } from './typed-words.ts';
import type { ValueKind } from './value-kinds.ts';

/** What is known of the place whose value is completed. */
export interface Place {
  /** The beginning of the value. */
  current: string;
  /** Of every flag on the line, what was given. */
  given: ReadWords['given'];
  /** Formats of `-o` that are the command's own. */
  ownFormats: readonly string[];
}

/** What can stand in a place of this kind. */
export async function candidatesOf(kind: ValueKind, place: Place, ground: SearchGround): Promise<Completion> {
  const files = filesBeside[kind];
  const candidates = await namesOf(kind, place, ground);
  return files === undefined ? { candidates } : { candidates, files };
}

const filesBeside: Readonly<Partial<Record<ValueKind, Completion['files']>>> = {
  file: 'all',
  'file or fingerprint': 'all',
  policy: 'all',
  directory: 'directories',
};

async function namesOf(kind: ValueKind, place: Place, ground: SearchGround): Promise<Candidate[]> {
  if (isOneOf(kind, fixed)) return fixed[kind](place);
  return isOneOf(kind, living) ? livingCandidates(kind, place, ground) : [];
}

function isOneOf<K extends string>(kind: string, table: Readonly<Record<K, unknown>>): kind is K {
  return Object.hasOwn(table, kind);
}

/** What remedyctl itself has a list of. */
const fixed = {
  'output format': async ({ ownFormats }: Place) =>
    plain((await import('../render/output-format.ts')).formatBeginnings(ownFormats)),
  policy: async () => plain((await import('../../retry/policy-notation.ts')).policyNames),
  product: async () => plain((await import('../../plan/documentation-links.ts')).products),
  phase: async () => plain((await import('../../store/remediation-request-schema.ts')).requestPhases),
  'lock field': async () =>
    plain(Object.keys((await import('../../locks/sort-locks.ts')).lockSortKeys.fields)),
  'request field': async () =>
    plain(Object.keys((await import('../../request/sort-requests.ts')).requestSortKeys.fields)),
  template: async () => {
    const { templates } = await import('../../plan/templates.ts');
    return templates.map(({ name: value, summary: about }) => ({ value, about }));
  },
} as const;

function plain(values: readonly string[]): Candidate[] {
  return values.map((value) => ({ value }));
}

/** Names that a shell could read as anything but a word are left out, and each stands once. */
async function livingCandidates(
  kind: keyof typeof living,
  place: Place,
  ground: SearchGround,
): Promise<Candidate[]> {
  const { livingNames } = await import('./living-names.ts');
  const found = await living[kind]((...sources) => livingNames(sources, place.given, ground), place);
  const offered = found.filter(({ value }) => isOfferable(value));
  return [...new Map(offered.map(({ value, about }) => [value, { value, about }])).values()];
}

type Ask = (...sources: NameSource[]) => Promise<LivingName[]>;

/** What has to be looked for. */
const living = {
  request: (ask: Ask) => ask('request'),
  namespace: (ask: Ask) => ask('namespace'),
  context: (ask: Ask) => ask('context'),
  'kubeconfig cluster': (ask: Ask) => ask('kubeconfig cluster'),
  'kubeconfig user': (ask: Ask) => ask('kubeconfig user'),
  profile: (ask: Ask) => ask('profile'),
  run: (ask: Ask) => ask('run'),
  'open run': async (ask: Ask) => (await ask('run')).filter(({ isOpen }) => isOpen === true),
  'request in review': async (ask: Ask) =>
    (await ask('request')).filter(({ isInReview }) => isInReview === true),
  resource: async (ask: Ask) => resourcesOf(await ask('request')),
  holder: async (ask: Ask) => holdersOf(await ask('lock')),
  source: sourceCandidates,
  stream: streamCandidates,
  fingerprint: fingerprintCandidates,
  'file or fingerprint': fingerprintCandidates,
  subject: async (ask: Ask, place: Place): Promise<Candidate[]> => {
    if (beginsFingerprint(place)) return fingerprintCandidates(ask, place);
    const found = await ask('request');
    return [...found, ...resourcesOf(found)];
  },
  lock: lockCandidates,
  // what is to be locked has no lock yet
  'lock to take': async (ask: Ask, place: Place): Promise<Candidate[]> =>
    beginsFingerprint(place) ? fingerprintCandidates(ask, place) : ask('request', 'lock'),
} as const;

async function fingerprintCandidates(ask: Ask, place: Place): Promise<Candidate[]> {
  return beginsFingerprint(place) ? fingerprintsOf(await ask('request')) : [];
}

/** A lock goes by its fingerprint and by its request too. */
async function lockCandidates(ask: Ask, place: Place): Promise<Candidate[]> {
  if (beginsFingerprint(place)) return fingerprintCandidates(ask, place);
  return place.current.startsWith('r') ? ask('request') : ask('lock');
}

/** Sixty-four digits tell nobody anything: they are offered to whoever has begun to type them. */
function beginsFingerprint({ current }: Place): boolean {
  return /^[0-9a-f]+$/.test(current);
}

function fingerprintsOf(requests: readonly LivingName[]): Candidate[] {
  return requests.flatMap(({ fingerprint: value, about }) => (value === undefined ? [] : [{ value, about }]));
}

function resourcesOf(requests: readonly LivingName[]): Candidate[] {
  return requests.flatMap(({ resource, value }) =>
    resource === undefined ? [] : [{ value: resource, about: `of ${value}` }],
  );
}

function holdersOf(locks: readonly LivingName[]): Candidate[] {
  return locks.flatMap(({ holder, value }) =>
    holder === undefined ? [] : [{ value: holder, about: `holds ${value}` }],
  );
}

const ofNamespace = 'events=';

async function streamCandidates(ask: Ask, { current }: Place): Promise<Candidate[]> {
  if (!current.startsWith(ofNamespace)) return plain(['events', ofNamespace]);
  return (await ask('namespace')).map(({ value, about }) => ({ value: `${ofNamespace}${value}`, about }));
}

const fromRequest = 'request=';

async function sourceCandidates(ask: Ask, { current }: Place): Promise<Candidate[]> {
  if (!current.startsWith(fromRequest)) return plain(['alertmanager=', 'prometheus=', fromRequest]);
  return (await ask('request')).map(({ value, about }) => ({ value: `${fromRequest}${value}`, about }));
}
