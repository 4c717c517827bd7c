// npm run reference: runs the cases recorded from PyTorch, eagerly and compiled, and prints how far from them we are. Those of
// tests/reference, or of the folder that NN_REFERENCE_DIR names.
import { mkdirSync, rmSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { attached, root, setup } from "./steps.mjs";

// npm runs scripts in the root; a relative folder means one where the user stands.
const named = process.env.NN_REFERENCE_DIR;
const folder = named ? resolve(process.env.INIT_CWD ?? process.cwd(), named) : resolve(root, "tests/reference");
if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
  console.error(`NN_REFERENCE_DIR names ${folder}, which is no folder`);
  process.exit(1);
}

await setup();
const { build } = await import("esbuild");
const temporary = resolve(root, "tests/temp");
mkdirSync(temporary, { recursive: true });
const program = resolve(temporary, `conformance-${process.pid}.mjs`);
try {
  // From the sources of the packages: nothing has to be built before.
  await build({
    entryPoints: [resolve(root, "tests/conformance/main.ts")],
    absWorkingDir: root, outfile: program, bundle: true, format: "esm", platform: "node", conditions: ["@nn/source"], sourcemap: "inline", logLevel: "warning",
  });
  process.exitCode = await attached(process.execPath, ["--enable-source-maps", program, folder]);
} finally {
  rmSync(program, { force: true });
}
