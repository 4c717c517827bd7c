import { defineConfig } from "vitest/config";
import { snapshots, sourceResolution } from "../../vitest.base.ts";

/** `npm run site:test`: the built site in Chromium. Tests mostly wait for a training, so several files run at once. */
export default defineConfig({ ...sourceResolution, test: { root: import.meta.dirname, include: ["test/**/*.browser.ts"], maxWorkers: 3, testTimeout: 300_000, hookTimeout: 300_000, ...snapshots } });
