import { FileError } from "@nn/files";
import { builtin, type Builtins } from "@nn/files/builtin";
import { requireKind } from "@nn/tensor/extend";
import type { RunCommand } from "../run-record.js";
import { wholeLines } from "./lines.js";

/** The commands to a run. */
export const commands: readonly RunCommand[] = ["pause", "resume", "stop", "save"];

/** The file of a run's folder that takes commands: one word to a line. */
const commandFileName = "commands.txt";

const pathIn = (operation: string, folder: string): string => builtin(operation, "node:path").join(folder, commandFileName);

/**
 * Sends a command to a run, from any process: it appends a line to `commands.txt` in the folder of the run, which reads it with a {@link
 * CommandReader}.
 * @throws FileError if it cannot be written.
 */
export async function sendCommand(folder: string, command: RunCommand): Promise<void> {
  requireKind("sendCommand", "the folder", folder, "string");
  requireKind("sendCommand", "the command", command, commands);
  try {
    await builtin("sendCommand", "node:fs/promises").appendFile(pathIn("sendCommand", folder), `${command}\n`);
  } catch (cause) {
    throw new FileError("sendCommand", "write", pathIn("sendCommand", folder), cause);
  }
}

/** Reads the commands that are sent to a run after the reader was made. */
export class CommandReader {
  readonly #path: string;
  readonly #fs: Builtins["node:fs"];
  #offset: number;

  constructor(folder: string) {
    requireKind("CommandReader", "the folder", folder, "string");
    this.#fs = builtin("CommandReader", "node:fs");
    this.#path = pathIn("CommandReader", folder);
    this.#offset = this.#size();
  }

  /**
   * The commands since the last read, in order. It does not wait, and if there are none, it reads only the size of the file. Lines that are not
   * commands are skipped.
   * @throws FileError if the file exists but cannot be read.
   */
  read(): readonly RunCommand[] {
    const size = this.#size();
    if (size < this.#offset) this.#offset = 0;
    if (size === this.#offset) return [];
    try {
      const { lines, length } = wholeLines(this.#fs.readFileSync(this.#path).subarray(this.#offset));
      this.#offset += length;
      return lines.flatMap((line) => commands.filter((each) => each === line));
    } catch (cause) {
      throw new FileError("CommandReader.read", "read", this.#path, cause);
    }
  }

  #size(): number {
    try {
      return this.#fs.statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0;
    } catch (cause) {
      throw new FileError("CommandReader", "read", this.#path, cause);
    }
  }
}
