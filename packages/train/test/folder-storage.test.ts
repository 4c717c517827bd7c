import { FileError } from "@nn/files";
import { folderStorage } from "@nn/train/node";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "nn-storage-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("items are files in the folder, which is created when needed", async () => {
  const storage = folderStorage(join(folder, "runs", "a"));
  expect([await storage.read("x"), await storage.list()]).toEqual([undefined, []]);
  await storage.write("x", new Uint8Array([1, 2]));
  await storage.write("x", new Uint8Array([3]));
  writeFileSync(join(folder, "runs", "a", ".hidden"), "");
  expect([[...(await storage.read("x")) ?? []], await storage.list()]).toEqual([[3], ["x"]]);
  await storage.remove("x");
  await storage.remove("x");
  expect(await storage.list()).toEqual([]);
});

test("refuses names outside the folder, and reports errors of the system", async () => {
  const storage = folderStorage(folder);
  for (const name of ["../x", "a/b", ".x", "", "a\\b"]) await expect(storage.read(name)).rejects.toThrow(/^folderStorage: the name is/);
  writeFileSync(join(folder, "file"), "");
  await expect(folderStorage(join(folder, "file")).write("x", new Uint8Array(1))).rejects.toThrow(FileError);
  await expect(folderStorage(join(folder, "file")).list()).rejects.toThrow(FileError);
});

test("a folder that somebody removes is not made again", async () => {
  const storage = folderStorage(join(folder, "gone"));
  await storage.write("x", new Uint8Array([1]));
  rmSync(join(folder, "gone"), { recursive: true });
  await expect(storage.write("x", new Uint8Array([2]))).rejects.toThrow(FileError);
  expect(existsSync(join(folder, "gone"))).toBe(false);
});
