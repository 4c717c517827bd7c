// npm run bench [-- options]: installs, builds, and measures nn beside its peers; `-- --help` lists the options.
import { attached, setup, turbo } from "./steps.mjs";

await setup();
if (!(await turbo("build", ["build"], "--filter=@nn/benchmarks..."))) process.exit(1);
process.exitCode = await attached(process.execPath, ["benchmarks/dist/main.js", ...process.argv.slice(2)]);
