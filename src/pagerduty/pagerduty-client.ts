import { RemedyError } from '../errors/remedy-error.ts';
import { asObject, known, listIn, objectIn, textIn, truthIn } from '../http/json-fields.ts';
import type { Authority } from '../http/remote-endpoint.ts';
import { RemoteEndpoint } from '../http/remote-endpoint.ts';
import { RemoteError } from '../http/remote-error.ts';
import type { RemoteHttp } from '../http/remote-http.ts';
import type { CallOptions, RemoteRequest } from '../http/remote-request.ts';
import type { Secret } from '../http/secret.ts';
import type { IncidentChanges } from './incident-requests.ts';
import {
  createNoteRequest,
  currentUserRequest,
  findUsersRequest,
  getEscalationPolicyRequest,
  getIncidentRequest,
  listAlertsRequest,
  listNotesRequest,
  updateIncidentRequest,
} from './incident-requests.ts';
import { pagerDutyRefusal } from './pagerduty-refusal.ts';
import { checkRegion, isOAuthToken } from './pagerduty-token.ts';
import type {
  AlertFields,
  AlertsAnswer,
  EscalationPolicyAnswer,
  EscalationPolicyFields,
  IncidentAnswer,
  IncidentFields,
  NoteAnswer,
  NoteFields,
  NotesAnswer,
  ReferenceFields,
  UserAnswer,
  UserFields,
  UsersAnswer,
} from './pagerduty-wire.ts';

/** An incident as far as plans need it. */
export interface Incident {
  readonly id: string;
  readonly title: string;
  /** triggered, acknowledged, resolved. */
  readonly status: string;
  readonly escalationPolicyId?: string;
  readonly serviceId?: string;
  readonly htmlUrl?: string;
}

/** A note of an incident. */
export interface IncidentNote {
  readonly id?: string;
  readonly content: string;
  /** RFC 3339. */
  readonly createdAt?: string;
}

/** An escalation policy as far as plans need it. */
export interface EscalationPolicy {
  readonly id: string;
  readonly name?: string;
}

/** A user of the account. */
export interface PagerDutyUser {
  readonly email: string;
  /** admin, user, observer, read_only_user, … */
  readonly role?: string;
}

/** An alert of an incident. */
export interface IncidentAlert {
  readonly id: string;
  /** `body.details`, as it came. */
  readonly details: unknown;
}

/**
 * PagerDuty REST v2. Every call is one HTTP attempt (an iteration over alerts or users: one for each page); errors are
 * RemoteError, UnknownOutcomeError from the two writes, and INVALID_OPTION for an id that is empty, `.` or `..`.
 */
export interface PagerDutyClient {
  /** Adds a note. One whose answer was lost can be looked for by `listNotes`. */
  createNote(incidentId: string, content: string, options?: CallOptions): Promise<IncidentNote>;
  /** Every note of the incident. Errors: NOT_FOUND. */
  listNotes(incidentId: string, options?: CallOptions): Promise<IncidentNote[]>;
  /** Changes all of it at once. Errors: INVALID_OPTION where nothing is to be changed, or to an empty escalation policy. */
  updateIncident(incidentId: string, changes: IncidentChanges, options?: CallOptions): Promise<void>;
  /** The incident as it is now. Errors: NOT_FOUND. */
  getIncident(incidentId: string, options?: CallOptions): Promise<Incident>;
  /** The policy with this id. Errors: NOT_FOUND. */
  getEscalationPolicy(policyId: string, options?: CallOptions): Promise<EscalationPolicy>;
  /** All pages, each asked for when the one before has been read. */
  listAlerts(incidentId: string, options?: CallOptions): AsyncGenerator<IncidentAlert, void>;
  /** Whose token it is; undefined of a key of the account, which belongs to nobody. */
  currentUser(options?: CallOptions): Promise<PagerDutyUser | undefined>;
  /** Those whose name or e-mail address contains the text: all pages, each asked for when the one before has been read. */
  findUsers(text: string, options?: CallOptions): AsyncGenerator<PagerDutyUser, void>;
}

