import { defineConfig } from "vitest/config";
import { setup, snapshots, sourceResolution } from "./vitest.base.ts";

/** End-to-end tests that take long: `npm run test:slow`. */
export default defineConfig({
  ...sourceResolution,
  test: {
    include: ["{packages,apps}/*/test/**/*.slow.ts", "tests/**/*.slow.ts", "examples/*/*.slow.ts"],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    passWithNoTests: true,
    ...snapshots,
    ...setup,
  },
});
