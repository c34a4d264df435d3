const terminalPhases: ReadonlySet<string> = new Set([
  'Completed',
  'Failed',
  'TimedOut',
  'Skipped',
  'Cancelled',
]);

/**
 * Whether a RemediationRequest in this `status.overallPhase` has come to its end. Compared exactly: a phase that
 * nobody knows, or none at all, is still under way, so that a newer orchestrator never gets a second request.
 */
export function isTerminalPhase(phase: string): boolean {
  return terminalPhases.has(phase);
}
