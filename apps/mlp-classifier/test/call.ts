import { runProgram } from "../src/cli/run-program.js";
import { capturedTerminal } from "./captured-terminal.js";

/** What a call of the program wrote, and its exit code. */
export interface Called {
  readonly code: number;
  readonly out: string;
  readonly notes: string;
}

/** Calls the program as a command line does; in what it writes, `…` stands for the folder. */
export function callIn(root: string, signal = new AbortController().signal): (...args: readonly string[]) => Promise<Called> {
  return async (...args) => {
    const { terminal, out, notes } = capturedTerminal();
    const code = await runProgram(args, terminal, signal);
    return { code, out: out().replaceAll(root, "…"), notes: notes().replaceAll(root, "…") };
  };
}
