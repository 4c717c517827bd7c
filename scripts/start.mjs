// npm start [-- arguments]: installs, builds, and runs the MLP classifier application.
import { resolve } from "node:path";
import { attached, root, setup, turbo } from "./steps.mjs";

await setup();
if (!(await turbo("build", ["build"], "--filter=@nn/mlp-classifier..."))) process.exit(1);
// npm runs this in the root; relative paths are relative to the user's current folder.
const folder = process.env.INIT_CWD ?? process.cwd();
process.exitCode = await attached(process.execPath, [resolve(root, "apps/mlp-classifier/dist/main.js"), ...process.argv.slice(2)], {}, folder);
