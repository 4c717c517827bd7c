// npm run example [-- NAME]: runs a program of examples/, or lists them. `--output FOLDER` sets the folder of its pictures.
// npm run example -- PATH [ARGUMENTS]: runs a TypeScript or JavaScript file, or the main.ts of a folder, which can import every package.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { root, runFromSources, setup } from "./steps.mjs";

const folder = resolve(root, "examples");
const names = new Set(readdirSync(folder).filter((name) => existsSync(resolve(folder, name, "main.ts"))));
/** The folder where the command was typed: npm starts scripts in that of package.json. */
const here = process.env.INIT_CWD ?? process.cwd();
const [first = "", ...rest] = process.argv.slice(2);

/** The program at a path: a file, or the main.ts of a folder; `undefined` if there is none. */
function programAt(path) {
  const kind = path === "" ? undefined : statSync(path, { throwIfNoEntry: false });
  if (kind?.isDirectory()) return programAt(resolve(path, "main.ts"));
  return kind?.isFile() && /\.[cm]?[jt]s$/.test(path) ? path : undefined;
}

/** Finds the packages from every folder: a package finds itself by its own name. */
const packagesOfCheckout = {
  name: "packages-of-the-checkout",
  setup: (build) => {
    build.onResolve({ filter: /^@nn\// }, ({ path, kind, pluginData }) => {
      const place = resolve(root, "packages", path.split("/")[1]);
      return pluginData === "found" || !existsSync(place) ? undefined : build.resolve(path, { kind, resolveDir: place, pluginData: "found" });
    });
  },
};

/** Leaves ONNX Runtime, which finds its WebAssembly beside itself, where it is installed: for the program, or else for the examples. */
const onnxRuntime = {
  name: "onnx-runtime",
  setup: (build) => {
    build.onResolve({ filter: /^onnxruntime-web$/ }, async ({ path, kind, resolveDir, pluginData }) => {
      if (pluginData === "found") return undefined;
      const places = await Promise.all([resolveDir, folder].map((place) => build.resolve(path, { kind, resolveDir: place, pluginData: "found" })));
      const found = places.find(({ errors }) => errors.length === 0);
      return found === undefined ? undefined : { path: pathToFileURL(found.path).href, external: true };
    });
  },
};

/** Runs a program, and its `main` if it exports one and does not call it itself. */
async function runProgram(path, folder, args, variables, cwd) {
  const { callsMain } = await import("./calls-main.mjs");
  const main = 'Reflect.get(program, "main")';
  const contents = `import * as program from ${JSON.stringify(path)};\n${callsMain(readFileSync(path, "utf8")) ? main : `await ${main}?.()`};\n`;
  const entry = {
    stdin: { contents, resolveDir: dirname(path) },
    // A program that calls its main only where it is the entry is the entry here too.
    define: { "import.meta.main": "true" },
    plugins: [packagesOfCheckout, onnxRuntime],
    banner: { js: 'import { createRequire as requireFor } from "node:module"; const require = requireFor(import.meta.url);' },
  };
  try {
    return await runFromSources(folder, entry, args, variables, cwd);
  } catch (error) {
    // esbuild has said what is wrong.
    if (!Array.isArray(error?.errors)) throw error;
    return 1;
  }
}

/** The description of each example in the examples' README, in the order of the course. */
function list() {
  const lines = readFileSync(resolve(folder, "README.md"), "utf8").split("\n");
  for (const line of lines) {
    const [, heading] = /^## (.+)/.exec(line) ?? [];
    const [, example, summary] = /^- \[([\w-]+)\]\(.+?\): (.+)/.exec(line) ?? [];
    if (heading !== undefined) console.log(`\n${heading}`);
    if (example !== undefined) console.log(`  ${example.padEnd(24)} ${summary}`);
  }
}

const own = names.has(first) || first === "" ? undefined : programAt(resolve(here, first));
if (own !== undefined) {
  await setup();
  process.exit(await runProgram(own, dirname(own), rest, {}, here));
}

const { values, positionals } = parseArgs({ options: { output: { type: "string" } }, allowPositionals: true });
const [name] = positionals;
if (name === undefined || !names.has(name)) {
  if (name !== undefined) console.error(`There is no example "${name}", and no program at ${resolve(here, name)}: expected a name of the list, a file such as mine.ts, or a folder with main.ts.`);
  console.log("npm run example -- NAME, or -- PATH for a program of your own");
  list();
  process.exit(name === undefined ? 0 : 1);
}

await setup();
const output = values.output === undefined ? {} : { NN_EXAMPLE_OUTPUT: resolve(here, values.output) };
process.exitCode = await runProgram(resolve(folder, name, "main.ts"), "examples/temp", [], output);
