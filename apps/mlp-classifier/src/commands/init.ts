import { invocation } from "../cli/invocation.js";
import { requireFree, writeWhole } from "../run/file.js";
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
  await requireFree(file, { force, example: configName });
  const command = `${invocation()} train --config ${quoted(file)}`;
  await writeWhole(file, configText(command));
  if (json) terminal.event("written", { file });
  else terminal.print(`${file} is written. Change it, then train with:`, "", `  ${command}`);
}
