// npm run torture: searches for faults that tests do not cover: random programs, damaged files, wrong arguments, killed trainings. Runs for 10 minutes,
// or for `-- --minutes N`; `-- --campaign NAME --seed N --rounds 1` repeats one finding.
import { resolve } from "node:path";
import { root, runFromSources, setup, turbo } from "./steps.mjs";

await setup();
if (!(await turbo("build", ["build"], "--filter=@nn/mlp-classifier..."))) process.exit(1);
// Runs from the sources of the packages, except the application, which runs as users run it.
process.exitCode = await runFromSources("tests/temp", { entryPoints: [resolve(root, "tests/torture/main.ts")], external: ["typescript", "fast-check", "esbuild"] }, process.argv.slice(2));
