import { build } from "esbuild";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

// A process that trains is killed at random moments, and started again, until it comes to its end. What comes out has the same bits as that of a process that was left alone.

const folder = mkdtempSync(join(tmpdir(), "nn-kill-"));
const program = join(folder, "program.mjs");

beforeAll(async () => {
  await build({ entryPoints: [join(import.meta.dirname, "kill-program.ts")], bundle: true, platform: "node", format: "esm", conditions: ["@nn/source"], outfile: program });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the program, and kills it when it has made so many steps. Gives the last line that it has printed if it came to its end. */
async function live(path: string, steps = Infinity): Promise<string | undefined> {
  const child = spawn(process.execPath, [program, path], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString();
    if (text.split("\n").length > steps) child.kill("SIGKILL");
  });
  const code = await new Promise<number | null>((done) => child.on("close", done));
  if (code !== null && code !== 0) throw new Error(`the program ended with ${code}`);
  return code === 0 ? text.split("\n").at(-1) : undefined;
}

test("killed again and again, a run ends with the same bits, and leaves no file behind", async () => {
  const expected = await live(join(folder, "whole"));
  const path = join(folder, "killed");
  let found: string | undefined;
  for (let kills = 0; found === undefined && kills < 12; kills++) found = await live(path, 1 + Math.floor(30 * Math.random()));
  found ??= await live(path);
  expect(found).toBe(expected);
  expect(await live(path)).toBe(expected);
  expect(readdirSync(path).filter((name) => name.endsWith(".tmp"))).toEqual([]);
}, 300_000);
