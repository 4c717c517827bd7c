// npm run test:runtimes: the built packages on Bun and Deno, which come from npm for Linux on x86-64, against what they compute on Node.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { quiet, root, setup, turbo } from "./steps.mjs";

const runtimes = [
  { name: "Bun", package: "@oven/bun-linux-x64", version: "1.4.5", program: "bin/bun", args: [] },
  { name: "Deno", package: "@deno/linux-x64-glibc", version: "2.9.6", program: "deno", args: ["run", "--allow-ffi", "--allow-read", "--allow-write", "--allow-env", "--allow-sys", "--no-prompt"] },
];
const program = resolve(root, "tests/runtimes/program.mjs");

if (process.platform !== "linux" || process.arch !== "x64") {
  console.error("the versions of Bun and Deno that this compares with are for Linux on x86-64 only");
  process.exit(1);
}
await setup();
if (!(await turbo("build", ["build"], "--filter=@nn/integration-tests^..."))) process.exit(1);

/** What the program prints: a value, or an error, by its name. */
async function resultsOf(command, args) {
  const { stdout } = await promisify(execFile)(command, [...args, program], { cwd: root, timeout: 300_000 });
  return new Map(stdout.trim().split("\n").map((line) => JSON.parse(line)).map(({ name, ...result }) => [name, result]));
}

/** Engines differ in the last bits of float32, because a relaxed multiply-add may round once or twice. Machine code does not differ. */
function isSame(name, a, b) {
  const tolerance = name.includes("machine code") ? 0 : 1e-4;
  return JSON.stringify(a) === JSON.stringify(b) ||
    (Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((value, at) => typeof value === "number" && Math.abs(value - b[at]) <= tolerance * Math.max(1, Math.abs(value))));
}

/** The differences between two lists of results, a line each. */
function differences(expected, results) {
  const names = new Set([...expected.keys(), ...results.keys()]);
  return [...names].filter((name) => {
    const [a, b] = [expected.get(name), results.get(name)];
    return a === undefined || b === undefined || a.error !== undefined || b.error !== undefined || !isSame(name, a.value, b.value);
  }).map((name) => `${name}\n  on Node: ${JSON.stringify(expected.get(name))}\n  here:    ${JSON.stringify(results.get(name))}`);
}

const expected = await resultsOf(process.execPath, []);
for (const { name, package: from, version, program: path, args } of runtimes) {
  const folder = resolve(root, `node_modules/.cache/${name.toLowerCase()}-${version}`);
  const command = resolve(folder, "node_modules", from, path);
  if (!existsSync(command) && !(await quiet(`${name} ${version}`, "npm", ["install", "--prefix", folder, "--no-audit", "--no-fund", "--prefer-offline", `${from}@${version}`]))) {
    process.exitCode = 1;
    continue;
  }
  const found = await resultsOf(command, args).then((results) => differences(expected, results), (error) => [String(error)]);
  console.log(found.length === 0 ? `${name} ${version}: ${expected.size} results as on Node` : `${name} ${version} differs:\n${found.join("\n")}`);
  if (found.length > 0) process.exitCode = 1;
}
