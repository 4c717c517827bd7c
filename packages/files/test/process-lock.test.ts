import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterEach, beforeEach, expect, it } from "vitest";
import { lockHolder, processIdentity, releaseLock, takeLock } from "../src/index.js";

let folder = "";
let path = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "files-"));
  path = join(folder, "a.lock");
});

afterEach(() => rm(folder, { recursive: true }));

const heldBy = (pid: number, host = hostname()): Promise<void> => writeFile(path, JSON.stringify({ host, pid }));

it("names this process while it is held, and leaves nothing else", async () => {
  expect(await lockHolder("test", path)).toBeUndefined();
  await takeLock("test", path, "uses this");
  await takeLock("test", path, "uses this");
  expect(await lockHolder("test", path)).toBe(processIdentity("test"));
  expect(await readdir(folder)).toEqual(["a.lock"]);
  releaseLock("test", path);
  releaseLock("test", path);
  expect(await readdir(folder)).toEqual([]);
});

it("is refused to others while its process runs", async () => {
  await heldBy(process.ppid);
  await expect(takeLock("test", path, "uses this")).rejects.toThrow(/^test: cannot write .*a\.lock": another process uses this: .*"pid":\d+.*; wait until it ends, or delete this file/);
  releaseLock("test", path);
  expect(await readFile(path, "utf8")).toContain(String(process.ppid));
});

it("is taken over from a process that has ended, from another machine, and from a damaged file", async () => {
  const ended = spawnSync(process.execPath, ["-e", ""]).pid;
  for (const hold of [() => heldBy(ended), () => heldBy(process.ppid, "elsewhere"), () => writeFile(path, "")]) {
    await hold();
    await takeLock("test", path, "uses this");
    expect(await lockHolder("test", path)).toBe(processIdentity("test"));
  }
});

it("cannot be written into a missing folder", async () => {
  await expect(takeLock("test", join(folder, "no", "a.lock"), "uses this")).rejects.toThrow("there is no such file or folder");
});
