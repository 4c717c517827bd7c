import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { requireItemBytes, requireItemName, tooMany, usualBytes, WritesBehind, type ByteCache, type ByteCacheOptions } from "../cache/byte-cache.js";
import type { ByteStorage } from "./byte-storage.js";
import { databaseOf } from "./indexed-db-storage.js";

const cacheOptions: OptionKinds<ByteCacheOptions> = { maxBytes: "count", onWarning: "function" };

/** An item in the database begins with the time of its last use, in milliseconds as a float64. */
const headerBytes = 8;

interface Item {
  readonly content: Uint8Array;
  used: number;
}

/**
 * A database of the browser (IndexedDB) as a cache of bytes: for example of compiled programs, `programStore(await indexedDBCache("programs"))` of `@nn/compiler/features`. It is read into memory
 * first, so that items are found at once. Use a name that no other storage has.
 * @throws UsageError where there is no IndexedDB; FileError if the browser refuses; ArgumentError for unknown options.
 *
 * @example
 * ```ts no-run
 * import { compile } from "@nn/compiler";
 * import { programStore } from "@nn/compiler/features";
 * import { indexedDBCache } from "@nn/io/browser";
 * import { exp } from "@nn/tensor";
 *
 * const store = programStore(await indexedDBCache("programs"));
 * const step = compile(exp, { store });
 * ```
 */
export async function indexedDBCache(name: string, options: ByteCacheOptions = {}): Promise<ByteCache> {
  requireOptions("indexedDBCache", options, cacheOptions);
  const storage = databaseOf("indexedDBCache", name);
  const items = new Map<string, Item>();
  await Promise.all((await storage.list()).map(async (item) => {
    const bytes = await storage.read(item);
    if (bytes !== undefined && bytes.length >= headerBytes) items.set(item, { content: bytes.slice(headerBytes), used: new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0) });
  }));
  return new IndexedDBCache(storage, items, options);
}

class IndexedDBCache implements ByteCache {
  readonly #storage: ByteStorage;
  readonly #items: Map<string, Item>;
  readonly #maxBytes: number;
  readonly #writes: WritesBehind;

  constructor(storage: ByteStorage, items: Map<string, Item>, { maxBytes = usualBytes, onWarning }: ByteCacheOptions) {
    this.#storage = storage;
    this.#items = items;
    this.#maxBytes = maxBytes;
    this.#writes = new WritesBehind("indexedDBCache", onWarning);
    this.#dropOld();
  }

  read(name: string): Uint8Array | undefined {
    requireItemName("indexedDBCache", name);
    const item = this.#items.get(name);
    if (item === undefined) return undefined;
    this.#keep(name, item.content);
    return item.content.slice();
  }

  write(name: string, bytes: Uint8Array): void {
    requireItemName("indexedDBCache", name);
    requireItemBytes("indexedDBCache", bytes);
    if (bytes.length > this.#maxBytes) return;
    this.#keep(name, bytes.slice());
    this.#dropOld();
  }

  async flush(): Promise<void> {
    await this.#writes.done();
  }

  #keep(name: string, content: Uint8Array): void {
    const used = Date.now();
    this.#items.set(name, { content, used });
    const item = new Uint8Array(headerBytes + content.length);
    new DataView(item.buffer).setFloat64(0, used);
    item.set(content, headerBytes);
    this.#writes.add(() => this.#storage.write(name, item));
  }

  #dropOld(): void {
    const all = Array.from(this.#items, ([name, { content, used }]) => ({ name, bytes: content.length, used }));
    for (const { name } of tooMany(all, this.#maxBytes)) {
      this.#items.delete(name);
      this.#writes.add(() => this.#storage.remove(name));
    }
  }
}
