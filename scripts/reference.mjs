// npm run reference: runs the cases recorded from PyTorch, eagerly and compiled, and prints the differences. The cases are in
// tests/reference, or in the folder NN_REFERENCE_DIR.
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { root, runFromSources, setup } from "./steps.mjs";

// npm runs scripts in the root; relative folders are relative to the user's current folder.
const named = process.env.NN_REFERENCE_DIR;
const folder = named ? resolve(process.env.INIT_CWD ?? process.cwd(), named) : resolve(root, "tests/reference");
if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
  console.error(`NN_REFERENCE_DIR names ${folder}, which is no folder`);
  process.exit(1);
}

await setup();
process.exitCode = await runFromSources("tests/temp", { entryPoints: [resolve(root, "tests/conformance/main.ts")] }, [folder]);
