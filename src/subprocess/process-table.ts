import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** One process as the system lists it. */
export interface ProcessEntry {
  pid: number;
  parentPid: number;
  groupId: number;
  /** 0 where the system does not tell. */
  sessionId: number;
  /** R, S, D, T (stopped), Z (ended and not yet waited for), … */
  state: string;
  /** Tells a process from a later one with its number; empty where the system does not tell. */
  started: string;
}

/** Every process: from /proc where there is one, else from ps. Empty where neither answers. */
export function readProcesses(): ProcessEntry[] {
  return process.platform === 'linux' ? fromProc() : fromPs();
}

/** Undefined where it has ended and has been waited for. */
export function readProcess(pid: number): ProcessEntry | undefined {
  if (process.platform === 'linux') return procEntry(String(pid));
  return fromPs().find((entry) => entry.pid === pid);
}

/** Whether the terminal's foreground job is ours, as far as the system tells: then its keys reach us and our children. */
export function isForeground(): boolean {
  if (process.platform !== 'linux') return true;
  const fields = statFields('self');
  return fields === undefined || fields[groupField] === fields[foregroundField];
}

// Fields of /proc/PID/stat, counted from the one after the command's name.
const groupField = 2;
const sessionField = 3;
const foregroundField = 5;
const startedField = 19;

function fromProc(): ProcessEntry[] {
  return readdirSync('/proc').flatMap((name) => {
    const entry = /^\d+$/.test(name) ? procEntry(name) : undefined;
    return entry === undefined ? [] : [entry];
  });
}

function procEntry(name: string): ProcessEntry | undefined {
  const fields = statFields(name);
  if (fields === undefined) return undefined;
  const [state = '', parent] = fields;
  return {
    pid: Number(name),
    parentPid: Number(parent),
    groupId: Number(fields[groupField]),
    sessionId: Number(fields[sessionField]),
    state,
    started: fields[startedField] ?? '',
  };
}

/** The name of a command may hold blanks and brackets; what follows the last bracket does not. */
function statFields(name: string): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${name}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

function fromPs(): ProcessEntry[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat='], { encoding: 'utf8' });
  return ((stdout as string | null) ?? '').split('\n').flatMap((line) => {
    const [pid, parentPid, groupId, state] = line.trim().split(/\s+/);
    if (state === undefined) return [];
    return [
      {
        pid: Number(pid),
        parentPid: Number(parentPid),
        groupId: Number(groupId),
        sessionId: 0,
        state: state.charAt(0),
        started: '',
      },
    ];
  });
}
