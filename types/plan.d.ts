import { ConfigProblem } from './shared.js';
import { ByteStream, Clock, Random, RemedyError, Notes, Identity, RetryPolicy, ErrorCode } from './index.js';
import { ConnectOptions, KubeClient } from './kube.js';

/**
 * The bodies of OCM's service logs v1 and clusters_mgmt v1 as far as they are used. A test holds them against the
 * published documents, which require no field at all: what is sent has every field here, what is read has none for sure.
 */
/** The severities of service logs. */
declare const serviceLogSeverities: readonly [
  'Debug',
  'Info',
  'Warning',
  'Error',
  'Fatal',
  'Major',
  'Critical',
  'Important',
  'Moderate',
  'Low',
];
/** One of `serviceLogSeverities`. */
type ServiceLogSeverity = (typeof serviceLogSeverities)[number];

/**
 * The plan of an executor: what is to be written to PagerDuty, OCM and Backplane about one cluster and one incident.
 *
 * A `Plan` is canonical: validated, with every default filled in, `include`, `${KEY}` and `${env:…}` resolved and its
 * actions in the order of execution. It holds nothing that is live: no time, no title of an incident, no credentials.
 */

/** Everything that a plan can do, by the name that plan files have for it. */
declare const actionTypes: readonly [
  'service_log',
  'limited_support',
  'pagerduty_note',
  'pagerduty_title_update',
  'silence_incident',
  'escalate_incident',
  'backplane_report',
];
/** One of `actionTypes`. */
type ActionType = (typeof actionTypes)[number];
/** The severities of service logs, as OCM has them. */
declare const severities: readonly [
  'Debug',
  'Info',
  'Warning',
  'Error',
  'Fatal',
  'Major',
  'Critical',
  'Important',
  'Moderate',
  'Low',
];
/** One of `severities`. */
type Severity = ServiceLogSeverity;
/** The largest number of attempts after the first that a plan may ask for. */
declare const mostRetries = 20;
/** execute: do it. informing: do nothing, post what would be done as a note. manual: no PagerDuty. */
declare const planModes: readonly ['execute', 'informing', 'manual'];
/** One of `planModes`. */
type PlanMode = (typeof planModes)[number];
/** A plan in its canonical form, as `buildPlan` and `loadPlans` make it. */
interface Plan {
  /** `metadata.name`. */
  readonly name: string;
  /** The label `alert_type` of the metrics. Default: the name. */
  readonly alertType: string;
  /** The name in the header of the notes. Default: the name. */
  readonly noteTitle: string;
  readonly cluster?: PlanCluster;
  readonly incident?: PlanIncident;
  readonly options: PlanOptions;
  /** What the notes hold before anything ran. */
  readonly notes: readonly NoteLine[];
  /** In the order of execution; `index` tells the place in the file. */
  readonly actions: readonly PlannedAction[];
}
/** The cluster that a plan is about. */
interface PlanCluster {
  /** OCM's internal id. */
  readonly id: string;
  /** The UUID; service logs are looked for by it, else by `id`: an installation that failed has none. */
  readonly externalId?: string;
  readonly name?: string;
  /** In lower case, as OCM has it: rosa, osd, … Links to the documentation of the other of these two are refused. */
  readonly product?: string;
}
/** The incident of PagerDuty that a plan is about. */
interface PlanIncident {
  readonly id: string;
  /** The escalation policy of `silence_incident`, in place of the configured one. */
  readonly silentPolicy?: string;
}
/** How a plan is carried out. */
interface PlanOptions {
  /** Default false. */
  readonly concurrent: boolean;
  /** Default false. */
  readonly stopOnError: boolean;
  /** Attempts after the first; 0 is none. Default 3. */
  readonly maxRetries: number;
  /** Default execute. */
  readonly mode: PlanMode;
  /** Limited support, service log and silence become a note and an escalation. Default false. */
  readonly infraCluster: boolean;
  /**
   * How old a service log may be to count as the same, such as `7d`; 0s: none does. Default: as configured, else 7 days. Not
   * there where the plan does not say it, so that its hash stays.
   */
  readonly duplicateWithin?: string;
}
/** One line of the notes of a run. */
type NoteLine =
  | {
      readonly kind: 'success' | 'warning' | 'automation';
      readonly text: string;
    }
  /** A line `## title`. */
  | {
      readonly kind: 'section';
      readonly text: string;
    };
/** What every action has beside its own fields. */
interface ActionPlace {
  /** Its place among the actions of the file and its includes, from 0; stand-ins follow the last one. */
  readonly index: number;
  /** 1: reports, service logs, limited supports. 2: PagerDuty, in order. */
  readonly phase: 1 | 2;
  /** Indexes of the actions that come before it for a reason: a failed remedy stops the silence. */
  readonly dependsOn: readonly number[];
  /** The index of the action that it stands in for. */
  readonly replaces?: number;
}
/** A message to the owner of the cluster, in the log of its services at OCM. */
interface ServiceLog {
  readonly type: 'service_log';
  readonly severity: Severity;
  readonly summary: string;
  /** Default: empty. */
  readonly description: string;
  /** Default: SREManualAction. */
  readonly serviceName: string;
  /** Default: false. */
  readonly internalOnly: boolean;
  /** Goes nowhere but into the plan and its run. */
  readonly reason?: string;
  /** Default: false. */
  readonly allowDuplicates: boolean;
}
/** A reason of OCM why the cluster is in limited support; the owner reads it. */
interface LimitedSupport {
  readonly type: 'limited_support';
  readonly summary: string;
  readonly details: string;
  /** The metric's label `ls_summary`. */
  readonly context: string;
  /** Default: false. */
  readonly allowDuplicates: boolean;
}
/** Either a text of its own, or the notes as they are when it is sent. */
type NoteContent =
  | {
      readonly content: string;
      readonly fromNotes?: undefined;
    }
  | {
      readonly fromNotes: true;
      readonly content?: undefined;
    };
/** A note of the incident. */
type PagerDutyNote = {
  readonly type: 'pagerduty_note';
} & NoteContent;
/** A prefix before the title of the incident, unless the title has it. */
interface PagerDutyTitleUpdate {
  readonly type: 'pagerduty_title_update';
  readonly prefix: string;
}
/** Moves the incident to the silent escalation policy, once every remedy before it came about. */
interface SilenceIncident {
  readonly type: 'silence_incident';
  /** Put into the notes. */
  readonly reason?: string;
  /** It is meant to silence with nothing sent before. Default: false. */
  readonly withoutRemedy: boolean;
}
/** Escalates the incident to the configured level. */
interface EscalateIncident {
  readonly type: 'escalate_incident';
  /** Put into the notes. */
  readonly reason?: string;
}
/** Either a text of its own, or the notes as they are when it is sent. */
type ReportData =
  | {
      readonly data: string;
      readonly fromNotes?: undefined;
    }
  | {
      readonly fromNotes: true;
      readonly data?: undefined;
    };
/** A report of a cluster, kept by Backplane. */
type BackplaneReport = {
  readonly type: 'backplane_report';
  /** Default: the plan's cluster. */
  readonly clusterId: string;
  readonly summary: string;
  /** The summary is sent as `<time of sending, UTC, RFC 3339> : <summary>`. Default: false. */
  readonly timestamped: boolean;
} & ReportData;
/** An action of a plan without its place. */
type Action =
  | ServiceLog
  | LimitedSupport
  | PagerDutyNote
  | PagerDutyTitleUpdate
  | SilenceIncident
  | EscalateIncident
  | BackplaneReport;
/** An action at its place in a plan. */
type PlannedAction = Action & ActionPlace;
/** The action of one type. */
type ActionOf<T extends ActionType> = Extract<
  Action,
  {
    type: T;
  }
>;
/** The action of one type at its place in a plan. */
type PlannedActionOf<T extends ActionType> = Extract<
  PlannedAction,
  {
    type: T;
  }
>;
/** A remedy is what tells the customer: a silence without one before it hides an open problem. */
declare function isRemedy(action: Action): action is ServiceLog | LimitedSupport;
/** A remedy that the customer reads: a service log may be hidden from them. */
declare function tellsCustomer(action: Action): boolean;
/** Whether it is a write to PagerDuty. */
declare function isPagerDutyAction(
  action: Action,
): action is PagerDutyNote | PagerDutyTitleUpdate | SilenceIncident | EscalateIncident;

/** What becomes of each action in the plan's mode, before anything is sent. */

/** What becomes of an action in the mode of its plan. */
type Treatment =
  | 'run'
  /** Left out by the mode: PagerDuty in manual mode, everything in informing mode. */
  | 'skipped_mode'
  /** An infrastructure cluster: a note and an escalation take its place. */
  | 'intercepted';
