import { CommanderError, type Command } from "commander";
import { exitCodes, Failure, Interruption, sentence, UsageFailure } from "../failure.js";
import { UnusableTable } from "../data/unusable-table.js";
import { flagOf, settingByOtherName } from "../settings/settings.js";
import { describeColumns } from "../terminal/data-text.js";
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
  const program = createProgram(terminal, signal);
  try {
    requireCommand(args);
    await program.parseAsync([...args], { from: "user" });
    const failure = await terminal.failure();
    if (failure !== undefined) throw failure;
    return exitCodes.done;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done;
    const { message, exitCode } = describe(error, program, args);
    if (error instanceof UnusableTable) showColumns(error, terminal, json);
    if (json) terminal.event(error instanceof Interruption ? "interrupted" : "error", { message, exitCode });
    const label = error instanceof Interruption ? "" : `${terminal.noteStyle.bad("error:")} `;
    const { what, command }: Partial<Interruption> = error instanceof Interruption ? error : {};
    terminal.note(`${label}${escapeControls(command === undefined ? message : `${what} with:`)}`, command);
    if (args.includes("--debug") && error instanceof Error) terminal.noteAsIs(stackOf(error));
    return exitCode;
  }
}

/** Shows how the columns of a table were read that cannot be used. */
function showColumns({ table, summary }: UnusableTable, terminal: Terminal, json: boolean): void {
  if (json) terminal.event("data", { name: table, ...summary });
  else terminal.print(...describeColumns(summary, terminal.style, terminal.columns), "");
}

function describe(error: unknown, program: Command, args: readonly string[]): { readonly message: string; readonly exitCode: number } {
  if (error instanceof CommanderError) return { message: usageMessage(error, program, args), exitCode: exitCodes.usage };
  return { message: oneLine(sentence(error)), exitCode: error instanceof Failure ? error.exitCode : exitCodes.failed };
}

/** The message of the argument parser, with a hint where to find help. */
function usageMessage({ message }: CommanderError, program: Command, args: readonly string[]): string {
  const [first = ""] = args;
  const command = commandNames.find((name) => name === first);
  const text = oneLine(message.replace(/^error: /, "")).replace(/ \(Did you mean .*\?\)/, "").replace(". Expected", "; expected").replace(/\.$/, "");
  const unknown = /unknown option '([^'=]*)/.exec(text)?.[1];
  const meant = unknown === undefined ? "" : optionHint(unknown, program, args);
  return `${text}${meant}; see ${invocation()} ${command === undefined ? "--help" : `${command} --help`}`.replace("?;", "?");
}

/** What an unknown option may mean: an option of the command, or one of another command. */
function optionHint(unknown: string, program: Command, [first = "", second = ""]: readonly string[]): string {
  const command = program.commands.find((each) => each.name() === first) ?? program.commands.find((each) => each.name() === "train");
  const inner = command?.commands.find((each) => each.name() === second);
  const own = [program, command, inner].flatMap((each) => (each === undefined ? [] : flagsOf(each)));
  const setting = settingByOtherName(unknown.slice(2));
  const flag = setting === undefined ? unknown : flagOf(setting);
  if (own.includes(flag)) return `; did you mean "${flag}"?`;
  const owners = program.commands.filter((each) => flagsOf(each).includes(flag)).map((each) => each.name());
  return owners.length === 0 ? didYouMean(unknown, [...own, "--help"]) : `; ${flag === unknown ? "it" : flag} is an option of ${owners.join(" and ")}`;
}

function flagsOf(command: Command): readonly string[] {
  return command.options.flatMap(({ long }) => (long === undefined || long === null ? [] : [long]));
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
function requireCommand([first, second]: readonly string[]): void {
  const named = first === "help" ? second : first;
  if (named === undefined || named.startsWith("-") || named === "help" || commandNames.some((name) => name === named)) return;
  throw new UsageFailure(`there is no command ${JSON.stringify(named)}${didYouMean(named, commandNames) || `; there are ${commandNames.join(", ")}`}`);
}
