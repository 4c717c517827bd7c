import { CommanderError } from "commander";
import { exitCodes, Failure, Interruption, sentence, UsageFailure } from "../failure.js";
import { closest } from "../settings/merge.js";
import type { Terminal } from "../terminal/terminal.js";
import { invocation } from "./invocation.js";
import { commandNames, createProgram } from "./program.js";

/**
 * Runs the program with the arguments of a command line and gives its exit code. Whatever goes wrong is told in one sentence; with
 * `--debug` also where it comes from.
 */
export async function runProgram(args: readonly string[], terminal: Terminal, signal: AbortSignal): Promise<number> {
  const json = args.includes("--json");
  try {
    requireCommand(args);
    await createProgram(terminal, signal).parseAsync([...args], { from: "user" });
    return exitCodes.done;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done;
    const { message, exitCode } = describe(error, args);
    if (json) terminal.event(error instanceof Interruption ? "interrupted" : "error", { message, exitCode });
    const label = error instanceof Interruption ? "" : `${terminal.noteStyle.bad("error:")} `;
    terminal.note(`${label}${message}`);
    if (args.includes("--debug") && error instanceof Error) terminal.note(stackOf(error));
    return exitCode;
  }
}

function describe(error: unknown, args: readonly string[]): { readonly message: string; readonly exitCode: number } {
  if (error instanceof CommanderError) return { message: usageMessage(error, args), exitCode: exitCodes.usage };
  return { message: oneLine(sentence(error)), exitCode: error instanceof Failure ? error.exitCode : exitCodes.failed };
}

/** The sentence of the argument parser, and where to find more. */
function usageMessage({ message }: CommanderError, args: readonly string[]): string {
  const [first = ""] = args;
  const command = commandNames.find((name) => name === first);
  const text = oneLine(message.replace(/^error: /, "")).replace(/ \(Did you mean (.*)\?\)/, " (did you mean $1?)").replace(". Expected", "; expected").replace(/\.$/, "");
  return `${text}; see ${invocation()} ${command === undefined ? "--help" : `${command} --help`}`;
}

function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, " ");
}

/** The traces of an error and of those that caused it. */
function stackOf(error: Error): string {
  const trace = error.stack ?? error.message;
  return error.cause instanceof Error ? `${trace}\ncaused by ${stackOf(error.cause)}` : trace;
}

/** A first word that is no command would be taken for an argument of `train`. */
function requireCommand([first]: readonly string[]): void {
  if (first === undefined || first.startsWith("-") || first === "help" || commandNames.some((name) => name === first)) return;
  const like = closest(first, commandNames);
  throw new UsageFailure(`there is no command ${JSON.stringify(first)}${like === undefined ? `; there are ${commandNames.join(", ")}` : ` (did you mean ${like}?)`}`);
}
