// Runs one step of a larger command: a short line while it runs, its whole output only if it fails.
import { spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { delimiter, dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

const env = {
  ...process.env,
  PATH: [resolve(root, "node_modules/.bin"), process.env.PATH].join(delimiter),
  TURBO_TELEMETRY_DISABLED: "1",
};

const options = { cwd: root, env, shell: process.platform === "win32" };

/**
 * Runs a command on the terminal of this process, with `variables` in its environment, and resolves to its exit status. Ctrl-C
 * also reaches the command, which may need a moment to save its work, so this process waits for it. The command runs in `cwd`.
 */
export function attached(command, args, variables = {}, cwd = root) {
  return new Promise((done) => {
    const child = spawn(command, args, { ...options, cwd, env: { ...env, ...variables }, stdio: "inherit" });
    const wait = () => undefined;
    const pass = (signal) => child.kill(signal);
    process.on("SIGINT", wait);
    process.on("SIGTERM", pass);
    process.on("SIGHUP", pass);
    const finish = (status) => {
      process.off("SIGINT", wait);
      process.off("SIGTERM", pass);
      process.off("SIGHUP", pass);
      done(status);
    };
    child.on("error", (error) => {
      console.error(`${command}: ${error.message}`);
      finish(127);
    });
    child.on("close", (status, signal) => finish(status ?? (signal === "SIGINT" ? 130 : 1)));
  });
}

/**
 * Runs a command quietly and resolves to whether it passed. `summarize` extracts a one-line summary from the output
 * of a command that passed.
 */
export function quiet(title, command, args, summarize = () => "") {
  process.stderr.write(`> ${title} ... `);
  const started = performance.now();
  return new Promise((done) => {
    let output = "";
    const child = spawn(command, args, { ...options, env: { ...env, NO_COLOR: "1" }, stdio: ["ignore", "pipe", "pipe"] });
    const finish = (passed) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      const summary = passed ? summarize(output) : "";
      process.stderr.write(`${passed ? "ok" : "FAILED"} (${[summary, `${seconds} s`].filter(Boolean).join(", ")})\n`);
      if (!passed) process.stderr.write(`${output.trimEnd()}\n`);
      done(passed);
    };
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
    child.on("error", (error) => {
      output += error.message;
      finish(false);
    });
    child.on("close", (status) => finish(status === 0));
  });
}

/** Installs what is missing; ends this process if that fails. */
export async function setup() {
  const status = await attached(process.execPath, [resolve(root, "scripts/setup.mjs")]);
  if (status !== 0) process.exit(status);
}

/** Runs turbo tasks, showing only the output of tasks that failed. */
export const turbo = (title, tasks, ...flags) =>
  quiet(title, "turbo", ["run", ...tasks, "--output-logs=errors-only", ...flags], (output) => {
    const [, cached, total] = /Cached:\s+(\d+) cached, (\d+) total/.exec(output) ?? [];
    return total === undefined ? "" : `${cached} of ${total} tasks unchanged`;
  });

/**
 * Bundles a program from the sources of the packages, so that no build is needed, and runs it on the terminal of this process. Resolves
 * to its exit status. `entry` holds esbuild options for the program, such as `entryPoints` or `stdin`. The bundle is in
 * `folder` while the program runs, and the program starts in `cwd`.
 */
export async function runFromSources(folder, entry, args, variables = {}, cwd = root) {
  const { build } = await import("esbuild");
  const temporary = resolve(root, folder);
  mkdirSync(temporary, { recursive: true });
  const program = resolve(temporary, `program-${process.pid}.mjs`);
  try {
    // Libraries that are CommonJS call `require`, which an ES module does not have.
    const banner = { js: 'import { createRequire as createRequireOfProgram } from "node:module"; const require = createRequireOfProgram(import.meta.url);' };
    // In a bundle of two classes with one name, one is renamed. Errors print the name of their class, and those of layers that of the module's: they keep theirs.
    await build({ absWorkingDir: root, outfile: program, bundle: true, format: "esm", platform: "node", conditions: ["@nn/source"], sourcemap: "inline", logLevel: "warning", banner, keepNames: true, ...entry });
    return await attached(process.execPath, ["--enable-source-maps", program, ...args], variables, cwd);
  } finally {
    rmSync(program, { force: true });
  }
}
