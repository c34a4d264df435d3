import type { ConnectOptions, KubeClient } from '../kube/client.ts';
import type { Identity } from '../lease/identity.ts';
import type { Notes } from '../notes/notes.ts';
import type { RemedyError } from '../errors/remedy-error.ts';
import type { RemoteSystems } from '../plan/remote-systems.ts';
import type { SystemSettings } from '../plan/system-settings.ts';
import type { RunHead } from './journal.ts';
import type { ReportingOptions } from './report-metrics.ts';
import type { PlanRun } from './run-document.ts';
import type { RunTeller, ToldRun } from './run-teller.ts';

/** What `runPlans` and `resumeRun` work with. Nobody is asked or told anything where a callback is left out. */
export interface RunOptions extends ReportingOptions {
  /** `store`: the directory of the journal, absolute. `leaseNamespace`: where the lease of a plan is. */
  readonly settings: SystemSettings & { readonly store: string; readonly leaseNamespace: string };
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
export interface ConfirmedRun extends Pick<RunHead, 'plan' | 'hash' | 'steps'> {
  readonly verb: 'runs' | 'resumes';
}
