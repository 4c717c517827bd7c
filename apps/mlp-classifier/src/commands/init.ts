import { stat } from "node:fs/promises";
import { invocation } from "../cli/invocation.js";
import { UsageFailure } from "../failure.js";
import { writeWhole } from "../run/file.js";
import { quoted } from "../settings/command.js";
import { configName, configText } from "../settings/config-file.js";
import type { Terminal } from "../terminal/terminal.js";

/** The command-line options of `init`. */
export interface InitRequest {
  /** The file to write. Default: {@link configName}. */
  readonly file: string | undefined;
  /** Whether an existing file is overwritten. */
  readonly force: boolean;
  readonly json: boolean;
}

/** Writes a configuration file that has every setting with its default and an explanation. */
export async function init({ file = configName, force, json }: InitRequest, terminal: Terminal): Promise<void> {
  if (file === "") throw new UsageFailure("the name of the file is empty, expected a path such as nn-mlp.jsonc");
  const status = await stat(file).catch(() => undefined);
  if (status?.isDirectory() === true) throw new UsageFailure(`${file} is a folder; name a file in it, such as ${file.replace(/[/\\]$/, "")}/${configName}`);
  if (status !== undefined && !force) throw new UsageFailure(`${file} exists already; overwrite it with --force, or name another file`);
  const command = `${invocation()} train --config ${quoted(file)}`;
  await writeWhole(file, configText(command));
  if (json) terminal.event("written", { file });
  else terminal.print(`${file} is written. Change it, then train with:`, "", `  ${command}`);
}
