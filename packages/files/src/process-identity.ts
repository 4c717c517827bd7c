import { requireKind } from "@nn/tensor/extend";
import { builtin } from "./builtin.js";
import { codeOf } from "./file-error.js";

/**
 * Identifies this process, so that others on the machine can find out whether it is still running. The process number alone is not enough, because
 * another process may get it later.
 */
export function processIdentity(operation: string): string {
  const { pid } = builtin(operation, "node:process");
  return JSON.stringify({ host: builtin(operation, "node:os").hostname(), pid, started: startOf(operation, pid) });
}

/** Whether a process that {@link processIdentity} identifies is still running; `undefined` for a process of another machine, which cannot be checked. */
export function isProcessAlive(operation: string, identity: string): boolean | undefined {
  requireKind(operation, "identity", identity, "string");
  const named = namedProcess(identity);
  if (named === undefined || named.host !== builtin(operation, "node:os").hostname()) return undefined;
  const { pid, started } = named;
  if (!isRunning(operation, pid)) return false;
  const now = startOf(operation, pid);
  return now === undefined || started === undefined || now === started;
}

/** Whether a process of this machine has this number now. */
export function isRunning(operation: string, pid: number): boolean {
  try {
    builtin(operation, "node:process").kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user may not be signalled, but is there.
    return codeOf(error) === "EPERM";
  }
}

/** The start time of a process, if the system provides it: field 22 of `/proc/<pid>/stat` (proc(5)), counted from the start of the machine. */
function startOf(operation: string, pid: number): string | undefined {
  const { readFileSync } = builtin(operation, "node:fs");
  try {
    const status = readFileSync(`/proc/${pid}/stat`, "latin1");
    const ticks = status.slice(status.lastIndexOf(")") + 2).split(" ")[19];
    return ticks === undefined ? undefined : `${readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim()} ${ticks}`;
  } catch {
    return undefined;
  }
}

/** The parts of a text of {@link processIdentity}; `undefined` for another text. */
export function namedProcess(identity: string): { readonly host: string; readonly pid: number; readonly started: string | undefined } | undefined {
  const { host, pid, started }: { readonly host?: unknown; readonly pid?: unknown; readonly started?: unknown } = parsed(identity);
  const isNamed = typeof host === "string" && typeof pid === "number" && Number.isSafeInteger(pid) && pid > 0;
  return isNamed ? { host, pid, started: typeof started === "string" ? started : undefined } : undefined;
}

function parsed(identity: string): object {
  try {
    return Object(JSON.parse(identity)) as object;
  } catch {
    return {};
  }
}