/** An action at its place, with what becomes of it. */
interface ArrangedAction {
  readonly action: PlannedAction;
  readonly treatment: Treatment;
}
/**
 * Every action of the plan in the order of execution, with its treatment, then the stand-ins. Nothing is dropped:
 * what does not run is still there, so that each action has an outcome.
 */
declare function arrangePlan(plan: Plan): ArrangedAction[];

/** A plan whose parts have been checked, with the actions in the order of the file. */
interface PlanParts {
  readonly name: string;
  readonly alertType?: string | undefined;
  readonly noteTitle?: string | undefined;
  readonly cluster?: PlanCluster | undefined;
  readonly incident?: PlanIncident | undefined;
  readonly options?: Partial<PlanOptions> | undefined;
  readonly notes?: readonly NoteLine[] | undefined;
  readonly actions: readonly Action[];
}

/**
 * Checks the fields of one action and fills in its defaults. `cluster` is the plan's, for a report that names none.
 *
 * @throws INVALID_FIELD with every field that is wrong, in `details.problems` too
 */
declare function buildAction(
  type: ActionType,
  fields: Readonly<Record<string, unknown>>,
  cluster?: PlanCluster,
): Action;
declare class ActionBuilder<T extends ActionType> {
  #private;
  constructor(type: T, fields: Readonly<Record<string, unknown>>);
  protected with(fields: Readonly<Record<string, unknown>>): this;
  /**
   * The action. `cluster` is the plan's, for a report that names none.
   *
   * @throws INVALID_FIELD with every field that is wrong
   */
  build(cluster?: PlanCluster): ActionOf<T>;
}
/** A service log; by itself it is of SREManualAction, seen by the customer, without description, and sent once. */
declare class ServiceLogBuilder extends ActionBuilder<'service_log'> {
  constructor(severity: Severity, summary: string);
  /** The text; default: empty. */
  description(description: string): this;
  /** Who sends it; default: SREManualAction. */
  serviceName(serviceName: string): this;
  /** Hides it from the customer. */
  internalOnly(internalOnly?: boolean): this;
  /** Why; kept with the plan and its run, sent nowhere. */
  reason(reason: string): this;
  /** Sends it even where the cluster has one with the same summary and description. */
  allowDuplicates(allowDuplicates?: boolean): this;
}
/** Limited support of a cluster; `context` is the label ls_summary of the metric. */
declare class LimitedSupportBuilder extends ActionBuilder<'limited_support'> {
  constructor(summary: string, details: string, context: string);
  /** Adds it even where the cluster has one that says the same. */
  allowDuplicates(allowDuplicates?: boolean): this;
}
/** A note of an incident: text of its own, piece by piece, or the notes of the run. */
declare class NoteActionBuilder extends ActionBuilder<'pagerduty_note'> {
  #private;
  constructor(initial?: string);
  /** In place of everything so far. */
  content(text: string): this;
  /** One more line. */
  line(text: string): this;
  /** One more section: an empty line, `## title`, the text. */
  section(title: string, text: string): this;
  /** The notes of the run, as they are when the note is sent; not beside content of its own. */
  fromNotes(): this;
  /** @throws INVALID_FIELD without content, or with content beside `fromNotes` */
  build(): ActionOf<'pagerduty_note'>;
}
/** A report of a cluster, by itself of the plan's: text of its own, or the notes of the run. */
declare class ReportBuilder extends ActionBuilder<'backplane_report'> {
  constructor(summary: string);
  /** In place of the plan's. */
  cluster(clusterId: string): this;
  /** The text, plain. */
  data(data: string): this;
  /** The notes of the run, as they are when the report is sent. */
  fromNotes(): this;
  /** The time of sending goes before the summary. */
  timestamped(): this;
}
/**
 * Puts this and a space before the title of the incident, unless the title has it anywhere.
 *
 * @throws INVALID_FIELD for white space alone
 */
declare function titlePrefix(prefix: string): ActionOf<'pagerduty_title_update'>;
/**
 * Moves the incident to the silent escalation policy; `withoutRemedy`: it is meant to come without a remedy
 * before it.
 */
declare function silence(reason?: string, withoutRemedy?: boolean): ActionOf<'silence_incident'>;
/** Escalates the incident to the configured level; the reason goes into the notes. */
declare function escalate(reason?: string): ActionOf<'escalate_incident'>;
/** A report of the notes under `<time of sending> : <name>`, and a note of the same. */
declare function reportAndNote(name: string, cluster: PlanCluster): Action[];
/** What a built plan is about, and how it is carried out; defaults as in plan files. */
type PlanSubject = Omit<PlanParts, 'actions'>;
/**
 * The plan of actions in the order in which they were thought of; `actions` of it are in the order of execution.
 *
 * @throws INVALID_FIELD where a field of the subject is wrong (all of them) or the plan does not hold together (the
 *   first reason)
 */
declare function buildPlan(subject: PlanSubject, actions: readonly Action[]): Plan;

/**
 * The SHA-256 of what a plan says, in lower-case hex: of its canonical form, so after include, `${KEY}` and `${env:…}`,
 * with defaults filled in. Comments, the order of keys and the form of an action do not change it; any text that is sent does.
 * It never covers anything live: no time, no title, no configuration.
 */
declare function planHash(plan: Plan): string;
/** The beginning of a hash, for a line or a table: enough to tell plans apart, and to expect one. */
declare function shortHash(hash: string): string;
/** Whether somebody who wrote this down, in whole or at least 12 digits of it, meant this hash. */
declare function isHashExpected(hash: string, expected: string): boolean;

/** The content of a note, put together piece by piece. */
declare class NoteBuilder {
  #private;
  constructor(initial?: string);
  /** In place of everything so far. */
  content(text: string): this;
  /** One more line. */
  line(text: string): this;
  /** One more section: an empty line, `## title`, the text. */
  section(title: string, text: string): this;
  toString(): string;
}

/** The notes of a run, as an incident's readers know them: a header, then one line for each thing found or done. */

/** Notes that grow while a plan runs. Lines are only ever added, and the text is made when it is asked for. */
declare class NoteCollector {
  #private;
  constructor(title: string, lines?: readonly NoteLine[]);
  /** One more line, at the end. */
  add(line: NoteLine): void;
  get lines(): readonly NoteLine[];
  /** The header and every line, each with its mark. */
  text(): string;
}

/** Where plans are read from, and what is given beside the files. */
interface LoadPlansOptions {
  /** What relative paths are relative to; absolute. */
  readonly cwd: string;
  /** The variables behind `${env:NAME}`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What `-` reads. */
  readonly stdin: ByteStream;
  /** Ends a read that waits, with INTERRUPTED. */
  readonly signal: AbortSignal;
  /** The values of `${KEY}`. */
  readonly set?: ReadonlyMap<string, string> | undefined;
  /** Variables that every plan may name: the setting plan.env. */
  readonly allowedEnv?: readonly string[] | undefined;
  /** In place of the options in the files; they change the hash. */
  readonly options?: Partial<Plan['options']> | undefined;
}
/** A plan with the file that it stands in, as the user named it. */
interface LoadedPlan {
  readonly file: string;
  readonly plan: Plan;
}
/**
 * Every plan of the files, folders and globs, validated, in their order; `-` is stdin. Errors: INVALID_DOCUMENT with
 * every problem of all of them in `details.problems` (file, line, column, field, message, suggestion), INPUT_NOT_FOUND,
 * INPUT_UNREADABLE, DOCUMENT_TOO_LARGE, EMPTY_INPUT.
 */
declare function loadPlans(inputs: readonly string[], options: LoadPlansOptions): Promise<LoadedPlan[]>;

/**
 * `${env:NAME}` and `${KEY}` in the texts of a plan. A value takes the place of the placeholder inside one text and
 * nothing more: it is put in after parsing, so it never becomes a key, a list, another type or another action, and is
 * not searched for placeholders itself. `$${` is the text `${`.
 */

/** Where values come from. `used` collects the keys of `set` that were needed. */
interface PlaceholderValues {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly set: ReadonlyMap<string, string>;
  readonly used: Set<string>;
  /** Variables of the environment that every plan may name: the profile's list. */
  readonly allowedEnv?: readonly string[] | undefined;
}

/**
 * Reads plan files. A plan comes out only when nothing is wrong with any plan of the file; otherwise every problem does,
 * with file, line, column, field and the nearest word that is known.
 */

