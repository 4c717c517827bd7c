// npm run test:native [-- arguments of Vitest]: compiled operations, layers, losses, optimizers and random programs as machine code, on each instruction set that this processor has.
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";
import { attached, root, setup, turbo } from "./steps.mjs";

const levels = ["AVX-512", "AVX2"];
const differential = ["catalogue-compiled", "shapes-compiled", "extreme-values-compiled", "gradients-compiled", "layers-compiled", "losses-compiled", "optimizers-compiled", "test/programs"];
const chosen = process.argv.slice(2);

await setup();
if (!(await turbo("build", ["build"], "--filter=@nn/native..."))) process.exit(1);
const { native } = await import(pathToFileURL(resolve(root, "packages/native/dist/index.js")).href);
for (const level of levels) {
  const { reason } = await native({ level });
  if (reason !== undefined) {
    console.log(`== tests as machine code with ${level}: LEFT OUT, neither passed nor failed: ${reason}`);
    continue;
  }
  console.log(`== tests as machine code with ${level}`);
  const status = await attached(process.execPath, [resolve(root, "node_modules/vitest/vitest.mjs"), "run", ...(chosen.length > 0 ? chosen : ["--project", "integration", ...differential])], { NN_TARGET: level });
  if (status !== 0) process.exitCode = status;
}