/** Whose account it is, and as whom it is written to. */
export interface PagerDutyOptions {
  readonly http: RemoteHttp;
  /** As `baseUrl` gives it: `https://api.pagerduty.com`, in the EU `https://api.eu.pagerduty.com`. */
  readonly base: string;
  /** A REST API key, or a token of OAuth. */
  readonly token: Secret;
  /** The token is one of OAuth. Default: where it looks like one (`pdus+…`, `pdeu+…`). */
  readonly isOAuth?: boolean | undefined;
  /** The e-mail address of a user of the account, as whom everything is written. */
  readonly from: string;
}

/** PagerDuty gives nothing beyond this offset. */
const lastOffset = 10_000;

/**
 * A client of one account. Opens nothing before the first call. Errors: CONFIG_INVALID where `from` is no e-mail address,
 * CREDENTIALS_FAILED for a token of another region than `base`.
 */
export function pagerDutyClient(options: PagerDutyOptions): PagerDutyClient {
  checkRegion(options.token, options.base);
  const endpoint = new RemoteEndpoint({
    http: options.http,
    base: options.base,
    title: 'PagerDuty',
    authority: authorityOf(options, mailAddress(options.from)),
    refusalIn: pagerDutyRefusal,
    credentialsHint: 'Check the API key (PAGERDUTY_TOKEN or pagerduty.tokenFile) and that it may write.',
  });
  return new HttpPagerDuty(endpoint);
}

class HttpPagerDuty implements PagerDutyClient {
  readonly #endpoint: RemoteEndpoint;

  constructor(endpoint: RemoteEndpoint) {
    this.#endpoint = endpoint;
  }

  async createNote(incidentId: string, content: string, options?: CallOptions): Promise<IncidentNote> {
    const request = createNoteRequest(incidentId, content);
    return this.#endpoint.call(
      request,
      // the status says that it is there, whatever the answer shows of it
      {
        status: 200,
        read: (body) => asObject(body) && readNote(objectIn<NoteAnswer>(body, 'note') ?? {}, content),
      },
      options,
    );
  }

  async listNotes(incidentId: string, options?: CallOptions): Promise<IncidentNote[]> {
    const read = (body: unknown): IncidentNote[] | undefined =>
      listIn<NotesAnswer>(body, 'notes')?.flatMap((note) => readNote(note) ?? []);
    return this.#endpoint.call(listNotesRequest(incidentId), { status: 200, read }, options);
  }

  async updateIncident(incidentId: string, changes: IncidentChanges, options?: CallOptions): Promise<void> {
    checkChanges(changes);
    const request = updateIncidentRequest(incidentId, changes);
    await this.#endpoint.call(request, { status: 200, read: asObject }, options);
  }

  async getIncident(incidentId: string, options?: CallOptions): Promise<Incident> {
    return this.#endpoint.call(getIncidentRequest(incidentId), { status: 200, read: readIncident }, options);
  }

  async getEscalationPolicy(policyId: string, options?: CallOptions): Promise<EscalationPolicy> {
    const request = getEscalationPolicyRequest(policyId);
    return this.#endpoint.call(request, { status: 200, read: readEscalationPolicy }, options);
  }

  listAlerts(incidentId: string, options?: CallOptions): AsyncGenerator<IncidentAlert, void> {
    return this.#pages((offset) => listAlertsRequest(incidentId, offset), readAlertPage, options);
  }

  findUsers(text: string, options?: CallOptions): AsyncGenerator<PagerDutyUser, void> {
    return this.#pages((offset) => findUsersRequest(text, offset), readUserPage, options);
  }

  async currentUser(options?: CallOptions): Promise<PagerDutyUser | undefined> {
    const read = (body: unknown): PagerDutyUser | undefined => readUser(objectIn<UserAnswer>(body, 'user'));
    try {
      return await this.#endpoint.call(currentUserRequest(), { status: 200, read }, options);
    } catch (thrown) {
      // what PagerDuty answers to a key that is nobody's
      if (thrown instanceof RemoteError && thrown.httpStatus === 400) return undefined;
      throw thrown;
    }
  }

  async *#pages<T>(
    requestAt: (offset: number) => RemoteRequest,
    read: (body: unknown) => ListPage<T> | undefined,
    options: CallOptions | undefined,
  ): AsyncGenerator<T, void> {
    for (let offset = 0; offset < lastOffset;) {
      const page = await this.#endpoint.call(requestAt(offset), { status: 200, read }, options);
      yield* page.items;
      if (!page.more || page.length === 0) return;
      offset += page.length;
    }
  }
}