/** What a file of plans is read with. */
interface ReadPlanOptions {
  readonly values: PlaceholderValues;
  /** The text of a file that a plan includes, by the name in the plan; throws a RemedyError that says why not. */
  readonly readIncluded: (include: string) => Promise<{
    text: string;
    file: string;
  }>;
  /** A file of actions is no plan and no mistake: it was found in a folder beside the plans that include it. */
  readonly passActionFiles?: boolean;
  /** In place of the plan's own options. */
  readonly options?: Partial<Plan['options']> | undefined;
}
/** The plans of a file, or everything that is wrong with them. */
type ReadPlans =
  | {
      plans: Plan[];
    }
  | {
      problems: ConfigProblem[];
    };
/** Reads the plans of a file's text; `file` is its name in problems. `unusedKeys` is for after the last file. */
declare function readPlans(text: string, file: string, options: ReadPlanOptions): Promise<ReadPlans>;

/** An element of `actions` in short form. */
type TemplateAction = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
/** A plan for one outcome of an investigation, with keys in place of what differs. */
interface PlanTemplate {
  readonly name: string;
  /** What was found. */
  readonly summary: string;
  readonly alertType: string;
  readonly noteTitle: string;
  readonly notes: readonly Readonly<Record<string, string>>[];
  readonly actions: readonly TemplateAction[];
}
/** The keys that a template wants, in the order of its text. */
declare function templateKeys(template: PlanTemplate): string[];
/** The same as a plan file, with a word on what it is for and what it needs. The same errors. */
declare function fillTemplate(template: PlanTemplate, values: ReadonlyMap<string, string>): string;

/** Every template, those of missing clusters first. */
declare const templates: readonly PlanTemplate[];
/** Errors: INVALID_OPTION, with the nearest name. */
declare function templateOf(name: string): PlanTemplate;

/**
 * What a run writes down, in order. An entry is durable before what it announces happens, and what it reports has
 * happened: from the entries alone a later process knows what was sent, what came back, and what it cannot know.
 * Headers are never part of one, so no credential is.
 */

/** What became of an action; `not_run` and `interrupted` things have no entry. */
declare const outcomes: readonly [
  'succeeded',
  'failed',
  'skipped_duplicate',
  'skipped_uninstalling',
  'skipped_mode',
  'skipped_dependency',
  'intercepted',
  'not_run',
  'unknown',
];
/** One of `outcomes`. */
type Outcome = (typeof outcomes)[number];
/** Why an attempt or an action failed, as it was told. */
interface RecordedError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}
interface EntryPlace {
  /** The index of the action. */
  readonly action: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}
/** An action begins; what depends on the moment is decided now and stays. */
interface Begun extends EntryPlace {
  readonly kind: 'begun';
  readonly content: Content;
}
/** What is sent is rendered once, so that it can be recognised later. */
interface Content {
  /** The text of a note, the data of a report. */
  readonly text?: string;
  /** The summary of a report with its time. */
  readonly summary?: string;
}
/** A request leaves right after this entry. */
interface Sending extends EntryPlace {
  readonly kind: 'sending';
  /** Counts the requests of the run. */
  readonly request: number;
  /** Of the action, from 1. */
  readonly attempt: number;
  readonly method: string;
  readonly url: string;
  /** Of a write. */
  readonly body?: string;
  /** Whether it changes what the plan is about. */
  readonly write: boolean;
}
/** Status and headers of the answer are there. */
interface Answered extends EntryPlace {
  readonly kind: 'answered';
  readonly request: number;
  readonly status: number;
}
/** An attempt failed. */
interface Failed extends EntryPlace {
  readonly kind: 'failed';
  /** Of the action, from 1; it may have failed before anything was sent. */
  readonly attempt: number;
  /** The write may have taken effect. */
  readonly unknown: boolean;
  readonly error: RecordedError;
}
/** A write of unknown outcome was looked up and is not there: it may be sent again. */
interface NotFound extends EntryPlace {
  readonly kind: 'notFound';
}
/** An object that an action would have made, and that was there. */
interface FoundObject {
  readonly id?: string;
  /** RFC 3339. */
  readonly createdAt?: string;
  /** The account that has made it, where the system tells. */
  readonly createdBy?: string;
}
/** The end of an action; one of outcome `unknown` may be settled again by a later process. */
interface Settled extends EntryPlace {
  readonly kind: 'settled';
  readonly outcome: Outcome;
  readonly attempts: number;
  /** What the notes say from now on. */
  readonly lines: readonly NoteLine[];
  /** What the system calls the object that was made. */
  readonly id?: string;
  /** Of a duplicate: what was there already. */
  readonly found?: FoundObject;
  readonly error?: RecordedError;
  /** Takes the place of a silence that is not run. */
  readonly standIn?: PlannedActionOf<'escalate_incident'>;
}
/** One entry of the journal. */
type JournalEntry = Begun | Sending | Answered | Failed | NotFound | Settled;
/** What an arranged plan says of an action before the run begins. */
interface ArrangedStep {
  readonly action: PlannedAction;
  readonly treatment: 'run' | 'skipped_mode' | 'intercepted';
}

/**
 * SQLite through the `node:sqlite` API: the one built into Node where it needs no flag (22.13 and later),
 * elsewhere @photostructure/sqlite, which has the same API and is installed by whoever needs it. Typed here because the
 * types of Node 20 do not know it.
 *
 * Not guaranteed: that close() lets go of the files at once. The package cannot end a statement, so there they
 * stay open, with SQLite's shared lock, until the statements are collected or the process ends.
 */

type SqliteValue = string | number | null;
/** A prepared statement. */
interface SqliteStatement {
  run(...values: SqliteValue[]): {
    changes: number | bigint;
  };
  get(...values: SqliteValue[]): unknown;
  all(...values: SqliteValue[]): unknown[];
  iterate(...values: SqliteValue[]): Iterable<unknown>;
}
/** An open database. Every call blocks. */
interface SqliteDatabase {
  exec(sql: string): void;
  prepare(sql: string): SqliteStatement;
  close(): void;
}

/** Selects a sentence (`damage`) for every row that cannot be as it was written. */
type RowChecks = readonly string[];

/** What stands between an open database and what may happen to its files: loss and damage. */
declare class DatabaseGuard {
  #private;
  readonly file: string;
  private constructor();
  /** For a database that holds something. @throws DamageError, and what SQLite throws */
  static ofExisting(database: SqliteDatabase, file: string, checks: RowChecks): DatabaseGuard;
  static ofNew(file: string): DatabaseGuard;
  /** Before a write, and before an answer to one. @throws STORE_LOST */
  requireThere(): void;
  /** After a commit. @throws STORE_LOST: what was committed is not in the file of this name */
  committed(): void;
  /** Somebody has deleted everything that is in it: from now on every write fails with what is returned. */
  reset(): Error;
  /** What was thrown, in the store's words. */
  explain(thrown: unknown): unknown;
  /**
   * Closes the database. The log is moved into it first, so that what follows (SQLite closes when the last statement
   * is collected) changes the file no more.
   */
  close(database: SqliteDatabase): void;
}

/** A database that is open, sound and of this version. */
interface OpenedDatabase {
  database: SqliteDatabase;
  guard: DatabaseGuard;
  /** Nothing was there before. */
  isNew: boolean;
}

/** running: being worked on, or its process has died. */
declare const runStates: readonly ['running', 'succeeded', 'partial', 'failed', 'interrupted'];
/** One of `runStates`. */
type RunState = (typeof runStates)[number];
/** What a run is begun with; a later process goes on with the same. */
interface RunHead {
  readonly id: string;
  /** SHA-256 of the canonical plan, 64 hexadecimal digits. */
  readonly hash: string;
  readonly plan: Plan;
  readonly steps: readonly ArrangedStep[];
  readonly settings: RunSettings;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}
/** Of the configuration what a run has been begun with. */
interface RunSettings {
  /** The escalation policy of silences that name none. */
  readonly silentPolicy?: string;
  /** From 1. */
  readonly escalationLevel: number;
  /** How old a service log may be to count as the same, in milliseconds; default: 7 days. */
  readonly duplicateWithinMs?: number;
}
/** A run as the journal has it. */
interface RecordedRun extends RunHead {
  readonly state: RunState;
  /** Milliseconds since the epoch; absent while it is running. */
  readonly endedAt?: number;
}
/** The journal of a store, made where there is none. Errors: those of the embedded store; STORE_TOO_NEW where a newer remedyctl wrote the journal. */
declare function openJournal(ground: JournalGround): Promise<Journal>;
/** What a journal works with. */
interface JournalGround {
  /** The store's. */
  readonly directory: string;
  readonly clock: Clock;
  readonly random: Random;
}
/**
 * An open journal, see `openJournal`. What writes resolves when it is on the disk.
 *
 * @throws those of the embedded store, from every method
 */
