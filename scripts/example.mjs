// npm run example [-- NAME]: runs a program of examples/, or lists them. `--output FOLDER` sets the folder of its pictures.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { root, runFromSources, setup } from "./steps.mjs";

const folder = resolve(root, "examples");
const names = readdirSync(folder).filter((name) => existsSync(resolve(folder, name, "main.ts"))).toSorted();
const { values, positionals } = parseArgs({ options: { output: { type: "string" } }, allowPositionals: true });
const [name] = positionals;

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

if (name === undefined || !names.includes(name)) {
  if (name !== undefined) console.error(`There is no example "${name}".`);
  console.log("npm run example -- NAME");
  list();
  process.exit(name === undefined ? 0 : 1);
}

await setup();
const output = values.output === undefined ? {} : { NN_EXAMPLE_OUTPUT: resolve(process.env.INIT_CWD ?? process.cwd(), values.output) };
process.exitCode = await runFromSources("examples/temp", {
  stdin: { contents: `import { main } from "./${name}/main.ts";\nawait main();\n`, resolveDir: folder },
  banner: { js: 'import { createRequire as requireFor } from "node:module"; const require = requireFor(import.meta.url);' },
}, [], output);
