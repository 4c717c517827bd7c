import { defineConfig } from "vitest/config";
import { snapshots, sourceResolution, timeouts } from "../vitest.base.ts";

/** Executes the examples of doc comments, READMEs and documents. */
export default defineConfig({ ...sourceResolution, test: { name: "examples", include: ["examples/*.test.ts"], ...timeouts, ...snapshots } });
