import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import type { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { FileError, makeFolder } from "../src/index.js";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "files-"));
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

it("makes a folder with those above it, and leaves one that is there", async () => {
  const path = join(folder, "a/b/c");
  expect(await makeFolder("save", path)).toBe(true);
  expect(await makeFolder("save", path)).toBe(false);
  expect((await stat(path)).isDirectory()).toBe(true);
});

it("makes a folder once for all who make it at the same time", async () => {
  const made = await Promise.all(Array.from({ length: 8 }, () => makeFolder("save", join(folder, "a/b/c"))));
  expect(made.filter(Boolean)).toEqual([true]);
});

it("makes a folder in one that another call makes between the attempt and the check", async () => {
  const load = process.getBuiltinModule;
  const system = load("node:fs/promises");
  const late: typeof mkdir = (async (path: string) => {
    const error: unknown = await system.mkdir(path).catch((caught: unknown) => caught);
    if (error === undefined) return;
    await system.mkdir(join(folder, "a")).catch(() => undefined);
    throw error;
  }) as typeof mkdir;
  vi.spyOn(process, "getBuiltinModule").mockImplementation(((name: string) => (name === "node:fs/promises" ? { ...system, mkdir: late } : load(name))) as typeof load);
  expect(await makeFolder("save", join(folder, "a/b"))).toBe(true);
});

it("says why it cannot", async () => {
  await writeFile(join(folder, "file"), "");
  await expect(makeFolder("save", join(folder, "file"))).rejects.toThrow(/it exists already$/);
  await expect(makeFolder("save", "")).rejects.toThrow('save: cannot write "": there is no such file or folder');
  await expect(makeFolder("save", join(folder, "file/a"))).rejects.toThrow(/^save: cannot write ".*file.a": a part of the path is a file, expected a folder$/);
  await expect(makeFolder("save", 1 as never)).rejects.toThrow("save: folder is 1");
});

it.runIf(process.platform === "linux")("returns for a folder within /proc, where none can be made", async () => {
  await expect(makeFolder("save", "/proc/nn/a")).rejects.toThrow(/^save: cannot write "\/proc\/nn\/a": there is no such file or folder$/);
});

it("says that a file system is read-only, for which Node gives ENOENT", async () => {
  const load = process.getBuiltinModule;
  const refusing: typeof mkdir = async (path) => {
    const code = path === join(folder, "a") ? "EROFS" : "ENOENT";
    throw Object.assign(new Error(code), { code });
  };
  vi.spyOn(process, "getBuiltinModule").mockImplementation(((name: string) => (name === "node:fs/promises" ? { ...load("node:fs/promises"), mkdir: refusing } : load(name))) as typeof load);
  const error: unknown = await makeFolder("save", join(folder, "a/b/c")).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(FileError);
  expect(error).toMatchObject({ code: "EROFS", message: `save: cannot write ${JSON.stringify(join(folder, "a/b/c"))}: the file system is read-only` });
});
