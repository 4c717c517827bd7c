import { requireKind } from "@nn/tensor/extend";
import { builtin } from "./builtin.js";

/** Names this process, so that others of the machine can tell whether it still runs: its number alone may be given to another process later. */
export function processIdentity(operation: string): string {
  const { pid } = builtin(operation, "node:process");
  return JSON.stringify({ host: builtin(operation, "node:os").hostname(), pid, started: startOf(operation, pid) });
}

/** Whether the process that {@link processIdentity} named still runs; `undefined` for one of another machine, which cannot be asked. */
export function isProcessAlive(operation: string, identity: string): boolean | undefined {
  requireKind(operation, "identity", identity, "string");
  const { host, pid, started }: { readonly host?: unknown; readonly pid?: unknown; readonly started?: unknown } = parsed(identity);
  if (host !== builtin(operation, "node:os").hostname() || typeof pid !== "number") return undefined;
  try {
    builtin(operation, "node:process").kill(pid, 0);
  } catch (error) {
    // A process of another user may not be signalled, but is there.
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  const now = startOf(operation, pid);
  return now === undefined || started === undefined || now === started;
}

/** When a process started, where the system tells: field 22 of `/proc/<pid>/stat` (proc(5)), counted from the start of the machine. */
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

function parsed(identity: string): object {
  try {
    return Object(JSON.parse(identity)) as object;
  } catch {
    return {};
  }
}
