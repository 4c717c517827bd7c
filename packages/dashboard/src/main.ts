#!/usr/bin/env node
import { FileError } from "@nn/files";
import { UsageError } from "@nn/tensor";
import { parseArgs } from "node:util";
import { serve } from "./serve.js";

const help = `nn-dashboard RUNS/

Shows the runs below a folder in the browser, also while they train. Each run is a folder that holds records.jsonl.

  --port PORT   the port to listen on; default: a free one
  --help        show this

The address that it prints holds a token, which allows to pause, stop and save runs.
`;

/** The arguments of the command. */
function invocation(): { readonly folder: string; readonly port: number } | undefined {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { port: { type: "string" }, help: { type: "boolean", short: "h" } } });
  if (values.help === true) return undefined;
  const [folder, ...rest] = positionals;
  if (folder === undefined || rest.length > 0) throw new UsageError("expected one folder of runs, such as nn-dashboard runs/");
  const { port = "0" } = values;
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) throw new UsageError(`--port is "${port}", expected a number from 0 to 65535`);
  return { folder, port: Number(port) };
}

/** Exits with a message for a mistake of the user. Any other error is a fault of the program and is thrown. */
function refuse(error: unknown): void {
  const isTheirs = error instanceof UsageError || error instanceof FileError || (error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS"));
  if (!isTheirs) throw error;
  globalThis.process.stderr.write(`nn-dashboard: ${error.message.replace(/^serve: /, "")}\n`);
  globalThis.process.exitCode = 2;
}

try {
  const called = invocation();
  if (called === undefined) globalThis.process.stdout.write(help);
  else globalThis.process.stdout.write(`${(await serve(called.folder, { port: called.port })).address}\n`);
} catch (error) {
  refuse(error);
}
