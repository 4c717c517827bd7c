import { ArgumentError } from "@nn/tensor";
import { requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { startServer } from "./server/server.js";

/** Options of {@link serve}. */
export interface ServeOptions {
  /** The port to listen on. Default 0: a free port. */
  readonly port?: number;
}

/** A running dashboard server. */
export interface Dashboard {
  /** The address of the page, with the token that allows it to pause, stop and save runs. */
  readonly address: string;
  /** Ends all connections and stops listening. */
  close(): Promise<void>;
}

const kinds: OptionKinds<ServeOptions> = { port: "size" };

/**
 * Serves the dashboard of a folder of runs on 127.0.0.1, in this thread. A run is a folder below it that holds `records.jsonl` of `@nn/records`; the folder itself
 * may be a run. `nn-dashboard RUNS/` does this from the command line.
 * @throws ArgumentError for an invalid port.
 * @throws FileError if the folder cannot be read.
 * @throws UsageError if the port is taken.
 */
export async function serve(folder: string, options: ServeOptions = {}): Promise<Dashboard> {
  requireKind("serve", "the folder", folder, "string");
  requireOptions("serve", options, kinds);
  const { port = 0 } = options;
  if (port > 65_535) throw new ArgumentError(`serve: port is ${port}, expected a number up to 65535`);
  return startServer({ folder, port });
}
