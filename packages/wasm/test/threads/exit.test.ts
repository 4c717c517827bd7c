import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, test } from "vitest";

/** A program that uses a pool, ends as `ending` says, and prints how many threads it had. */
const program = (ending: string): string => `
import { LinearMemory, ModuleBuilder, ThreadPool } from "@nn/wasm";
const memory = new LinearMemory();
const pool = new ThreadPool(memory, { threads: 2 });
const module = new ModuleBuilder({ memory: memory.declaration });
const params = { thread: "i32", threads: "i32" };
module.function({ name: "run", params, export: true }, () => {});
const program = pool.load(new WebAssembly.Module(module.finish()));
${ending}
`;

/** It as one file for Node, and as it would be for a browser: without any import. */
async function bundle(ending: string): Promise<string> {
  const source = fileURLToPath(new URL("../../src/index.ts", import.meta.url));
  const { outputFiles } = await build({
    stdin: { contents: program(ending), resolveDir: import.meta.dirname },
    alias: { "@nn/wasm": source },
    bundle: true,
    format: "esm",
    platform: "neutral",
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}

test.each([
  ["after a run", "program.run(); await program.ready(); program.run(); console.log(pool.statistics.latestThreads);", "2"],
  ["while the worker starts", "program.run(); program.run(); console.log(pool.statistics.latestThreads);", "1"],
  ["after terminating the pool", "await program.ready(); program.run(); pool.terminate(); console.log(pool.threads);", "2"],
])("a program that used a pool exits by itself, %s", async (_, ending, printed) => {
  const input = await bundle(ending);
  const { stdout, stderr, status, signal } = spawnSync(process.execPath, ["--input-type=module", "-"], {
    input,
    encoding: "utf8",
    timeout: 20_000,
  });
  expect({ stdout, stderr, status, signal }).toEqual({ stdout: `${printed}\n`, stderr: "", status: 0, signal: null });
});
