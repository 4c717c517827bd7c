import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { bundleFixtures } from "./bundles.js";

let folder = "";
beforeAll(async () => (folder = await bundleFixtures(["left-behind"])));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A worker: it starts the process of a trial, and says its number once that reports. */
const worker = `
  const child = require("node:child_process").fork(process.argv[1]);
  child.once("message", () => console.log(child.pid));
`;

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

it("the process of a trial ends with its worker, even if it was just reporting", async () => {
  const parent = spawn(process.execPath, ["-e", worker, join(folder, "left-behind.mjs")], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(parent.stdout, "data")) as [Buffer];
  const trial = Number(line.toString());
  expect(isRunning(trial)).toBe(true);
  parent.kill("SIGKILL");
  try {
    await vi.waitFor(() => expect(isRunning(trial)).toBe(false), { timeout: 60_000, interval: 20 });
  } finally {
    if (isRunning(trial)) process.kill(trial, "SIGKILL");
  }
});
