import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { tensor } from "@nn/tensor";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { readCsvFile, readIdxFile, readJsonLinesFile, readNpyFile, streamCsvFile, streamJsonLinesFile, writeNpyFile } from "../../src/index.js";

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "files-"));
});

afterAll(() => rm(folder, { recursive: true }));

async function put(name: string, content: string | Uint8Array): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

async function first<Item>(items: AsyncIterable<Item>): Promise<Item | undefined> {
  for await (const item of items) return item;
  return undefined;
}

it("reads files, plain and compressed", async () => {
  expect((await readCsvFile(await put("a.csv.gz", gzipSync("x\n1\n")))).numeric("x")).toEqual(Float64Array.of(1));
  expect(await first(streamCsvFile(await put("a.csv", "x\n1\n2\n")))).toEqual({ line: 2, fields: ["1"], values: { x: "1" } });
  expect(await readJsonLinesFile(await put("a.jsonl", '{"a":1}\n'))).toEqual([{ a: 1 }]);
  expect(await first(streamJsonLinesFile<number>(join(folder, "a.jsonl")))).toEqual({ a: 1 });
  expect((await readIdxFile(await put("a.idx", Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 5)))).toArray()).toEqual([5]);
});

it("writes .npy files and reads them back", async () => {
  const path = join(folder, "a.npy");
  await writeNpyFile(path, tensor([[1.5, 2], [3, 4]]));
  await writeNpyFile(path, tensor([[1.5, 2], [3, 5]]));
  expect((await readNpyFile(path)).toArray()).toEqual([[1.5, 2], [3, 5]]);
  expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

it("errors name the file", async () => {
  const path = await put("bad.csv", "a,b\n1\n");
  await expect(readCsvFile(path)).rejects.toThrow(`${path}, line 2: the record has 1 field; expected 2`);
  await expect(readIdxFile(path)).rejects.toThrow(`${path}, byte 0: an IDX file begins with two zero bytes`);
  const missing = join(folder, "missing");
  await expect(readCsvFile(missing)).rejects.toThrow(`readCsvFile: cannot read ${JSON.stringify(missing)}: there is no such file or folder`);
  await expect(readNpyFile(folder)).rejects.toThrow("it is a folder, expected a file");
  await mkdir(join(folder, "taken.npy"));
  await expect(writeNpyFile(join(folder, "taken.npy"), tensor(1))).rejects.toMatchObject({ name: "FileError", path: join(folder, "taken.npy") });
  await expect(writeNpyFile(join(folder, "no/where.npy"), tensor(1))).rejects.toThrow("cannot write");
  expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

it("refuses files in a browser", async () => {
  const spy = vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined);
  try {
    await expect(readCsvFile("a.csv")).rejects.toThrow("readCsvFile: files can be used in Node, Deno and Bun only; elsewhere use bytes, a Blob or a stream");
  } finally {
    spy.mockRestore();
  }
});