declare class Journal {
  #private;
  constructor({ database, guard }: Pick<OpenedDatabase, 'database' | 'guard'>, ground: JournalGround);
  /** A run begins: it is `running`, without entries. */
  begin(head: RunHead): Promise<void>;
  /** One more entry of the run with this id. */
  append(run: string, entry: JournalEntry): Promise<void>;
  /** A later process goes on with it. */
  reopen(run: string): Promise<void>;
  /** The run is over, or nobody works on it for now; `endedAt` in milliseconds since the epoch. */
  end(run: string, state: RunState, endedAt: number): Promise<void>;
  /** Every entry of the run, the oldest first. */
  entries(run: string): JournalEntry[];
  /** Every run, the newest first. */
  runs(): RecordedRun[];
  /** The runs of the plan with this hash, the newest first. */
  runsOfHash(hash: string): RecordedRun[];
  /** By its id or the beginning of it. Errors: NOT_FOUND, AMBIGUOUS_KEY. */
  find(key: string): RecordedRun;
  /** Errors: STORE_LOST where the files of what was written are not there any more. */
  close(): Promise<void>;
}

/**
 * What the clients of the three systems are made of, by the names of the configuration; paths are absolute. Credentials
 * are not among it: they come from variables of the environment, from the files named here, or are given by the caller.
 */
interface SystemSettings {
  /** How old a service log may be to count as the same, unless the plan says it; default: `7d`. */
  readonly 'plan.duplicateWithin'?: string;
  /** PagerDuty's REST API, as `https://api.pagerduty.com`. */
  readonly 'pagerduty.url': string;
  /** The e-mail address of the user as whom PagerDuty is written to; nothing is written there without one. */
  readonly 'pagerduty.from': string | undefined;
  /** A file that holds the API key, where PAGERDUTY_TOKEN is not set. */
  readonly 'pagerduty.tokenFile': string | undefined;
  /** The id of the escalation policy of silences, unless the plan names one. */
  readonly 'pagerduty.silentPolicy': string | undefined;
  /** The level that escalations go to, from 1. */
  readonly 'pagerduty.escalationLevel': number;
  /** OCM's API, as `https://api.openshift.com`. */
  readonly 'ocm.url': string;
  /** Where tokens for OCM and Backplane are granted. */
  readonly 'ocm.tokenUrl': string;
  /** A file that holds the offline token, where OCM_TOKEN is not set. */
  readonly 'ocm.tokenFile': string | undefined;
  /** A service account in place of the offline token. */
  readonly 'ocm.clientId': string | undefined;
  /** A file that holds its secret, where OCM_CLIENT_SECRET is not set. */
  readonly 'ocm.clientSecretFile': string | undefined;
  /** Backplane's API; reports need it. */
  readonly 'backplane.url': string | undefined;
  /** Milliseconds that one request to any of them may take. */
  readonly 'remote.timeout': number;
}

/** The systems that plans write to, `sso` which hands out tokens of theirs, and the two that alerts are read from. */
type RemoteSystem = 'pagerduty' | 'ocm' | 'backplane' | 'sso' | 'alertmanager' | 'prometheus';
/** One request as it is decided, before credentials: what a preview shows and what a client sends. */
interface RemoteRequest {
  readonly system: RemoteSystem;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** After the base URL; begins with `/`, query included, everything percent-encoded. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** It changes nothing whatever its method, so that a lost answer leaves nothing open. */
  readonly isQuestion?: true;
}
/** A request at the moment it leaves, for a journal; headers are left out because they carry the token. */
interface SentRequest {
  readonly system: RemoteSystem;
  readonly method: RemoteRequest['method'];
  readonly url: string;
  /** The exact text. */
  readonly body?: string;
}
/** What is left of the system's allowance, from its `ratelimit-*` headers. */
interface RateLimit {
  readonly limit?: number;
  readonly remaining?: number;
  /** Seconds until the allowance is whole again. */
  readonly resetSeconds?: number;
}
/** An answer's head; a body that could not be read does not change it. */
interface ReceivedAnswer {
  readonly httpStatus: number;
  /** What the system's clock said (`Date`), milliseconds since the epoch, in whole seconds. */
  readonly dateMs?: number;
  readonly requestId?: string;
  readonly rateLimit?: RateLimit;
}
/**
 * What ends a call, and who hears of it. Everything is optional; without a signal a call ends by its deadline
 * alone.
 */
interface CallOptions {
  /** Ends the call; a write that has left by then is an UnknownOutcomeError. */
  readonly signal?: AbortSignal | undefined;
  /** Ends the call while it waits for a rate limit; once the request has begun to leave, only `signal` does. */
  readonly hold?: AbortSignal | undefined;
  /** Hears of each wait for a rate limit of a second or more, in milliseconds, and why. */
  readonly onHeld?: ((waitMs: number, why: string) => void) | undefined;
  /** Runs to its end before the first byte leaves; when it throws, nothing is sent. */
  readonly beforeSend?: ((request: SentRequest) => void | Promise<void>) | undefined;
  /** Begins as soon as status and headers are there, and ends before the call does; not when there is no answer. */
  readonly onAnswer?: ((answer: ReceivedAnswer, request: SentRequest) => void | Promise<void>) | undefined;
}

/** Where an action is carried out, and who reads it. */

/** A system that actions write to; tokens come from a fourth one. */
type WrittenSystem = Exclude<RemoteSystem, 'sso' | 'alertmanager' | 'prometheus'>;
/** The one system that an action writes to. */
declare function systemOf(action: Action): WrittenSystem;

/** Of the configuration what requests are made of; what is not configured shows as `<not configured>`. */
interface RequestSettings {
  readonly urls: Readonly<Record<WrittenSystem, string | undefined>>;
  /** Why one that is configured cannot be used; it is not among the URLs, for it may hold a password. */
  readonly urlProblems?: Readonly<Partial<Record<WrittenSystem, string>>>;
  /** The header From of writes to PagerDuty. */
  readonly from?: string | undefined;
  /** Unless the plan names one. */
  readonly silentPolicy?: string | undefined;
  /** From 1. */
  readonly escalationLevel: number;
  readonly userAgent: string;
}
/** What the configuration says about requests to the three systems; `version` is remedyctl's, of the user agent. */
declare function requestSettings(settings: SystemSettings, version: string): RequestSettings;

/** A request as it would leave, secrets as `***`. */
interface PreviewRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
}
/** An action, and what it would send. */
interface PreviewedAction {
  readonly index: number;
  readonly type: ActionType;
  readonly treatment: Treatment;
  readonly phase: 1 | 2;
  readonly dependsOn: readonly number[];
  readonly replaces?: number;
  readonly system: WrittenSystem;
  /** customer: the cluster's owner reads it. */
  readonly audience: 'customer' | 'internal';
  /** Look-ups that come first, then the write; empty where nothing is sent. */
  readonly requests: readonly PreviewRequest[];
  /** The counter that success adds one to. */
  readonly metric?: string;
}
/** A plan, and everything that a run of it would send. */
interface PlanPreview {
  readonly apiVersion: 'remedyctl.dev/v1';
  readonly kind: 'PlanPreview';
  readonly plan: {
    readonly name: string;
    readonly hash: string;
  };
  readonly mode: PlanMode;
  readonly cluster?: Plan['cluster'];
  readonly incident?: Plan['incident'];
  readonly options: Plan['options'];
  /** What is asked before the first write: it proves the credentials, and that two ids are of one cluster. */
  readonly before: readonly PreviewRequest[];
  readonly actions: readonly PreviewedAction[];
}
/**
 * What a run of the plan would send when all goes well. Asks nobody and reads nothing.
 *
 * @throws INVALID_OPTION for an id that no path can hold; a plan that was read or built has none
 */
declare function previewPlan(plan: Plan, settings: RequestSettings): PlanPreview;

/** Whom to believe who a server is. */
interface TlsTrust {
  /** Certificates of authorities, as PEM text, in place of those that Node.js knows. */
  readonly ca?: string | undefined;
  /** False: whoever answers is believed. Default: true. */
  readonly rejectUnauthorized?: boolean | undefined;
}
/** A connection that somebody else makes, such as a tunnel: a Duplex of bytes, said without the types of Node.js. */
type Dial = () => Promise<{
  destroy(): unknown;
}>;

