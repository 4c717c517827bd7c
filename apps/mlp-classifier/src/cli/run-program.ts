import { CommanderError } from "commander";
import { exitCodes, Failure, Interruption, sentence, UsageFailure } from "../failure.js";
import { flagOf, settingByOtherName, settingNames } from "../settings/settings.js";
import { didYouMean, escapeControls } from "@nn/tensor/extend";
import type { Terminal } from "../terminal/terminal.js";
import { invocation } from "./invocation.js";
import { commandNames, createProgram } from "./program.js";

/**
 * Runs the program with the arguments of a command line and returns its exit code. It prints every error as one sentence, and with
 * `--debug` also the stack.
 */
export async function runProgram(args: readonly string[], terminal: Terminal, signal: AbortSignal): Promise<number> {
  const json = args.includes("--json");
  try {
    requireCommand(args);
    const program = createProgram(terminal, signal);
    await program.parseAsync([...args], { from: "user" });
    const failure = await terminal.failure();
    if (failure !== undefined) throw failure;
    return exitCodes.done;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done;
    const { message, exitCode } = describe(error, args);
    if (json) terminal.event(error instanceof Interruption ? "interrupted" : "error", { message, exitCode });
    const label = error instanceof Interruption ? "" : `${terminal.noteStyle.bad("error:")} `;
    terminal.note(`${label}${escapeControls(message)}`);
    if (args.includes("--debug") && error instanceof Error) terminal.note(stackOf(error));
    return exitCode;
  }
}

function describe(error: unknown, args: readonly string[]): { readonly message: string; readonly exitCode: number } {
  if (error instanceof CommanderError) return { message: usageMessage(error, args), exitCode: exitCodes.usage };
  return { message: oneLine(sentence(error)), exitCode: error instanceof Failure ? error.exitCode : exitCodes.failed };
}

const ownNames = [
  ...settingNames.map(flagOf), "--config", "--out", "--resume", "--dashboard", "--folds", "--folds-only", "--search", "--trials", "--sampler", "--pruner", "--metric", "--workers", "--parallel", "--redis", "--concurrency", "--json", "--quiet", "--split",
  "--repeats", "--port", "--output", "--report", "--force", "--debug", "--help",
];

/** The message of the argument parser, with a hint where to find help. */
function usageMessage({ message }: CommanderError, args: readonly string[]): string {
  const [first = ""] = args;
  const command = commandNames.find((name) => name === first);
  const text = oneLine(message.replace(/^error: /, "")).replace(/ \(Did you mean .*\?\)/, "").replace(". Expected", "; expected").replace(/\.$/, "");
  const unknown = /unknown option '([^'=]*)/.exec(text)?.[1];
  const known = unknown === undefined ? undefined : settingByOtherName(unknown.slice(2));
  const meant = unknown === undefined ? "" : known === undefined ? didYouMean(unknown, ownNames) : `; did you mean "${flagOf(known)}"?`;
  return `${text}${meant}; see ${invocation()} ${command === undefined ? "--help" : `${command} --help`}`.replace("?;", "?");
}

function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, " ");
}

/** The stacks of an error and its causes. */
function stackOf(error: Error): string {
  const trace = error.stack ?? error.message;
  return error.cause instanceof Error ? `${trace}\ncaused by ${stackOf(error.cause)}` : trace;
}

/** Refuses a first word that is not a command. Otherwise it would be an argument of `train`. */
function requireCommand([first]: readonly string[]): void {
  if (first === undefined || first.startsWith("-") || first === "help" || commandNames.some((name) => name === first)) return;
  throw new UsageFailure(`there is no command ${JSON.stringify(first)}${didYouMean(first, commandNames) || `; there are ${commandNames.join(", ")}`}`);
}
