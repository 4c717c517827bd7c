import { exitCodeOf } from "./failure.js";
import { runProgram } from "./cli/run-program.js";
import { Terminal } from "./terminal/terminal.js";

const interruption = new AbortController();
const terminal = new Terminal(process.stdout, process.stderr);

/** These commands have nothing to save. */
const readOnly: ReadonlySet<string | undefined> = new Set(["evaluate", "predict", "inspect"]);

/** The first signal lets the step under way end and saves; the second one does not wait. */
function onSignal(signal: NodeJS.Signals): void {
  if (readOnly.has(process.argv[2]) || interruption.signal.aborted) process.exit(exitCodeOf(signal));
  interruption.abort(signal);
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
// Whoever reads the results may stop early, as `head` does: a training goes on. A full disk ends it, saved.
process.stdout.on("error", (error) => {
  const failure = terminal.outputFailed(error);
  if (failure !== undefined) interruption.abort(failure);
});
// Remarks that nobody can see are none; there is nowhere to say so.
process.stderr.on("error", () => undefined);

process.exitCode = await runProgram(process.argv.slice(2), terminal, interruption.signal);
