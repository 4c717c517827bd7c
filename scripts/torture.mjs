// npm run torture: looks for faults where no test looks: random programs, damaged files, wrong arguments, killed trainings. Runs for 10 minutes,
// or as many as `-- --minutes` says; `-- --campaign NAME --seed N --rounds 1` repeats one finding.
import { mkdirSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { attached, root, setup, turbo } from "./steps.mjs";

await setup();
if (!(await turbo("build", ["build"], "--filter=@nn/mlp-classifier..."))) process.exit(1);
const { build } = await import("esbuild");
const temporary = resolve(root, "tests/temp");
mkdirSync(temporary, { recursive: true });
const program = resolve(temporary, `torture-${process.pid}.mjs`);
try {
  // From the sources of the packages, but for the application, which runs as users run it.
  await build({
    entryPoints: [resolve(root, "tests/torture/main.ts")],
    absWorkingDir: root, outfile: program, bundle: true, format: "esm", platform: "node", conditions: ["@nn/source"], sourcemap: "inline", logLevel: "warning",
    external: ["typescript", "fast-check"],
  });
  process.exitCode = await attached(process.execPath, ["--enable-source-maps", program, ...process.argv.slice(2)]);
} finally {
  rmSync(program, { force: true });
}
