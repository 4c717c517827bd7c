import { exitCodeOf } from "./failure.js";
import { runProgram } from "./cli/run-program.js";
import { Terminal } from "./terminal/terminal.js";

const interruption = new AbortController();
const terminal = new Terminal(process.stdout, process.stderr);

/** These commands have nothing to save. */
const readOnly: ReadonlySet<string | undefined> = new Set(["evaluate", "predict", "inspect", "importance", "runs", "init"]);

/** The first signal stops the run after the current step and saves it; the second one exits immediately. */
function onSignal(signal: NodeJS.Signals): void {
  if (readOnly.has(process.argv[2]) || interruption.signal.aborted) process.exit(exitCodeOf(signal));
  interruption.abort(signal);
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
// The reader of the results may stop early, as `head` does: training continues. A full disk stops and saves it.
process.stdout.on("error", (error) => {
  const failure = terminal.outputFailed(error);
  if (failure !== undefined) interruption.abort(failure);
});
// Notes that cannot be written are lost: there is nowhere to report it.
process.stderr.on("error", () => undefined);

process.exitCode = await runProgram(process.argv.slice(2), terminal, interruption.signal);
