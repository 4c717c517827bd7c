import { makeFolder } from "@nn/files";
import { ArgumentError } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import type { Controls, Plugin, TrainingEvent } from "@nn/train";
import { join } from "node:path";
import { RecordedRun, recordingOptions, requireNested, type RecordingOptions } from "./recording.js";
import { startServerThread, type ServerThread } from "./server-thread.js";

/** Options of {@link dashboard}. */
export interface DashboardOptions extends RecordingOptions {
  /** The folder of runs. Default `"runs"`. */
  readonly runs?: string | undefined;
  /** The name of this run, which is its folder in `runs`. Default: the date and time at which it begins. */
  readonly name?: string | undefined;
  /** The port to listen on. Default 0: a free port. */
  readonly port?: number | undefined;
  /** Called once with the address of the page. Default: prints it to the standard error stream. */
  readonly onAddress?: ((address: string) => void) | undefined;
}

const dashboardOptions: OptionKinds<DashboardOptions> = { ...recordingOptions, runs: "string", name: "string", port: "size", onAddress: "function" };

/**
 * Records a run as {@link recording} does, and shows it in the browser while it trains: the address is printed when the run begins. The server is a separate thread that reads the
 * files of the run, and ends with the process. When the run ends, open pages get its last records first. `nn-dashboard runs/` shows the runs again later.
 *
 * @example
 * ```ts
 * import { dashboard } from "@nn/dashboard";
 *
 * dashboard({ runs: "runs", name: "baseline" }).name; // => "dashboard"
 * ```
 * @throws ArgumentError for options of a wrong kind. When the run begins, FileError if the file cannot be written, UsageError if the port is taken.
 */
export function dashboard(options: DashboardOptions = {}): Plugin {
  return dashboardWith(startServerThread, options);
}

/** The same with another way to start the server. */
export function dashboardWith(start: typeof startServerThread, options: DashboardOptions): Plugin {
  requireOptions("dashboard", options, dashboardOptions);
  requireNested("dashboard", options);
  const { runs = "runs", name, port = 0, onAddress = printed, ...recorded } = options;
  if (port > 65_535) throw new ArgumentError(`dashboard: port is ${port}, expected a number up to 65535`);
  let run: RecordedRun | undefined;
  let server: ServerThread | undefined;
  const begin = async (event: TrainingEvent, controls: Controls): Promise<void> => {
    await makeFolder("dashboard", runs);
    run = new RecordedRun(join(runs, name ?? nameAt(new Date())), recorded);
    await run.on(event, controls);
    server = await start({ folder: runs, port });
    onAddress(server.address);
  };
  return { name: "dashboard", on: (event, controls) => (event.type === "start" ? begin(event, controls) : run?.on(event, controls)), dispose: () => server?.flush() };
}

/** The date and time as the name of a folder: `2026-03-01 14.05.09`. */
function nameAt(now: Date): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const date = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  return `${date} ${two(now.getHours())}.${two(now.getMinutes())}.${two(now.getSeconds())}`;
}

function printed(address: string): void {
  globalThis.process.stderr.write(`dashboard: ${address}\n`);
}