function authorityOf(
  { token, isOAuth = isOAuthToken(token) }: Pick<PagerDutyOptions, 'token' | 'isOAuth'>,
  from: string,
): Authority {
  const scheme = isOAuth ? 'Bearer ' : 'Token token=';
  const accept = 'application/vnd.pagerduty+json;version=2';
  const headers = (): Record<string, string> => ({
    authorization: scheme + token.reveal(),
    accept,
    'content-type': 'application/json',
  });
  return {
    headers: ({ write }) => Promise.resolve(write ? { ...headers(), from } : headers()),
    refused: () => undefined,
    secrets: () => [token],
  };
}

function mailAddress(from: string): string {
  if (/^[\x21-\x3f\x41-\x7e]+@[\x21-\x3f\x41-\x7e]+$/.test(from)) return from;
  throw new RemedyError('CONFIG_INVALID', 'pagerduty.from is no e-mail address', {
    hint: 'Set pagerduty.from to the e-mail address of a user of the PagerDuty account.',
  });
}

function checkChanges(changes: IncidentChanges): void {
  const { escalationPolicy } = changes;
  const problem =
    escalationPolicy?.trim() === ''
      ? 'the escalation policy is empty'
      : Object.values(changes).every((value) => value === undefined)
        ? 'nothing of the incident is to be changed'
        : undefined;
  if (problem === undefined) return;
  throw new RemedyError('INVALID_OPTION', problem, {
    hint: 'Name a title, an escalation level, an escalation policy or a status.',
  });
}

function readIncident(body: unknown): Incident | undefined {
  const incident = objectIn<IncidentAnswer>(body, 'incident');
  const id = textIn<IncidentFields>(incident, 'id');
  const title = textIn<IncidentFields>(incident, 'title');
  if (id === undefined || title === undefined) return undefined;
  return {
    id,
    title,
    status: textIn<IncidentFields>(incident, 'status') ?? 'unknown',
    ...known({
      escalationPolicyId: textIn<ReferenceFields>(
        objectIn<IncidentFields>(incident, 'escalation_policy'),
        'id',
      ),
      serviceId: textIn<ReferenceFields>(objectIn<IncidentFields>(incident, 'service'), 'id'),
      htmlUrl: textIn<IncidentFields>(incident, 'html_url'),
    }),
  };
}

function readEscalationPolicy(body: unknown): EscalationPolicy | undefined {
  const policy = objectIn<EscalationPolicyAnswer>(body, 'escalation_policy');
  const id = textIn<EscalationPolicyFields>(policy, 'id');
  return id === undefined
    ? undefined
    : { id, ...known({ name: textIn<EscalationPolicyFields>(policy, 'name') }) };
}

/** `sent`: what was just written, for an answer that does not repeat it. */
function readNote(value: unknown, sent?: string): IncidentNote | undefined {
  const content = textIn<NoteFields>(value, 'content') ?? sent;
  if (asObject(value) === undefined || content === undefined) return undefined;
  return {
    content,
    ...known({ id: textIn<NoteFields>(value, 'id'), createdAt: textIn<NoteFields>(value, 'created_at') }),
  };
}

interface ListPage<T> {
  readonly items: readonly T[];
  /** Of the page as it came. */
  readonly length: number;
  readonly more: boolean;
}

function readAlertPage(body: unknown): ListPage<IncidentAlert> | undefined {
  return readPage(listIn<AlertsAnswer>(body, 'alerts'), body, (alert) => ({
    id: textIn<AlertFields>(alert, 'id') ?? '',
    details: objectIn<AlertFields>(alert, 'body')?.['details'],
  }));
}

function readUserPage(body: unknown): ListPage<PagerDutyUser> | undefined {
  return readPage(listIn<UsersAnswer>(body, 'users'), body, (user) => readUser(user) ?? { email: '' });
}

function readUser(user: unknown): PagerDutyUser | undefined {
  const email = textIn<UserFields>(user, 'email');
  return email === undefined ? undefined : { email, ...known({ role: textIn<UserFields>(user, 'role') }) };
}

function readPage<T>(
  list: readonly unknown[] | undefined,
  body: unknown,
  read: (item: unknown) => T,
): ListPage<T> | undefined {
  if (list === undefined) return undefined;
  return {
    items: list.map(read),
    length: list.length,
    more: truthIn<AlertsAnswer | UsersAnswer>(body, 'more') === true,
  };
}
