import { exitCodes } from "./failure.js";
import { runProgram } from "./cli/run-program.js";
import { Terminal } from "./terminal/terminal.js";

const interruption = new AbortController();

/** The first signal lets the step under way end and saves; the second one does not wait. */
function onSignal(signal: NodeJS.Signals): void {
  if (interruption.signal.aborted) process.exit(exitCodes.interrupted);
  interruption.abort(signal);
}

process.on("SIGINT", onSignal);
process.on("SIGTERM", onSignal);
// Whoever reads the output may stop early, as `head` does.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(exitCodes.done);
  throw error;
});

process.exitCode = await runProgram(process.argv.slice(2), new Terminal(process.stdout, process.stderr), interruption.signal);
