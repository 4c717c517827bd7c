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

// Models of a hundred million parameters take and free gigabytes: with these, the allocator of Linux keeps its pages, and half of the time is saved. Other systems ignore them.
const keepPages = { MALLOC_MMAP_THRESHOLD_: String(2 ** 30), MALLOC_TRIM_THRESHOLD_: String(2 ** 32), MALLOC_TOP_PAD_: String(2 ** 28) };

await setup();
process.exitCode = await runFromSources("tests/temp", { entryPoints: [resolve(root, "tests/conformance/main.ts")] }, [folder], keepPages);