/** By lower-case names. */
type Headers = Readonly<Record<string, string | string[] | undefined>>;
/** What is known of an answer before its body. */
interface AnswerHead {
  readonly httpStatus: number;
  /** Lower-case names. */
  readonly headers: Headers;
}
/** How an exchange ended. All of `head` without `failure`: a whole answer. */
interface ExchangeEnd {
  /** Whether a byte of the request may have left. */
  readonly sent: boolean;
  readonly head?: AnswerHead;
  /** As much of the body as came: a Buffer, said without the types of Node.js. */
  readonly body: Uint8Array & {
    toString(encoding: 'utf8'): string;
  };
  readonly failure?: unknown;
}

/**
 * HTTP to the systems that plans write to: keep-alive connections of one process, shared by its clients.
 *
 * Guarantees: one attempt per exchange; one deadline from the first byte of the connection to the last of the answer;
 * a signal ends it at once; no redirect is followed (it would carry the token elsewhere); answers are bounded; what a
 * server says about its rate limit is kept for `turn`. Non-guarantees: no retry, no caching, no HTTP/2.
 */

/** The bounds of every exchange. */
interface RemoteHttpOptions {
  /** `remedyctl/<version>`. */
  readonly userAgent: string;
  /** Its sleep is the deadline, its time reads a Retry-After that is a date. */
  readonly clock: Clock;
  /** Spreads the requests that waited for the same reset of a rate limit. */
  readonly random: Random;
  /** For one exchange as a whole, in milliseconds; default 30,000. */
  readonly timeoutMs?: number | undefined;
  /** For a connection, TLS included, in milliseconds; default 10,000. */
  readonly connectTimeoutMs?: number | undefined;
  /** The largest answer, in bytes; default 8 MiB. */
  readonly maxBodyBytes?: number | undefined;
  /** Hears of every exchange when it has ended. */
  readonly onExchange?: ((exchange: SeenExchange) => void) | undefined;
  /** How servers prove who they are; default: by the authorities that Node.js knows. */
  readonly tls?: TlsTrust | undefined;
  /** The proxy that a URL is reached through; none by default. */
  readonly proxyOf?: ((url: URL) => URL | undefined) | undefined;
  /** Makes the connections in place of the network, through a tunnel for example. */
  readonly dial?: Dial | undefined;
}
/** A request as it leaves, credentials included. */
interface WireRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** The name of the system, for who listens. */
  readonly title?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onHead?: ((head: AnswerHead) => void) | undefined;
}
/** One exchange as it went, without bodies. Nothing secret is in it: no credentials, and no answer that repeats them. */
interface SeenExchange {
  readonly method: WireRequest['method'];
  readonly url: URL;
  readonly durationMs: number;
  /** Absent when no answer came. */
  readonly httpStatus?: number;
  readonly failure?: unknown;
  /** `PagerDuty`, where one is asked by name. */
  readonly title?: string | undefined;
  readonly sentHeaders: Readonly<Record<string, string>>;
  readonly receivedHeaders: Readonly<Record<string, string>>;
}
/** Who waits for a turn, and who hears of it. */
interface TurnOptions {
  readonly signal?: AbortSignal | undefined;
  /** Hears of each wait of a second or more, in milliseconds. */
  readonly onWait?: ((waitMs: number) => void) | undefined;
}
/** The connections of one process to all systems, until `close`. */
declare class RemoteHttp {
  #private;
  readonly clock: Clock;
  constructor(options: RemoteHttpOptions);
  /**
   * Resolves when the server's rate limit lets the next request through: to be awaited before a request is written down
   * as sent, and before its deadline begins. Rejects with CallAborted.
   */
  turn(url: URL, { signal, onWait }?: TurnOptions): Promise<void>;
  /** Never rejects: see ExchangeEnd. */
  exchange(request: WireRequest): Promise<ExchangeEnd>;
  /** Cuts what is under way and closes the connections. */
  close(): Promise<void>;
}

/** What `inspect` looks for, by the name that Node.js documents: the declaration asks for no types of Node.js then. */
declare const inspected: unique symbol;
/** A credential that prints as `***` wherever it ends up: in templates, JSON, `inspect` and logs. */
declare class Secret {
  #private;
  constructor(value: string);
  /** Only for the header or form that carries it. */
  reveal(): string;
  toString(): string;
  toJSON(): string;
  [inspected](): string;
}

/** The credentials of a system, as headers. */
interface Authority {
  /** `write`: the request changes something. Errors: RemoteError where a token cannot be had. */
  headers(request: { write: boolean; signal: AbortSignal | undefined }): Promise<Record<string, string>>;
  /** A request with these credentials was refused with 401. */
  refused(): void;
  /** Everything secret that its headers may hold, for redaction. */
  secrets(): readonly Secret[];
}

/** A report to be made. */
interface NewReport {
  readonly summary: string;
  /** Plain text; sent as base64 of its UTF-8 bytes. */
  readonly data: string;
}

/** A report as a list shows it, without its text. */
interface ReportHead {
  /** Empty where the answer to a create does not tell it. */
  readonly reportId: string;
  readonly summary: string;
  /** RFC 3339. */
  readonly createdAt?: string;
}
/** A report with its text. */
interface Report extends ReportHead {
  /** Plain text, decoded. */
  readonly data: string;
}
/**
 * Backplane's cluster reports. Every call is one HTTP attempt, after an OCM token where a new one is needed; errors
 * are RemoteError, UnknownOutcomeError from the create, and INVALID_OPTION for an id that is empty, `.` or `..`.
 */
interface BackplaneClient {
  /** Makes a report. One whose answer was lost can be looked for by `listReports`. */
  createReport(clusterId: string, report: NewReport, options?: CallOptions): Promise<ReportHead>;
  /** The newest `last`, the newest first. */
  listReports(clusterId: string, last: number, options?: CallOptions): Promise<ReportHead[]>;
  /** A report with its text. Errors: NOT_FOUND. */
  getReport(clusterId: string, reportId: string, options?: CallOptions): Promise<Report>;
}
/** Where Backplane is, and who asks. */
interface BackplaneOptions {
  readonly http: RemoteHttp;
  /** As `baseUrl` gives it. */
  readonly base: string;
  /** OCM's token. */
  readonly token: Authority;
}
/** A client of Backplane. Opens nothing before the first call. */
declare function backplaneClient({ http, base, token }: BackplaneOptions): BackplaneClient;

/** A service log to be sent; the cluster by its internal id. */
interface NewServiceLog {
  readonly clusterId: string;
  readonly severity: ServiceLogSeverity;
  readonly serviceName: string;
  readonly summary: string;
  readonly description: string;
  readonly internalOnly: boolean;
}
/** A reason of limited support to be added. */
interface NewLimitedSupport {
  readonly summary: string;
  readonly details: string;
}
/** What an account may do. */
interface AccessQuestion {
  readonly action: 'create';
  /** A service log that the customer sees, or one that is hidden from them. */
  readonly resourceType: 'ServiceLog' | 'InternalServiceLog';
  /** OCM's internal id. */
  readonly clusterId: string;
}
/** A cluster as its service logs are kept: by its external id, or by its internal one where it has got no other yet. */
type LoggedCluster =
  | string
  | {
      readonly clusterId: string;
    };

/** How OCM is told who asks: a service account, an offline token of a person, or a ready access token. */
type OcmCredentials =
  | {
      readonly kind: 'client';
      readonly id: string;
      readonly secret: Secret;
    }
  | OfflineCredentials
  | {
      readonly kind: 'access';
      readonly token: Secret;
    };
/** A token that grants others. */
interface OfflineCredentials {
  readonly kind: 'offline';
  readonly token: Secret;
  /** The public client that it was made for, where it does not say so itself; default: `cloud-services`. */
  readonly clientId?: string | undefined;
  /** A token that it has granted before, used first: a server may take each refresh token once. */
  readonly access?: Secret | undefined;
}
/**
 * What kind of token OCM_TOKEN holds: a JSON web token says so in its `typ`; one that cannot be looked into is an
 * offline token. Errors: CREDENTIALS_FAILED for an ID token.
 */
declare function tokenCredentials(token: Secret): OcmCredentials;

/** Where tokens are granted, and for what. */
interface OcmTokenOptions {
  readonly http: RemoteHttp;
  /** The token endpoint of the SSO, as `baseUrl` gives it. */
  readonly tokenUrl: string;
  readonly credentials: OcmCredentials;
  /** They are those of the ocm command line, and nobody gave them to this program. Default: false. */
  readonly isLogin?: boolean;
}
interface TokenHints {
  /** The SSO gives no token for them. */
  readonly refused: string;
  readonly expired: string;
  /** OCM does not let the account in, or not do something. */
  readonly account: string;
}
/** The token of one account, shared by the clients of OCM and Backplane. */
declare class OcmToken implements Authority {
  #private;
  constructor(options: OcmTokenOptions);
  /** What to do about a refusal, by where the credentials are from. */
  get hints(): TokenHints;
  /** As whom OCM sees the account; undefined where the token cannot be looked into. Errors: RemoteError without a token. */
  name(signal?: AbortSignal): Promise<string | undefined>;
  headers({ signal }: { signal: AbortSignal | undefined }): Promise<Record<string, string>>;
  refused(): void;
  secrets(): readonly Secret[];
}

