import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const conditions = ["@nn/source", "module", "node", "development|production"];

/** Tests run against the sources of every package, so they need no build: the condition `@nn/source` of their `exports`. */
export const sourceResolution = {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
};

/** A machine that is busy with other things may take this long for what takes a second: limits end what hangs, and measure nothing. */
export const timeouts = { testTimeout: 120_000, hookTimeout: 120_000 };

/** A run writes no snapshot, and fails for one that no test uses, on every machine as in CI. `vitest run -u` writes and removes them. */
export const snapshots = { update: "none" } as const;

const setupFile = (name: string): string => fileURLToPath(new URL(`tests/${name}`, import.meta.url));

/** What runs before the tests of a file. With `NN_TARGET`, compiled functions run as machine code. */
export const setup = { setupFiles: [setupFile("property-seed.ts"), ...(process.env["NN_TARGET"] === undefined ? [] : [setupFile("target.ts")])] };

/**
 * The Vitest project of one package. Its files share a worker's modules: loading the sources anew for each of two hundred files took most of
 * the time. A file that changes what modules hold for all puts it back.
 */
export const project = (name: string) =>
  defineConfig({ ...sourceResolution, test: { name, include: ["test/**/*.test.ts"], passWithNoTests: true, isolate: false, ...timeouts, ...snapshots, ...setup } });
