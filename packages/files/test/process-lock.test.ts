import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterEach, beforeEach, expect, it } from "vitest";
import { isLocked, LockError, lockHolder, processIdentity, takeLock } from "../src/index.js";
import { temporaryPath } from "../src/temporaries.js";

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
  const lock = await takeLock("test", path, "uses this");
  expect(await lockHolder("test", path)).toBe(processIdentity("test"));
  expect(await isLocked("test", path)).toBe(true);
  expect(await readdir(folder)).toEqual(["a.lock"]);
  lock.release();
  lock.release();
  expect(await readdir(folder)).toEqual([]);
  expect(await isLocked("test", path)).toBe(false);
});

it("is refused to others while its process runs", async () => {
  await heldBy(process.ppid);
  const error = await takeLock("test", path, "uses this").catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(LockError);
  expect(error).toMatchObject({ holder: `process ${process.ppid}`, fix: "wait until it has ended" });
  expect(String(error)).toMatch(/^LockError: test: cannot write ".*a\.lock": process \d+ uses this; wait until it has ended$/);
  expect(await readFile(path, "utf8")).toContain(String(process.ppid));
});

it("is refused to a second user in the same process", async () => {
  const lock = await takeLock("test", path, "uses this");
  await expect(takeLock("test", path, "uses this")).rejects.toThrow(/a\.lock": this process uses this; end or close that first$/);
  lock.release();
  (await takeLock("test", path, "uses this")).release();
});

it("is not taken from another machine, whose processes cannot be asked", async () => {
  await heldBy(process.ppid, "elsewhere");
  await expect(takeLock("test", path, "uses this")).rejects.toThrow(/process \d+ on elsewhere uses this; if it has ended, delete .*a\.lock$/);
});

it("of which nothing can be read yet is another process's, which is about to write it", async () => {
  await writeFile(path, "");
  await expect(takeLock("test", path, "uses this")).rejects.toThrow("another process uses this; wait until it has ended");
});

it("stays another's that has taken it meanwhile", async () => {
  const lock = await takeLock("test", path, "uses this");
  await heldBy(process.ppid);
  lock.release();
  expect(await readdir(folder)).toEqual(["a.lock"]);
});

it("goes to one of many that want it at once, also if it is that of an ended process", async () => {
  await heldBy(spawnSync(process.execPath, ["-e", ""]).pid);
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => takeLock("test", path, "uses this")));
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await readdir(folder)).toEqual(["a.lock"]);
});

it("is taken over from a process that has ended, also one that ended while it took the lock, and from a damaged file", async () => {
  const ended = spawnSync(process.execPath, ["-e", ""]).pid;
  const remains = temporaryPath("test", path).replace(`-${process.pid}-`, `-${ended}-`);
  const guard = (pid: number): Promise<void> => writeFile(join(folder, ".a.lock.takeover"), JSON.stringify({ host: hostname(), pid }));
  for (const hold of [() => heldBy(ended), () => writeFile(remains, ""), () => guard(ended), () => heldBy(ended).then(() => guard(ended)), () => writeFile(path, "").then(() => utimes(path, 1, 1))]) {
    await hold();
    const lock = await takeLock("test", path, "uses this");
    expect(await lockHolder("test", path)).toBe(processIdentity("test"));
    expect(await readdir(folder)).toEqual(["a.lock"]);
    lock.release();
  }
});

it("cannot be written into a missing folder", async () => {
  await expect(takeLock("test", join(folder, "no", "a.lock"), "uses this")).rejects.toThrow("there is no such file or folder");
});
