import path from 'node:path';
import type { KubeObject } from '../api/objects.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { formatMicroTime } from '../lease/micro-time.ts';
import { leaseName } from '../lease/lease-name.ts';
import { readDocuments, type ReadOptions } from '../documents/read-documents.ts';
import type { SourceDocument } from '../documents/source-document.ts';
import { rfc3339Ms } from '../time/rfc3339.ts';
import type { CaseFile } from './case-file.ts';
import type { ExistingRequest, TestCase } from './case-schema.ts';
import { readObjects } from '../documents/object-files.ts';
import type { TestContext } from './test-context.ts';
import type { CaseInput } from './case-bench.ts';

/** Makes a case ready to be run. @throws what is wrong with the files that it names, by their names */
export async function caseInput(context: TestContext, file: CaseFile, index: number): Promise<CaseInput> {
  const { content } = file;
  const one = caseAt(file, index);
  const files = new CaseFolder(context, file.file);
  const now = one.now ?? content.now;
  const options = { ...content.options, ...one.options };
  const requests = await stateOf(one, files);
  const nowMs = now === undefined ? context.clock.now() : rfc3339Ms(now);
  return {
    nowMs,
    as: one.as ?? content.as ?? 'embedded',
    enforceFreshness: options.enforceFreshness ?? false,
    skipScopeCheck: options.skipScopeCheck ?? false,
    clusterIdScope: options.clusterIdScope ?? 'local',
    targets: options,
    objects: await files.objects([...(content.objects ?? []), ...(one.objects ?? [])]),
    documents: await documentsOf(one, files),
    state: (fingerprint) => [
      ...requests.map((request) => request(fingerprint, context)),
      ...leaseOf(one, { fingerprint, context, nowMs }),
    ],
  };
}

/** The case at an index that is in range. */
export function caseAt({ content }: CaseFile, index: number): TestCase {
  const one = content.cases[index];
  if (one === undefined) throw new RangeError(`there is no case ${index}`);
  return one;
}

/** As commands that read signals do; a case is held to what its signals say. */
const asSignals: Partial<ReadOptions> = { elements: true, textSkipped: () => undefined };

/** Files are named relative to the case file. */
class CaseFolder {
  readonly file: string;
  readonly #context: TestContext;

  constructor(context: TestContext, file: string) {
    this.#context = context;
    this.file = file;
  }

  async objects(given: readonly (string | object)[]): Promise<KubeObject[]> {
    const objects: KubeObject[] = [];
    for (const one of given) {
      if (typeof one === 'string') objects.push(...(await readObjects([one], this.#options())));
      else objects.push(one as KubeObject);
    }
    return objects;
  }

  async documents(file: string): Promise<SourceDocument[]> {
    const documents: SourceDocument[] = [];
    for await (const document of readDocuments([file], { ...this.#options(), ...asSignals })) {
      const missing = ['INPUT_NOT_FOUND', 'INPUT_UNREADABLE'];
      if (document.kind === 'unreadable' && missing.includes(document.reason.code)) {
        throw invalid(document.reason.message);
      }
      documents.push(document);
    }
    return documents;
  }

  #options(): ReadOptions {
    const context = this.#context;
    return {
      cwd: path.dirname(path.resolve(context.cwd, this.file)),
      get stdin() {
        return context.stdin;
      },
      maxDocumentBytes: context.settings['ingest.maxDocument'],
      signal: context.signal,
    };
  }
}

async function documentsOf(one: TestCase, files: CaseFolder): Promise<SourceDocument[]> {
  if (one.signalFile !== undefined) return files.documents(one.signalFile);
  const value = one.alert === undefined ? one.signal : webhookOf(one.alert);
  const text = JSON.stringify(value);
  // As a file has it: a value without undefined members, nothing shared with the case.
  const parsed: unknown = JSON.parse(text);
  return [{ kind: 'document', file: files.file, document: 0, line: 1, value: parsed, text, warnings: [] }];
}

function webhookOf(alert: NonNullable<TestCase['alert']>): object {
  const { status = 'firing', labels, annotations = {}, startsAt } = alert;
  return {
    version: '4',
    groupKey: '{}',
    status,
    receiver: 'signal-test',
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    externalURL: '',
    alerts: [{ status, labels, annotations, ...(startsAt === undefined ? {} : { startsAt }) }],
  };
}

type RequestOf = (fingerprint: string | undefined, context: TestContext) => KubeObject;

async function stateOf({ requests = [] }: TestCase, files: CaseFolder): Promise<RequestOf[]> {
  const made: RequestOf[] = [];
  for (const request of requests) {
    if (typeof request === 'string' || 'kind' in request) {
      const objects = await files.objects([request]);
      made.push(...objects.map((object) => (): KubeObject => object));
    } else {
      made.push((fingerprint, context) => requestOf(request, fingerprint, context));
    }
  }
  return made;
}

function requestOf(
  short: ExistingRequest,
  fingerprint: string | undefined,
  { settings }: TestContext,
): KubeObject {
  const signalFingerprint = short.fingerprint ?? fingerprint;
  if (signalFingerprint === undefined) {
    throw invalid(`request ${short.name} needs a fingerprint: the case's signal has none`);
  }
  const { name, phase, outcome, nextAllowedExecution, createdAt, deletedAt, occurrenceCount } = short;
  return {
    apiVersion: 'kubernaut.ai/v1alpha1',
    kind: 'RemediationRequest',
    metadata: {
      name,
      namespace: settings.namespace,
      ...(createdAt === undefined ? {} : { creationTimestamp: createdAt }),
      ...(deletedAt === undefined
        ? {}
        : { deletionTimestamp: deletedAt, finalizers: ['remedyctl.dev/case'] }),
    },
    spec: { signalFingerprint },
    status: {
      ...(phase === undefined ? {} : { overallPhase: phase }),
      ...(outcome === undefined ? {} : { completionStatus: { outcome } }),
      ...(nextAllowedExecution === undefined ? {} : { routingStatus: { nextAllowedExecution } }),
      ...(occurrenceCount === undefined ? {} : { deduplication: { occurrenceCount } }),
    },
  };
}

interface LeaseState {
  fingerprint: string | undefined;
  context: TestContext;
  nowMs: number;
}

function leaseOf({ lease }: TestCase, { fingerprint, context, nowMs }: LeaseState): KubeObject[] {
  if (lease === undefined) return [];
  if (fingerprint === undefined) throw invalid('the lease needs a fingerprint: the signal has none');
  const micro = (time: string | undefined): string =>
    formatMicroTime(time === undefined ? nowMs : rfc3339Ms(time));
  const { holder, acquiredAt, renewedAt, durationSeconds = 30 } = lease;
  return [
    {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: leaseName(fingerprint), namespace: context.settings.leaseNamespace },
      spec: {
        holderIdentity: holder,
        leaseDurationSeconds: durationSeconds,
        acquireTime: micro(acquiredAt ?? renewedAt),
        renewTime: micro(renewedAt ?? acquiredAt),
      },
    },
  ];
}

function invalid(message: string): RemedyError {
  return new RemedyError('INVALID_DOCUMENT', message);
}
