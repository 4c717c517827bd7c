// npm test: runs every check that a change must pass, also from a fresh clone. It continues after a failure and fails at the end.
import { quiet, setup, turbo } from "./steps.mjs";

const counted = (output) => /Tests\s+(.*)/.exec(output)?.[1] ?? "";

const steps = [
  () => turbo("build", ["build"]),
  () => quiet("type check", process.execPath, ["node_modules/typescript-7/lib/tsc.js", "-p", "tsconfig.check.json"]),
  () => quiet("API reports (npm run api:update accepts changes)", process.execPath, ["scripts/api-reports.mjs"]),
  () => quiet("lint", "oxlint", []),
  () => quiet("dependency direction", process.execPath, ["scripts/check-dependencies.mjs", "packages", "apps", "tests", "examples", "benchmarks/src", "benchmarks/test"]),
  () => quiet("unit tests", "vitest", ["run", "--project", "!examples"], counted),
  () => quiet("examples of doc comments and documents", "vitest", ["run", "--project", "examples"], counted),
];

await setup();
let failed = 0;
for (const step of steps) if (!(await step())) failed += 1;
if (failed > 0) {
  console.error(`${failed} of ${steps.length} steps failed`);
  process.exitCode = 1;
}
