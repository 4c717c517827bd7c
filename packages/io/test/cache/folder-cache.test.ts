import { chmod, mkdtemp, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterEach, beforeEach, expect, it } from "vitest";
import { FileError, folderCache } from "../../src/index.js";
import { tooMany } from "../../src/cache/byte-cache.js";

let parent = "";
let folder = "";

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "cache-"));
  folder = join(parent, "a", "b");
});

afterEach(() => rm(parent, { recursive: true }));

const ofSize = (bytes: number, value = 1): Uint8Array => new Uint8Array(bytes).fill(value);

it("finds what was written at once, and later, and in another cache", async () => {
  const cache = await folderCache(folder);
  expect(cache.read("x")).toBe(undefined);
  const content = Uint8Array.of(1, 2, 3);
  cache.write("x", content);
  content[0] = 9;
  expect(cache.read("x")).toEqual(Uint8Array.of(1, 2, 3));
  await cache.flush();
  expect(cache.read("x")).toEqual(Uint8Array.of(1, 2, 3));
  cache.write("x", ofSize(5));
  await cache.flush();
  expect((await folderCache(folder)).read("x")).toEqual(ofSize(5));
  expect(await readdir(folder)).toEqual(["x.cached"]);
});

it("drops what was used least recently, and nothing that is not its own", async () => {
  const cache = await folderCache(folder, { maxBytes: 250 });
  await writeFile(join(folder, "mine.txt"), ofSize(1000));
  for (const name of ["old", "used"]) cache.write(name, ofSize(100));
  await cache.flush();
  await utimes(join(folder, "old.cached"), 2000, 2000);
  await utimes(join(folder, "used.cached"), 1000, 1000);
  expect(cache.read("used")).toEqual(ofSize(100));
  cache.write("new", ofSize(100));
  await cache.flush();
  expect((await readdir(folder)).toSorted()).toEqual(["mine.txt", "new.cached", "used.cached"]);
  expect((await stat(join(folder, "used.cached"))).mtimeMs).toBeGreaterThan(1e6);
  cache.write("huge", ofSize(251));
  expect(cache.read("huge")).toBe(undefined);
});

it("keeps the most recently used items that fit", () => {
  const items = [1, 2, 3, 4].map((used) => ({ name: `${used}`, bytes: 10 * used, used }));
  expect(tooMany(items, 100)).toEqual([]);
  expect(tooMany(items, 99).map(({ name }) => name)).toEqual(["1"]);
  expect(tooMany(items, 70).map(({ name }) => name)).toEqual(["2", "1"]);
  expect(tooMany(items, 1)).toHaveLength(4);
});

it("is written by several caches of one folder at the same time", async () => {
  const caches = await Promise.all([1, 2, 3].map(() => folderCache(folder)));
  const contents = caches.map((_, at) => ofSize(200_000, at));
  for (let turn = 0; turn < 5; turn++) caches.forEach((cache, at) => cache.write("same", contents[at] ?? ofSize(1)));
  const seen: (Uint8Array | undefined)[] = [];
  const reader = await folderCache(folder);
  const all = Promise.all(caches.map((cache) => cache.flush())).then(() => true);
  while (!(await Promise.race([all, new Promise((resolve) => setTimeout(resolve, 1, false))]))) seen.push(reader.read("same"));
  seen.push(reader.read("same"));
  for (const each of seen) expect(each === undefined || contents.some((content) => Buffer.compare(content, each) === 0)).toBe(true);
  expect(seen.at(-1)).toHaveLength(200_000);
  expect(await readdir(folder)).toEqual(["same.cached"]);
});

it("warns once if items cannot be written, and goes on", async () => {
  const warnings: string[] = [];
  const cache = await folderCache(folder, { onWarning: (message) => warnings.push(message) });
  await rm(folder, { recursive: true });
  await writeFile(folder, "a file");
  for (const name of ["x", "y"]) cache.write(name, ofSize(3));
  await cache.flush();
  expect(cache.read("x")).toBe(undefined);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain("folderCache: an item is not kept: folderCache: cannot write");
});

it.skipIf(process.getuid?.() === 0)("refuses a folder without permission", async () => {
  await chmod(parent, 0o500);
  await expect(folderCache(parent)).rejects.toThrow("permission denied");
  await chmod(parent, 0o700);
});

it("refuses a folder that cannot be written, wrong options and wrong names", async () => {
  await writeFile(join(parent, "file"), "");
  await expect(folderCache(join(parent, "file"))).rejects.toThrow(FileError);
  await expect(folderCache(join(parent, "file", "below"))).rejects.toThrow("folderCache: cannot write");
  await expect(folderCache(folder, { maxBytes: -1 })).rejects.toThrow("folderCache: maxBytes is -1, expected a positive whole number");
  await expect(folderCache(folder, { size: 1 } as never)).rejects.toThrow("size");
  await expect(folderCache(1 as never)).rejects.toThrow("folderCache: path is 1, expected a string");
  const cache = await folderCache(folder);
  for (const name of ["", "../x", "a b", "x".repeat(201)]) expect(() => cache.write(name, ofSize(1))).toThrow("expected up to 200 letters");
  expect(() => cache.read("a/b")).toThrow("expected up to 200 letters");
  expect(() => cache.write("x", "text" as never)).toThrow('the content is the string "text", expected a Uint8Array');
});
