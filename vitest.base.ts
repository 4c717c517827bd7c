import { defineConfig } from "vitest/config";

const conditions = ["@nn/source", "module", "node", "development|production"];

/** Tests run against the sources of every package, so they need no build: the condition `@nn/source` of their `exports`. */
export const sourceResolution = {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
};

/** The Vitest project of one package. */
export const project = (name: string) =>
  defineConfig({ ...sourceResolution, test: { name, include: ["test/**/*.test.ts"], passWithNoTests: true } });
