import { defineConfig } from "vitest/config";

export default defineConfig({ test: { projects: ["packages/*", "apps/*", "tests", "tests/vitest.examples.config.ts"], passWithNoTests: true } });
