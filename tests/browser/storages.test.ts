import { fetchBytes, indexedDBCache, indexedDBStorage, offerDownload, opfsStorage, webStorage, type ByteStorage } from "@nn/io/browser";
import { openCheckpoint, writeSafetensors } from "@nn/io";
import { Linear } from "@nn/layers";
import { loadModel, writeModel } from "@nn/model-files";
import { normal, tensor } from "@nn/tensor";
import { Checkpoint, type CheckpointStorage } from "@nn/train";
import { describe, expect, test, vi } from "vitest";

/** WebKitGTK has no OPFS; all browsers that the packages support have the others. */
const hasFiles = typeof navigator.storage?.getDirectory === "function";

const storages: readonly (readonly [string, (name: string) => ByteStorage])[] = [["indexedDBStorage", indexedDBStorage], ["webStorage", webStorage], ...(hasFiles ? [["opfsStorage", opfsStorage] as const] : [])];

describe.each(storages)("%s", (operation, make) => {
  const name = `test of ${operation}`;
  const fresh = async (): Promise<ByteStorage> => {
    const storage = make(name);
    for (const item of await storage.list()) await storage.remove(item);
    return storage;
  };

  test("keeps items under any name, also for a later page", async () => {
    const storage = await fresh();
    const items = ["a", "b/c: d", "..", "ä.safetensors", "__proto__"];
    expect(await storage.read("a")).toBe(undefined);
    await storage.remove("a");
    for (const [at, item] of items.entries()) await storage.write(item, Uint8Array.of(at, 255, 0));
    await storage.write("a", Uint8Array.from({ length: 100_000 }, (_, at) => at).subarray(1, 99_999));
    const later = make(name);
    expect([...(await later.list())].toSorted()).toEqual([...items].toSorted());
    expect(await later.read("a")).toEqual(Uint8Array.from({ length: 100_000 }, (_, at) => at).slice(1, 99_999));
    expect(await later.read("..")).toEqual(Uint8Array.of(2, 255, 0));
    await later.remove("..");
    expect(await storage.read("..")).toBe(undefined);
  });

  test("is a storage of checkpoints, and of models", async () => {
    const storage: CheckpointStorage = await fresh();
    const model = new Linear(3, 2);
    await new Checkpoint({ model }).save(storage);
    const other = new Linear(3, 2);
    expect(await new Checkpoint({ model: other }).restore(storage)).toBe(true);
    expect(other.weight.value.toArray()).toEqual(model.weight.value.toArray());
    await storage.write("model", writeModel(model));
    const bytes = await storage.read("model");
    const x = normal([2, 3]);
    const copy = bytes === undefined ? other : await loadModel(bytes, { as: Linear });
    expect(copy.forward(x).toArray()).toEqual(model.forward(x).toArray());
  });

  test("is reserved by one tab", async () => {
    const storage = await fresh();
    const release = await storage.lock();
    await expect(make(name).lock()).rejects.toThrow(`${operation}: another tab, or another run in this one, uses "${name}"`);
    await release();
    await vi.waitFor(async () => (await make(name).lock())());
  });

  test("refuses other contents and names", async () => {
    const storage = await fresh();
    await expect(storage.write("a", "text" as never)).rejects.toThrow(`${operation}: the content of "a" is the string "text", expected a Uint8Array`);
    await expect(storage.read("")).rejects.toThrow(`${operation}: the name of the item is empty`);
    await expect(storage.read(3 as never)).rejects.toThrow(`${operation}: name is 3`);
    expect(() => make("")).toThrow(`${operation}: the name is empty`);
  });
});

test.runIf(hasFiles)("a file of OPFS is read piece by piece", async () => {
  const storage = opfsStorage("large");
  await storage.write("weights", writeSafetensors({ a: tensor([1, 2]), b: tensor([3]) }));
  const file = await storage.file("weights");
  const checkpoint = await openCheckpoint(file ?? new Uint8Array(0));
  expect((await checkpoint.read("b")).toArray()).toEqual([3]);
  expect(await storage.file("nothing")).toBe(undefined);
});

test("localStorage that is full is an error that names the item, and the old content stays", async () => {
  const storage = webStorage("full");
  await storage.write("a", Uint8Array.of(1));
  await expect(storage.write("a", new Uint8Array(20_000_000))).rejects.toThrow('webStorage: cannot write "full/a"');
  expect(await storage.read("a")).toEqual(Uint8Array.of(1));
});

test("a file of the server is fetched", async () => {
  const address = URL.createObjectURL(new Blob([Uint8Array.of(1, 2, 3)]));
  expect(await fetchBytes(address)).toEqual(Uint8Array.of(1, 2, 3));
});

test("a download is offered under its name", async () => {
  const clicked = new Promise<HTMLAnchorElement>((resolve) => {
    document.addEventListener("click", (event) => {
      event.preventDefault();
      resolve(event.target as HTMLAnchorElement);
    }, { once: true, capture: true });
    vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
      document.body.append(this);
      this.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
      this.remove();
    });
  });
  offerDownload("model.safetensors", Uint8Array.of(7, 8));
  const link = await clicked;
  vi.restoreAllMocks();
  expect(link.download).toBe("model.safetensors");
  expect(new Uint8Array(await (await fetch(link.href)).arrayBuffer())).toEqual(Uint8Array.of(7, 8));
  expect(() => offerDownload("a", 3 as never)).toThrow("offerDownload: the content is 3");
});

describe("indexedDBCache", () => {
  test("finds items at once, also in a later page, and drops those used least recently", async () => {
    const name = "test of indexedDBCache";
    const storage = indexedDBStorage(name);
    for (const item of await storage.list()) await storage.remove(item);
    const cache = await indexedDBCache(name, { maxBytes: 250 });
    expect(cache.read("a")).toBe(undefined);
    cache.write("a", new Uint8Array(100).fill(1));
    expect(cache.read("a")).toEqual(new Uint8Array(100).fill(1));
    cache.write("b", new Uint8Array(100).fill(2));
    await cache.flush();
    await new Promise((resolve) => setTimeout(resolve, 5));
    const later = await indexedDBCache(name, { maxBytes: 250 });
    expect(later.read("a")).toEqual(new Uint8Array(100).fill(1));
    await new Promise((resolve) => setTimeout(resolve, 5));
    later.write("c", new Uint8Array(100).fill(3));
    await later.flush();
    expect([...(await storage.list())].toSorted()).toEqual(["a", "c"]);
    expect((await indexedDBCache(name, { maxBytes: 150 })).read("a")).toBe(undefined);
    await expect(indexedDBCache("", {})).rejects.toThrow("indexedDBCache: the name is empty");
    expect(() => later.read("a/b")).toThrow("indexedDBCache: the name of the item");
  });
});
