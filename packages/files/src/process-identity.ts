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
  const named = namedProcess(identity);
  if (named === undefined || named.host !== builtin(operation, "node:os").hostname()) return undefined;
  const { pid, started } = named;
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

/** What a text of {@link processIdentity} says; `undefined` for another text. */
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
