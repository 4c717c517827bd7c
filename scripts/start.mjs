// npm start [-- arguments]: installs, builds, and runs the MLP classifier application.
import { attached, setup, turbo } from "./steps.mjs";

await setup();
if (!(await turbo("build", ["build"], "--filter=@nn/mlp-classifier..."))) process.exit(1);
process.exitCode = await attached(process.execPath, ["apps/mlp-classifier/dist/main.js", ...process.argv.slice(2)]);
