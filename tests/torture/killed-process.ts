import { spawn } from "node:child_process";
import { once } from "node:events";
import { watch } from "node:fs";

/** When a process is killed: so many changes in a folder and milliseconds after its start. */
export interface Moment {
  readonly changes: number;
  readonly milliseconds: number;
}

/** How a process ended. */
export interface Ending {
  readonly status: number | null;
  readonly killed: boolean;
  readonly output: string;
  /** Changes in the folder that were noticed. */
  readonly changes: number;
}

/**
 * Runs a program of Node, and kills it at a moment. Moments are counted in changes of the folder, not in time: so kills fall into the work, and between the
 * writing of files, however slow the machine is.
 */
export async function run(args: readonly string[], folder: string, moment?: Moment): Promise<Ending> {
  const child = spawn(process.execPath, [...args], { cwd: folder, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, NO_COLOR: "1" } });
  let output = "";
  child.stdout.on("data", (chunk) => (output += String(chunk)));
  child.stderr.on("data", (chunk) => (output += String(chunk)));
  let changes = 0;
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(folder, { recursive: true }, () => {
    changes += 1;
    if (moment !== undefined && changes === moment.changes) timer = setTimeout(() => child.kill("SIGKILL"), moment.milliseconds);
  });
  const [status, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  clearTimeout(timer);
  watcher.close();
  return { status, killed: signal === "SIGKILL", output, changes };
}
