// npm run bench [-- options]: installs, builds, and measures nn beside its peers; `-- --help` lists the options.
// npm run bench:search: compares the samplers of @nn/search.
import { attached, setup, turbo } from "./steps.mjs";

await setup();
if (!(await turbo("build", ["build"], "--filter=@nn/benchmarks..."))) process.exit(1);
const [first, ...others] = process.argv.slice(2);
const program = first === "search" ? ["benchmarks/dist/search/main.js", ...others] : ["benchmarks/dist/main.js", ...process.argv.slice(2)];
process.exitCode = await attached(process.execPath, program);
