import { defineConfig } from "vitest/config";

export default defineConfig({ test: { projects: ["packages/*", "apps/*", "benchmarks", "tests", "tests/vitest.examples.config.ts"], passWithNoTests: true } });
