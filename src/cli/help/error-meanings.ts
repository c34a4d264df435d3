import type { ErrorCode } from '../../errors/error-codes.ts';

export interface ErrorMeaning {
  /** Markdown: flags and names that are typed stand in backquotes. */
  readonly meaning: string;
  readonly whatToDo: string;
}

/** What each error code says and what to do about it, for `help errors` and docs/errors.md. */
export const errorMeanings: Readonly<Record<ErrorCode, ErrorMeaning>> = {
  // usage and configuration
  USAGE: {
    meaning:
      'The command line is wrong: an unknown command or flag, a value that cannot be, flags that exclude each other.',
    whatToDo: 'Follow the hint; `COMMAND --help` has the flags and arguments of the command.',
  },
  INVALID_OPTION: {
    meaning:
      'For callers of the library: an option of a call cannot be what it is, or excludes another. A command says USAGE.',
    whatToDo: 'Correct the option that the message names.',
  },
  CONFIG_INVALID: {
    meaning: 'The configuration cannot be read: file, line, column and field are named.',
    whatToDo: 'Correct the line that is named; `help configuration` has every key and what it may hold.',
  },
  CONFIG_NOT_FOUND: {
    meaning: 'A configuration file, profile or kubeconfig context that was asked for does not exist.',
    whatToDo:
      'Correct the name or the path; `config path` shows which file is read, `config init` writes one to start from.',
  },
  READ_ONLY_PROFILE: {
    meaning: 'The profile forbids writes (`readOnly: true`).',
    whatToDo: 'Choose another profile with `--profile`. Only the configuration file can lift readOnly.',
  },
  NEEDS_YES: {
    meaning: 'A question would have to be answered and nobody is there; `--yes` answers it.',
    whatToDo: 'Look with `--dry-run` what would be done, then run it again with `--yes`.',
  },
  DECLINED: {
    meaning: 'The question was answered with no; nothing was done.',
    whatToDo: 'Nothing: nothing was changed. Run it again to be asked again.',
  },
  // input
  INPUT_NOT_FOUND: {
    meaning: 'A file, folder or glob matches nothing.',
    whatToDo: 'Correct the path; put a glob into quotes where the shell should not expand it.',
  },
  INPUT_UNREADABLE: {
    meaning: 'An input exists and cannot be read: permissions, a broken gzip, an input that ended early.',
    whatToDo: 'Make the file readable, or fetch it again where it ended early.',
  },
  INVALID_DOCUMENT: {
    meaning: 'A document is no valid JSON or YAML, or not what its format says; its place is named.',
    whatToDo:
      'Correct the place that is named; `--format` says how to read it where name and content mislead.',
  },
  UNKNOWN_FORMAT: {
    meaning:
      "A document can be read and is neither alert nor event; or the input is an archive, a page or kubectl's table, and no document.",
    whatToDo:
      '`help formats` lists what is read. Give JSON or YAML: `kubectl get events -A -o json`, not the table.',
  },
  DOCUMENT_TOO_LARGE: {
    meaning:
      'One document, or one element of a large one, is over `--max-document` (the rest goes on), or a plan or case file over 256 KiB.',
    whatToDo: 'Raise `--max-document`, or split the document; signals one a line may be of any number.',
  },
  EMPTY_INPUT: {
    meaning: 'There is nothing in the input.',
    whatToDo: 'Look at the command before the pipe: it printed nothing.',
  },
  // a signal that is not taken
  NO_TARGET: {
    meaning: 'No label and no field names a resource that could be remediated.',
    whatToDo:
      'Give the alert a label that names its resource, or read another label as one: `--label-as FROM=KEY`.',
  },
  INVALID_FIELD: {
    meaning:
      'A field of a signal breaks a rule of the RemediationRequest, or one of an action or plan breaks its own (two ids of two clusters too); it is named.',
    whatToDo: 'Correct the field that is named, where the signal or the plan is made.',
  },
  RESOLVED_ALERT: {
    meaning: 'The alert is resolved, or has ended: skipped.',
    whatToDo:
      'Nothing: there is nothing to remediate. `--now` decides by another time, for an alert that has ended since.',
  },
  SUPPRESSED: {
    meaning:
      'A silence or another alert suppresses the alert: skipped, unless `--include-suppressed` was given.',
    whatToDo: 'Nothing, where the silence is meant; `--include-suppressed` takes it all the same.',
  },
  PENDING_ALERT: {
    meaning:
      'Prometheus has the alert as pending, it does not fire yet: skipped, unless `--include-pending` was given.',
    whatToDo: 'Wait until it fires; `--include-pending` takes it at once.',
  },
  OTHER_ALERT: {
    meaning:
      'The request whose payload is injected once more was made for another alert of it: skipped, unless `--all-alerts` was given.',
    whatToDo: 'Nothing; `--all-alerts` takes every alert of the payload.',
  },
  NORMAL_EVENT: {
    meaning: 'The event is of type Normal: skipped.',
    whatToDo: 'Nothing: only events of type Warning tell of a fault. `--show-skipped` lists them.',
  },
  OWN_EVENT: {
    meaning: "The event is remedyctl's own, about a lock that was changed by force: skipped.",
    whatToDo: 'Nothing: it tells of a lock, not of a fault.',
  },
  DELETED_EVENT: { meaning: 'A watch told that the event was deleted: skipped.', whatToDo: 'Nothing.' },
  BOOKMARK_EVENT: { meaning: "A watch's bookmark, which carries no event: skipped.", whatToDo: 'Nothing.' },
  STALE: {
    meaning: "The signal's time is outside of what the gateway takes, and `--enforce-freshness` was given.",
    whatToDo: 'Take a newer signal, leave `--enforce-freshness` out, or decide by another time with `--now`.',
  },
  UNMANAGED: {
    meaning:
      'Neither the resource nor its namespace is labelled `kubernaut.ai/managed=true`; the hint has the command.',
    whatToDo:
      'Label the resource or its namespace with the command of the hint, or take it once with `--skip-scope-check`.',
  },
  OWNER_NOT_FOUND: {
    meaning: 'The resource that the signal names does not exist.',
    whatToDo:
      'Look whether the resource still exists, and whether the target is the right cluster: version shows it.',
  },
  OWNER_LOOKUP_FAILED: {
    meaning: 'Its owners could not be looked up; trying again may help.',
    whatToDo: 'Run it again; doctor shows whether server and permissions are well.',
  },
  SCOPE_LOOKUP_FAILED: {
    meaning: 'Whether it is managed could not be looked up; trying again may help.',
    whatToDo: 'Run it again; doctor shows whether server and permissions are well.',
  },
  REMOTE_CLUSTER: {
    meaning: 'The signal names a cluster, and `--cluster-id-scope refuse` was given.',
    whatToDo: 'Work on the cluster that the signal names, or take it here with `--cluster-id-scope local`.',
  },
  GATEWAY_REFUSED: {
    meaning: 'A gateway does not take a signal, and neither its answer nor our own look at it says why.',
    whatToDo:
      "Read the gateway's log of that moment; `signal send --compare` says what we would have made of it.",
  },
  GATEWAY_DROPPED: {
    meaning: 'A gateway took a webhook and left one of its alerts out of its answer, without a word.',
    whatToDo:
      'The reason beside it is what speaks against the alert from here; `signal explain` has all of it.',
  },
  OTHER_FINGERPRINT_ACTIVE: {
    meaning:
      'The resource, or an owner of it, has an active request under another fingerprint, and `--strict-resource` was given; without it a warning.',
    whatToDo:
      'Look at the request that is named (`request get`); without `--strict-resource` it is a warning.',
  },
  // lock
  AMBIGUOUS_KEY: {
    meaning: 'A prefix of a fingerprint begins several locks or requests: all are listed.',
    whatToDo: 'Give more digits, or one of the names that are listed.',
  },
  LOCK_HELD: {
    meaning:
      "A lock is somebody else's and stays: it is live, has another holder than asked for, or has changed meanwhile.",
    whatToDo:
      '`lease get` shows the holder and until when; wait for it, or read what `lease doctor` says before you force it.',
  },
  LOCK_TIMEOUT: {
    meaning: "Somebody else held the signal's lock for as long as was waited (`--lock-wait`).",
    whatToDo:
      '`lease doctor` says who holds the lock and until when; run it again then, or wait longer with `--lock-wait`.',
  },
  LOCK_NOT_ACQUIRED: {
    meaning: 'A lock that was asked for is held by somebody else.',
    whatToDo: '`lease get` shows the holder and until when; wait for it with `--wait`.',
  },
  LOCK_LOST: {
    meaning: 'A lock that was held was taken over or deleted meanwhile.',
    whatToDo:
      'Look what the other holder does (`lease get`) before you run it again: both may have worked at once.',
  },
  LOCK_FAILED: {
    meaning: 'The lock could not be read or written for another reason than somebody holding it.',
    whatToDo: 'Run it again; doctor shows whether server and permissions are well.',
  },
  COMMAND_NOT_STARTED: {
    meaning: '`lease run` could not start its command; 126 where it is there and cannot be executed.',
    whatToDo: 'Correct the name of the command behind --, or its permissions.',
  },
  // request
  CREATION_FAILED: {
    meaning: 'The RemediationRequest was not created; the message has the attempts and the last answer.',
    whatToDo: 'Read the last answer in the message; run it again where it may pass: nothing is made twice.',
  },
  DEDUPLICATION_FAILED: {
    meaning: 'The requests of the fingerprint could not be looked at, so nothing was decided.',
    whatToDo: 'Run it again; doctor shows whether requests can be listed.',
  },
  STATUS_NOT_PERSISTED: {
    meaning: 'The request exists, and its count could not be written.',
    whatToDo:
      'Nothing for the remediation: the request is there. Its count is behind by what the message says.',
  },
  NOT_IN_REVIEW: {
    meaning: '`request ack` was given a request that does not wait for manual review.',
    whatToDo: '`request get` shows the phase; `dedup show` says what holds back the next signal.',
  },
  REQUEST_CHANGED: {
    meaning:
      'Somebody changed the request between the look at it and the write, so the question is another one.',
    whatToDo: 'Look at it again (`request get`), and run it again if the answer is still the same.',
  },
  REVIEW_WRITTEN_BACK: {
    meaning: 'The request was acknowledged, and a controller has put it back into manual review.',
    whatToDo: 'Find out which controller writes it, and why, before you acknowledge it again.',
  },
  RETRIES_EXHAUSTED: {
    meaning: 'Every attempt failed with an error that may pass.',
    whatToDo: 'Run it again later; `retry compare` shows whether more attempts would have helped.',
  },
  CIRCUIT_OPEN: {
    meaning: 'Too many creations failed in a row; none is tried for half a minute.',
    whatToDo:
      'Look at the first errors of the run, mend their cause, and run it again: nothing is made twice.',
  },
  // the API server
  API_ERROR: {
    meaning: 'The server refused a request; status, reason and message are its own.',
    whatToDo: 'Read the status and the reason of the server; -v shows the request, doctor what is served.',
  },
  FORBIDDEN: {
    meaning:
      'The server refused it, as a rule for a missing permission: verb, resource and namespace are named.',
    whatToDo: 'Ask for the permission that is named; doctor lists those of every command.',
  },
  QUOTA_EXCEEDED: {
    meaning: 'A ResourceQuota of the namespace allows no more of what was to be made.',
    whatToDo:
      'Delete what is no longer needed there, or ask for a higher quota: `kubectl describe resourcequota` shows what is used.',
  },
  ADMISSION_DENIED: {
    meaning:
      'A rule of the cluster refused the object, whoever asks: an admission webhook, a ValidatingAdmissionPolicy or PodSecurity.',
    whatToDo:
      "Read the text, which is the rule's own, and ask whoever keeps the webhook or policy that it names.",
  },
  NAMESPACE_TERMINATING: {
    meaning: 'The namespace is being deleted, and nothing can be made in it.',
    whatToDo: 'Choose another namespace, or wait until it is gone and make it again.',
  },
  NOT_FOUND: {
    meaning: 'What was asked for does not exist on the server.',
    whatToDo:
      'Look for the name with a list command, in the namespace and on the target that the message names.',
  },
  UNREACHABLE: {
    meaning: 'No answer: the connection was refused, reset, or the name is not known.',
    whatToDo: 'Check network, VPN and proxy; doctor shows the address and how far it comes.',
  },
  TIMEOUT: {
    meaning: 'No answer in time (`--request-timeout`, `--signal-timeout`).',
    whatToDo: 'Run it again, or allow more time with `--request-timeout` or `--signal-timeout`.',
  },
  SERVER_LOST: {
    meaning:
      'The API server stopped answering in the middle of a run, and not again within `--give-up-after`.',
    whatToDo:
      'Wait until the server answers (doctor), then run it again: nothing is made twice. The locks that are named expire.',
  },
  ABORTED: { meaning: 'The request was given up because the run was stopped.', whatToDo: 'Run it again.' },
  GROUP_NOT_SERVED: {
    meaning: 'The server serves no RemediationRequests: the CustomResourceDefinition is missing.',
    whatToDo: 'Install the CustomResourceDefinition, or choose another cluster with `--context`.',
  },
  KUBECONFIG_INVALID: {
    meaning:
      'The kubeconfig cannot be read, yields no context, contradicts itself or names what is not in it.',
    whatToDo:
      'Correct the kubeconfig, or name another with `--kubeconfig` or `--context`; `--target embedded` does without.',
  },
  CREDENTIALS_FAILED: {
    meaning:
      'Credentials could not be had: a token file, a certificate, a credential plugin; or a system refused them before a run of a plan began: nothing was sent.',
    whatToDo:
      'Renew the credential that is named; `help environment` has the variables, `help configuration` the files.',
  },
  // PagerDuty, OCM, Backplane
  REMOTE_ERROR: {
    meaning:
      'PagerDuty, OCM or Backplane refused or failed; `httpStatus` and the request id are in the details.',
    whatToDo: 'Read what the system says; give its request id to whoever runs it.',
  },
  OUTCOME_UNKNOWN: {
    meaning:
      'A write to PagerDuty, OCM or Backplane has left and its answer was lost: look before sending it again.',
    whatToDo: 'Look in the system itself whether it is there, then `plan resume`.',
  },
  // the run of a plan
  PLAN_CHANGED: {
    meaning: 'The plan has another hash than `--expect-hash` says.',
    whatToDo: 'Read what has changed (`plan show`), and give the new hash.',
  },
  PLAN_RUNNING: {
    meaning: 'Another process, here or on another machine, is running the same plan.',
    whatToDo: 'Wait for it; `plan status` shows how far it is.',
  },
  PLAN_UNFINISHED: {
    meaning: 'A run of the same plan was interrupted: resume it, or say `--again`.',
    whatToDo: 'Go on with `plan resume RUN`, which sends nothing twice; `--again` starts from the beginning.',
  },
  PLAN_FINISHED: {
    meaning: 'The same plan was run before, and `--again` was not given.',
    whatToDo: 'Nothing, where once was meant; `plan status` shows that run. `--again` does it once more.',
  },
  REMEDY_MISSING: {
    meaning: 'In the result of a run: a silence was not run, because its remedy did not come about.',
    whatToDo:
      'See why the remedy failed (`plan status`), and whether the escalation that took its place has arrived.',
  },
  // the embedded store
  SQLITE_UNAVAILABLE: {
    meaning:
      'Node.js before 22.13 has no SQLite, and `@photostructure/sqlite` is not installed beside remedyctl.',
    whatToDo: 'Install it with the command that the error names, or use Node.js 22.13 or later.',
  },
  STORE_UNAVAILABLE: {
    meaning: "The embedded store's folder cannot be made or opened.",
    whatToDo: 'See who owns the folder and whether its disk answers, or name another with `--store`.',
  },
  STORE_READ_ONLY: {
    meaning: 'The embedded store is on a read-only disk or not ours to write.',
    whatToDo: 'Make the folder writable, or name another with `--store`.',
  },
  STORE_FULL: {
    meaning: 'The disk of the embedded store is full; what was acknowledged before is kept.',
    whatToDo: 'Make room on the disk, and run it again.',
  },
  STORE_CORRUPT: {
    meaning: 'The database of the embedded store is damaged or is none.',
    whatToDo:
      'Move the folder away and go on with a new store; `sqlite3 store.db .recover` may save what it holds.',
  },
  STORE_LOST: {
    meaning:
      'The files of the embedded store or of the journal were removed, moved, replaced or reset while they were open.',
    whatToDo: 'Find out who changes the folder, then run it again.',
  },
  STORE_TOO_NEW: {
    meaning: 'A newer remedyctl wrote the embedded store.',
    whatToDo: 'Use the newer remedyctl, or another folder with `--store`.',
  },
  STORE_BUSY: {
    meaning: 'Another process kept the embedded store locked, and none wrote for a minute.',
    whatToDo: 'End the process that holds it, or wait; doctor shows the store.',
  },
  ADDRESS_UNAVAILABLE: {
    meaning: 'The address or port that `store serve` was to listen on is taken, or not ours to take.',
    whatToDo: 'Name another `--port`, or leave it out for a free one.',
  },
  // output
  CHECKPOINT_UNUSABLE: {
    meaning:
      'The file of `--checkpoint` is damaged, belongs to another cluster or stream, or another process writes it too.',
    whatToDo:
      'Name a file of its own for each stream. A damaged one is removed by hand: the stream then begins anew, with `--since` some time back.',
  },
  OUTPUT_FAILED: {
    meaning:
      'The output, a trace or another file could not be written, or a jsonpath did not apply; what was done is done.',
    whatToDo:
      'Do not repeat the work: make room, or correct the template, and look at the result with a command that reads.',
  },
  INTERRUPTED: {
    meaning: 'Stopped from outside; what was held has been released (SIGTERM: 143, SIGHUP: 129).',
    whatToDo: 'Run it again: what was done is kept, nothing is made twice. For plans: `plan resume`.',
  },
};
