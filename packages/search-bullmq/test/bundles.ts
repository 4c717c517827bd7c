import { build } from "esbuild";
import { mkdtempSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";

/** The programs of the worker and of two objectives, as JavaScript, in a new folder. */
export async function bundlePrograms(): Promise<{ readonly folder: string; readonly worker: string; readonly objective: string; readonly folds: string }> {
  const folder = await bundleFixtures(["worker", "objective", "folds"]);
  return { folder, worker: join(folder, "worker.mjs"), objective: join(folder, "objective.mjs"), folds: join(folder, "folds.mjs") };
}

/** Programs among the fixtures, as JavaScript, in a new folder from which their dependencies are found. */
export async function bundleFixtures(names: readonly string[]): Promise<string> {
  const temporary = resolve(import.meta.dirname, "../temp");
  mkdirSync(temporary, { recursive: true });
  const folder = mkdtempSync(join(temporary, "programs-"));
  await build({
    entryPoints: names.map((name) => resolve(import.meta.dirname, `fixtures/${name}.ts`)),
    outdir: folder, outExtension: { ".js": ".mjs" }, bundle: true, format: "esm", platform: "node", target: "node20", conditions: ["@nn/source"], external: ["bullmq", "ioredis"], logLevel: "error",
  });
  return folder;
}
