import { defineConfig } from "vitest/config";
import { snapshots } from "./vitest.base.ts";

export default defineConfig({ test: { projects: ["packages/*", "apps/*", "benchmarks", "tests", "tests/vitest.examples.config.ts"], passWithNoTests: true, ...snapshots } });