/** A service log that was sent. */
interface ServiceLogEntry {
  readonly id?: string;
  readonly summary: string;
  readonly description: string;
  readonly severity?: string;
  readonly serviceName?: string;
  /** Hidden from the customer; absent: the customer sees it. */
  readonly internalOnly?: true;
  /** RFC 3339. */
  readonly createdAt?: string;
  /** The account that has sent it. */
  readonly createdBy?: string;
}
/** A reason why a cluster is in limited support. */
interface LimitedSupportReason {
  readonly id?: string;
  readonly summary: string;
  readonly details: string;
  /** It is there and does not count: an override is enabled. */
  readonly overridden?: true;
  /** RFC 3339. */
  readonly createdAt?: string;
}
/** A cluster as far as plans need it. */
interface ManagedCluster {
  readonly id: string;
  readonly externalId?: string;
  readonly name?: string;
  /** `product.id`: rosa, osd, … */
  readonly product?: string;
  /** ready, uninstalling, … */
  readonly state?: string;
}
/**
 * OCM: service logs v1 and clusters_mgmt v1. Every call is one HTTP attempt per page, after a token where a new one
 * is needed; errors are RemoteError, UnknownOutcomeError from the two creates, and INVALID_OPTION for an id that is
 * empty, `.` or `..`.
 */
interface OcmClient {
  /** Sends a service log; OCM takes the same one twice. */
  createServiceLog(log: NewServiceLog, options?: CallOptions): Promise<ServiceLogEntry>;
  /** Those with exactly this summary, of all pages, by external id, or by `clusterId`. Errors: INVALID_OPTION for an empty id. */
  findServiceLogs(cluster: LoggedCluster, summary: string, options?: CallOptions): Promise<ServiceLogEntry[]>;
  /** Adds a reason; OCM takes the same one twice. */
  createLimitedSupport(
    clusterId: string,
    reason: NewLimitedSupport,
    options?: CallOptions,
  ): Promise<LimitedSupportReason>;
  /** Every reason of the cluster, of all pages. Errors: NOT_FOUND. */
  listLimitedSupport(clusterId: string, options?: CallOptions): Promise<LimitedSupportReason[]>;
  /** By internal id. Errors: NOT_FOUND. */
  getCluster(clusterId: string, options?: CallOptions): Promise<ManagedCluster>;
  /** By internal id, external id or display name, exactly; none, one or several. */
  findClusters(name: string, options?: CallOptions): Promise<ManagedCluster[]>;
  /** As whom OCM and Backplane see this account, by its token; undefined where that does not say. */
  currentUser(options?: CallOptions): Promise<string | undefined>;
  /** Whether this account may do it. Nothing is changed by asking. */
  may(question: AccessQuestion, options?: CallOptions): Promise<boolean>;
}
/** Where OCM is, and who asks. */
interface OcmOptions {
  readonly http: RemoteHttp;
  /** As `baseUrl` gives it: `https://api.openshift.com`, on stage `https://api.stage.openshift.com`. */
  readonly base: string;
  readonly token: OcmToken;
}
/** A client of OCM. Opens nothing before the first call. */
declare function ocmClient({ http, base, token }: OcmOptions): OcmClient;

/** What may be changed of an incident; at least one of them. */
interface IncidentChanges {
  readonly title?: string;
  /** 1 is the first level. */
  readonly escalationLevel?: number;
  /** Its id. */
  readonly escalationPolicy?: string;
  readonly status?: 'acknowledged' | 'resolved' | 'triggered';
}

/** An incident as far as plans need it. */
interface Incident {
  readonly id: string;
  readonly title: string;
  /** triggered, acknowledged, resolved. */
  readonly status: string;
  readonly escalationPolicyId?: string;
  readonly serviceId?: string;
  readonly htmlUrl?: string;
}
/** A note of an incident. */
interface IncidentNote {
  readonly id?: string;
  readonly content: string;
  /** RFC 3339. */
  readonly createdAt?: string;
}
/** An escalation policy as far as plans need it. */
interface EscalationPolicy {
  readonly id: string;
  readonly name?: string;
}
/** A user of the account. */
interface PagerDutyUser {
  readonly email: string;
  /** admin, user, observer, read_only_user, … */
  readonly role?: string;
}
/** An alert of an incident. */
interface IncidentAlert {
  readonly id: string;
  /** `body.details`, as it came. */
  readonly details: unknown;
}
/**
 * PagerDuty REST v2. Every call is one HTTP attempt (an iteration over alerts or users: one for each page); errors are
 * RemoteError, UnknownOutcomeError from the two writes, and INVALID_OPTION for an id that is empty, `.` or `..`.
 */
interface PagerDutyClient {
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
interface PagerDutyOptions {
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
/**
 * A client of one account. Opens nothing before the first call. Errors: CONFIG_INVALID where `from` is no e-mail address,
 * CREDENTIALS_FAILED for a token of another region than `base`.
 */
declare function pagerDutyClient(options: PagerDutyOptions): PagerDutyClient;

/** The systems that plans write to; each is made ready when it is first asked for. */
interface RemoteClients {
  pagerduty(): Promise<PagerDutyClient>;
  ocm(): Promise<OcmClient>;
  backplane(): Promise<BackplaneClient>;
}

/** What is known of a run, folded from its journal: the same after a crash as before it. */

/** A write that may have taken effect. */
interface OpenWrite {
  /** When the first write of this action left: whatever is older is not ours. */
  readonly firstSentAt: number;
  /** An answer of success was on its way when the process died. */
  readonly accepted: boolean;
}
/** A request that was sent, and the status of its answer, if one came. */
interface RequestLine {
  readonly method: string;
  readonly url: string;
  readonly status?: number;
}
/** How far one action has come. */
declare class ActionProgress {
  #private;
  readonly action: PlannedAction;
  readonly treatment: ArrangedStep['treatment'];
  begun: Begun | undefined;
  settled: Settled | undefined;
  attempts: number;
  readonly requests: {
    method: string;
    url: string;
    status?: number;
  }[];
  constructor({ action, treatment }: ArrangedStep);
  get content(): Content | undefined;
  get lastError(): RecordedError | undefined;
  /** Where a write of unknown outcome has to be looked up first. */
  get openWrite(): OpenWrite | undefined;
  /** When the first write of this action left. */
  get firstSentAt(): number | undefined;
  /** `not_run` for what has not come to an end. */
  get outcome(): Outcome;
  /** Whether nothing more is to be done about it. What is unknown may still be found out. */
  get isOver(): boolean;
  apply(entry: JournalEntry): void;
}
/** How far a run has come; `apply` takes it further. */
declare class RunProgress {
  #private;
  constructor(steps: readonly ArrangedStep[], entries?: readonly JournalEntry[]);
  apply(entry: JournalEntry): void;
  of(index: number): ActionProgress;
  /** In the order of execution, stand-ins last. */
  get actions(): readonly ActionProgress[];
  /** The number of the next request. */
  nextRequest(): number;
  /** What the actions have added to the notes, in the order of execution. */
  get lines(): readonly NoteLine[];
  /** The ids of what the run has made: each belongs to one action. */
  get madeIds(): ReadonlySet<string>;
}

/** A run as `-o json` shows it: kind PlanRun. */

/** An action of a run: what became of it, or how far it is. Times are RFC 3339, UTC, with milliseconds. */
interface ActionResult {
  index: number;
  type: string;
  replaces?: number;
  outcome: Outcome;
  attempts: number;
  requests: RequestLine[];
  startedAt?: string;
  endedAt?: string;
  /** What the system calls the object that was made. */
  id?: string;
  /** Of `skipped_duplicate`: what was there already, as far as the system tells. */
  found?: FoundObject;
  error?: RecordedError;
}
/** A run in a list. */
interface RunSummary {
  run: string;
  plan: {
    name: string;
    hash: string;
  };
  mode: PlanMode;
  state: RunState;
  /** RFC 3339, UTC. */
  startedAt: string;
  /** RFC 3339, UTC; absent while it is running. */
  endedAt?: string;
}
/** A run as it is shown. Times are RFC 3339, UTC, with milliseconds. */
interface PlanRun extends RunSummary {
  apiVersion: 'remedyctl.dev/v1';
  kind: 'PlanRun';
  /** What the plan is about, as far as it says. */
  cluster?: {
    id: string;
    name?: string;
  };
  incident?: {
    id: string;
  };
  actions: ActionResult[];
  /** By series, `name{label="value"}`. */
  metrics: Record<string, number>;
}

/** What `ocm login` has left. Its URLs belong to its token. */
interface OcmLogin {
  readonly file: string;
  /** OCM's API; undefined where the file leaves it to the default of production. */
  readonly url?: string;
  /** Where its token is renewed; the same. */
  readonly tokenUrl?: string;
  readonly credentials: OcmCredentials;
  /** Others than its owner may read the file. */
  readonly isShared: boolean;
}

/** What pagerduty-cli (`pd auth`) has left. */
interface PagerDutyLogin {
  readonly file: string;
  readonly token: Secret;
  /** It goes as `Bearer`, whatever it looks like. */
  readonly isOAuth: boolean;
  /** Others than its owner may read the file. */
  readonly isShared: boolean;
}

/**
 * Who signs in where: the credentials that this program was given, else the logins that other programs keep on this
 * machine. A login's URLs belong to its token, so with it come settings that have them.
 */

/** Logins of other programs that stand in for credentials; each, or why the one that is there cannot be used. */
interface Logins {
  readonly pagerduty?: PagerDutyLogin | RemedyError;
  /** For OCM and Backplane. */
  readonly ocm?: OcmLogin | RemedyError;
}

/** The names of credentials: of their variables, and of lines on standard input. */
declare const secretNames: readonly ['PAGERDUTY_TOKEN', 'OCM_TOKEN', 'OCM_CLIENT_SECRET'];
/** The three clients, each made when it is first asked for. */
interface RemoteSystems {
  /**
   * As the other two it asks for no network; what failed is tried anew by the next call.
   *
   * @throws CREDENTIALS_FAILED without usable credentials
   * @throws CONFIG_INVALID for a setting that is missing, or a URL that is none
   */
  pagerduty(): Promise<PagerDutyClient>;
  ocm(): Promise<OcmClient>;
  backplane(): Promise<BackplaneClient>;
  /** Closes the connections, which all three share. */
  close(): Promise<void>;
}
/** What the clients are made of. */
interface RemoteSystemsOptions {
  readonly settings: SystemSettings;
  /** For credentials and proxies. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly random: Random;
  /** Of remedyctl, for the user agent. */
  readonly version: string;
  /** By their names (`secretNames`), see `secretsOfInput`; they go before those of the environment and of files. */
  readonly credentials?: ReadonlyMap<string, Secret> | undefined;
  /** Of other programs, where there are no credentials of ours; `settings` are those that `findLogins` has given with them. */
  readonly logins?: Logins | undefined;
  /** Hears of each request to any of them once it has ended. */
  readonly onExchange?: RemoteHttpOptions['onExchange'];
}
/** The clients of the three systems as the settings have them, over one HTTP. */
declare function remoteSystems(options: RemoteSystemsOptions): RemoteSystems;

/** Where the counters of runs go. */
interface Reporting {
  /** A file in Prometheus' text format, relative to `cwd`; default: none. */
  readonly metricsFile?: string | undefined;
  /** Absolute. */
  readonly cwd: string;
  /** The URL of a push gateway; default: none. */
  readonly pushgateway?: string | undefined;
}
/** What counters are reported with. */
interface ReportingOptions extends Reporting {
  readonly clock: Clock;
  readonly random: Random;
  /** For the proxy of the push gateway. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of remedyctl, for the user agent. */
  readonly version: string;
  readonly notes: Pick<Notes, 'warn'>;
  /** Hears of the request to the push gateway once it has ended. */
  readonly onExchange?: RemoteHttpOptions['onExchange'];
}

/** A run that begins, or goes on. */
interface ToldRun {
  readonly run: RunHead;
  /** What earlier processes have written. */
  readonly entries: readonly JournalEntry[];
  /** Aborts when nothing more is begun. */
  readonly stop: AbortSignal;
}
/** Tells whoever looks on how a run goes. */
interface RunTeller {
  /** Of this run, once it is durable. */
  entry(entry: JournalEntry): void;
  /** An attempt has failed; the next one begins after that time. */
  wait(
    index: number,
    waitMs: number,
    why: string,
    tries?: {
      attempt: number;
      most: number;
    },
  ): void;
  /** Runs `work`, which has the terminal for itself meanwhile. */
  aside<T>(work: () => Promise<T>): Promise<T>;
  /** The run is over, or nobody works on it any more. */
  end(): void;
}

/** What `runPlans` and `resumeRun` work with. Nobody is asked or told anything where a callback is left out. */
interface RunOptions extends ReportingOptions {
  /** `store`: the directory of the journal, absolute. `leaseNamespace`: where the lease of a plan is. */
  readonly settings: SystemSettings & {
    readonly store: string;
    readonly leaseNamespace: string;
  };
  /** Stops the run: no attempt begins, what is under way has 3 s to end, and the run can be resumed. */
  readonly signal: AbortSignal;
  readonly notes: Notes;
  /** Milliseconds that the whole run may take, from 1; default: as long as it takes. Then it is stopped. */
  readonly timeoutMs?: number | undefined;
  /** The clients; asked for once, after the checks, and closed at the end. */
  readonly openSystems: () => Promise<RemoteSystems>;
  /**
   * To the cluster whose lease keeps runs of one plan on other machines away; asked for once a plan, and closed at its
   * end. Default: only runs of one `store` are kept apart.
   */
  readonly connect?: ((observers: Pick<ConnectOptions, 'onServerDate'>) => Promise<KubeClient>) | undefined;
  /** Who holds the lease. */
  readonly identity: Identity;
  /** Called before anything is opened: throws where nothing may be written. */
  readonly refuseWrites?: () => void;
  /** Called for each plan before the first write of any: throws where somebody does not want it. */
  readonly confirm?: (run: ConfirmedRun) => Promise<void>;
  /** A question of fact to a person; undefined: nobody is there, or nobody knows. `signal`: nobody waits for it any more. */
  readonly ask?: (question: string, signal: AbortSignal) => Promise<boolean | undefined>;
  /** Called once a run, when it begins. */
  readonly tell?: (run: ToldRun) => Promise<RunTeller>;
  /** Called with what became of the runs, before their counters are reported. */
  readonly show?: (runs: readonly PlanRun[]) => Promise<void>;
  /** Called where the counters could not be written to their file: OUTPUT_FAILED. What was done is done. */
  readonly onUnreported?: (failure: RemedyError) => void;
}
/** What is about to be done, for the question whether it shall be. */
interface ConfirmedRun extends Pick<RunHead, 'plan' | 'hash' | 'steps'> {
  readonly verb: 'runs' | 'resumes';
}

/** What `resumeRun` works with. */
interface ResumeOptions extends RunOptions {
  /** The systems are the same as when the run began, though their URLs are others now. Default: false. */
  readonly moved?: boolean;
}
/**
 * Goes on with the run whose id, or the beginning of it, is `key`: does what is missing, looks up what is unknown,
 * repeats nothing that happened. What failed stays failed. Errors: as of `runPlans`; NOT_FOUND, AMBIGUOUS_KEY.
 */
declare function resumeRun(key: string, options: ResumeOptions): Promise<PlanRun>;

/** Which attempt of how many failed, from 1. */
interface Tries {
  readonly attempt: number;
  readonly most: number;
}
/** What the attempts at every action of a run share. */
interface RunGround {
  readonly progress: RunProgress;
  /** The ids of what earlier runs of the plan have made. */
  readonly madeBefore: ReadonlySet<string>;
  /** Durable when it resolves. A failure of the journal ends the run: nothing is sent that it does not hold. */
  readonly record: (entry: JournalEntry) => Promise<void>;
  /** What the journal failed with. */
  readonly broken: () => Error | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly policy: RetryPolicy;
  /** No attempt begins any more. */
  readonly stop: AbortSignal;
  /** What is under way is given up. */
  readonly abort: AbortSignal;
  /** Asks the operator; undefined: nobody is there, or nobody knows. */
  readonly ask: (question: string) => Promise<boolean | undefined>;
  /** `why`: what failed, or a sentence. */
  /** `tries`: of a failed attempt, which one of how many it was. */
  readonly onWait?: ((index: number, waitMs: number, why: unknown, tries?: Tries) => void) | undefined;
}

/** What the executor works with. */
interface ExecutorOptions {
  /** As it was begun. */
  readonly run: RunHead;
  /** Has the entries of earlier processes, and takes those of this one. */
  readonly journal: Pick<Journal, 'append' | 'entries' | 'end'>;
  readonly clients: RemoteClients;
  readonly clock: Clock;
  readonly random: Random;
  /** The ids of what earlier runs of the plan have made: a look-up must not take it for this run's. */
  readonly madeBefore?: ReadonlySet<string> | undefined;
  /** Ends the run as interrupted. */
  readonly signal: AbortSignal;
  /** Asks the operator; undefined: nobody is there, or nobody knows. */
  readonly ask?: ((question: string) => Promise<boolean | undefined>) | undefined;
  /** Told of every entry once it is durable. */
  readonly onEntry?: ((entry: JournalEntry) => void) | undefined;
  /** An attempt at an action has failed, or waits for a rate limit; the next one begins after so many milliseconds. */
  readonly onWait?: RunGround['onWait'];
}
/** What became of a run. */
interface RunEnd {
  readonly state: Exclude<RunState, 'running'>;
  /** Milliseconds since the epoch, as in the journal. */
  readonly endedAt: number;
  /** What became of each action. */
  readonly progress: RunProgress;
  /** Every cause, where an action failed or nobody knows whether it did. */
  readonly failure?: AggregateError | undefined;
}
/**
 * Carries out what is missing of a run: of one that has begun in the journal, or of one that an earlier process left.
 * Whoever calls it keeps others from working on the same run. What fails in a system is an outcome and no error.
 * Errors: those of the journal; CONFIG_INVALID or INVALID_FIELD before anything is sent.
 */
declare function runPlan(options: ExecutorOptions): Promise<RunEnd>;

/** What `runPlans` works with. */
interface RunPlansOptions extends RunOptions {
  /** Run the one plan only if it has this hash (see `planHash`), of which 12 digits will do; default: any. */
  readonly expectHash?: string | undefined;
  /** How old a service log may be to count as the same, in milliseconds; default: as the plan says, else the settings. */
  readonly duplicateWithinMs?: number | undefined;
  /** Run plans that were run before once more, from their beginning. Default: false. */
  readonly again?: boolean;
}
/**
 * Runs plans one after the other; nothing of the first is sent before the last is locked, known to be new, ready,
 * confirmed and its credentials proven. Fewer runs than plans come back where `signal` stopped it between two.
 * Errors, before anything is sent: PLAN_CHANGED, PLAN_RUNNING, PLAN_FINISHED, PLAN_UNFINISHED, CONFIG_INVALID,
 * CREDENTIALS_FAILED, INVALID_OPTION, OUTPUT_FAILED for a `metricsFile` that cannot be, those of `askBefore`, and what
 * `refuseWrites` and `confirm` throw.
 */
declare function runPlans(plans: readonly Plan[], options: RunPlansOptions): Promise<PlanRun[]>;

/** Runs as the journal has them. */

/** The run whose id, or the beginning of it, is `key`, as far as it has come. Errors: NOT_FOUND, AMBIGUOUS_KEY, those of the journal. */
declare function readRun(key: string, ground: JournalGround): Promise<PlanRun>;
/** Every run of the journal, the newest first. Errors: those of the journal. */
declare function listRuns(ground: JournalGround): Promise<RunSummary[]>;

/** What is known of a failure. */
interface RemoteErrorOptions {
  readonly system: RemoteSystem;
  readonly httpStatus?: number | undefined;
  /** Upper-case errno such as ECONNREFUSED, ECONNRESET, ETIMEDOUT. */
  readonly errno?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly rateLimit?: RateLimit | undefined;
  readonly requestId?: string | undefined;
  readonly remoteCode?: string | undefined;
  readonly remoteMessages?: readonly string[] | undefined;
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}
/**
 * PagerDuty, OCM, its SSO or Backplane refused, or could not be asked. What was to be written has not been.
 * Codes: CREDENTIALS_FAILED (401, a refused token grant), FORBIDDEN (403), NOT_FOUND (404), REMOTE_ERROR (every
 * other answer: branch on `httpStatus`), UNREACHABLE, TIMEOUT, ABORTED (the caller's signal; `cause` is its reason).
 */
declare class RemoteError extends RemedyError {
  readonly system: RemoteSystem;
  readonly httpStatus: number | undefined;
  readonly errno: string | undefined;
  /** Seconds the system asks to wait: Retry-After, else `ratelimit-reset` of a 429. Never on an unknown outcome. */
  readonly retryAfterSeconds: number | undefined;
  readonly rateLimit: RateLimit | undefined;
  /** What the system calls this request in its logs. */
  readonly requestId: string | undefined;
  /** The system's own error code: `2001` of PagerDuty, `CLUSTERS-MGMT-400` of OCM. */
  readonly remoteCode: string | undefined;
  /** The system's own sentences, redacted: PagerDuty's message and errors, OCM's reason, Backplane's message. */
  readonly remoteMessages: readonly string[];
  constructor(code: ErrorCode, message: string, options: RemoteErrorOptions);
}
/**
 * A write has left and nobody can tell whether it took effect: the answer was lost or unreadable, or it was a 5xx
 * other than 503. Look the object up before sending it again. Code: OUTCOME_UNKNOWN. `httpStatus` and `errno` as
 * they were; a caller that classifies must test for this class first.
 */
declare class UnknownOutcomeError extends RemoteError {
  /** Keeps `classifyFailure` from calling it transient by its status or errno. */
  readonly failureType = 'unknown';
  /** What happened, without the doubt about it. */
  readonly sentence: string;
  constructor(sentence: string, options: Omit<RemoteErrorOptions, 'retryAfterSeconds'>);
}

export {
  ConfigProblem,
  Journal,
  LimitedSupportBuilder,
  NoteActionBuilder,
  NoteBuilder,
  NoteCollector,
  OcmToken,
  RemoteError,
  RemoteHttp,
  ReportBuilder,
  Secret,
  ServiceLogBuilder,
  UnknownOutcomeError,
  actionTypes,
  arrangePlan,
  backplaneClient,
  buildAction,
  buildPlan,
  escalate,
  fillTemplate,
  isHashExpected,
  isPagerDutyAction,
  isRemedy,
  listRuns,
  loadPlans,
  mostRetries,
  ocmClient,
  openJournal,
  pagerDutyClient,
  planHash,
  planModes,
  previewPlan,
  readPlans,
  readRun,
  remoteSystems,
  reportAndNote,
  requestSettings,
  resumeRun,
  runPlan,
  runPlans,
  runStates,
  secretNames,
  severities,
  shortHash,
  silence,
  systemOf,
  tellsCustomer,
  templateKeys,
  templateOf,
  templates,
  titlePrefix,
  tokenCredentials,
};
export type {
  Action,
  ActionOf,
  ActionPlace,
  ActionResult,
  ActionType,
  ArrangedAction,
  ArrangedStep,
  BackplaneClient,
  BackplaneOptions,
  BackplaneReport,
  CallOptions,
  ConfirmedRun,
  EscalateIncident,
  ExecutorOptions,
  JournalEntry,
  JournalGround,
  LimitedSupport,
  LoadPlansOptions,
  LoadedPlan,
  NoteContent,
  NoteLine,
  OcmClient,
  OcmCredentials,
  OcmOptions,
  OcmTokenOptions,
  Outcome,
  PagerDutyClient,
  PagerDutyNote,
  PagerDutyOptions,
  PagerDutyTitleUpdate,
  Plan,
  PlanCluster,
  PlanIncident,
  PlanMode,
  PlanOptions,
  PlanPreview,
  PlanRun,
  PlanSubject,
  PlanTemplate,
  PlannedAction,
  PlannedActionOf,
  PreviewRequest,
  PreviewedAction,
  ReadPlanOptions,
  ReadPlans,
  RecordedError,
  RecordedRun,
  RemoteClients,
  RemoteHttpOptions,
  RemoteRequest,
  RemoteSystem,
  RemoteSystems,
  RemoteSystemsOptions,
  ReportData,
  RequestSettings,
  ResumeOptions,
  RunEnd,
  RunHead,
  RunOptions,
  RunPlansOptions,
  RunSettings,
  RunState,
  RunSummary,
  RunTeller,
  ServiceLog,
  Severity,
  SilenceIncident,
  SystemSettings,
  ToldRun,
  Treatment,
  WrittenSystem,
};

type AbortSignal = typeof globalThis extends { AbortSignal: { prototype: infer T } }
  ? T
  : { readonly aborted: boolean; readonly reason: any; throwIfAborted(): void };
type URL = typeof globalThis extends { URL: { prototype: infer T } }
  ? T
  : { readonly href: string; readonly origin: string; readonly protocol: string; readonly host: string };
