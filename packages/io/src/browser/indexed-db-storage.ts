import { checkedStorage, requireStorageName, type ByteStorage } from "./byte-storage.js";

/** The store of the database in which the items are. */
const itemsName = "items";

/**
 * A database of the browser (IndexedDB) as a storage of bytes. A write is one transaction, so an item is there whole or not at all. Browsers may remove it when space runs out;
 * `await navigator.storage.persist()` asks them not to.
 *
 * @example
 * ```ts no-run
 * import { indexedDBStorage } from "@nn/io/browser";
 * import { loadModel, writeModel } from "@nn/model-files";
 * import { Linear } from "@nn/layers";
 * const storage = indexedDBStorage("models");
 * await storage.write("rents", writeModel(new Linear(2, 1)));
 * const bytes = await storage.read("rents");
 * const model = bytes === undefined ? undefined : await loadModel(bytes);
 * ```
 * @throws UsageError where there is no IndexedDB; when it is used, FileError if the browser refuses.
 */
export function indexedDBStorage(name: string): ByteStorage {
  return databaseOf("indexedDBStorage", name);
}

/** The storage of a database, whose errors name `operation`. */
export function databaseOf(operation: string, name: string): ByteStorage {
  requireStorageName(operation, name, typeof indexedDB !== "undefined", "IndexedDB");
  let opened: Promise<IDBDatabase> | undefined;
  const database = (): Promise<IDBDatabase> => {
    opened ??= open(name).catch((cause: unknown) => {
      opened = undefined;
      throw cause;
    });
    return opened;
  };
  const get = async <Result>(request: (items: IDBObjectStore) => IDBRequest<Result>): Promise<Result> => resultOf(request((await database()).transaction(itemsName).objectStore(itemsName)));
  const change = async (make: (items: IDBObjectStore) => void): Promise<void> => {
    const transaction = (await database()).transaction(itemsName, "readwrite", { durability: "strict" });
    await new Promise<void>((resolve, reject) => {
      transaction.addEventListener("complete", () => resolve());
      transaction.addEventListener("abort", () => reject(transaction.error ?? new Error("the browser ended the transaction")));
      make(transaction.objectStore(itemsName));
    });
  };
  return checkedStorage(operation, name, {
    read: (item) => get<Uint8Array | undefined>((items) => items.get(item)),
    // A view of a larger buffer would be stored with all of it.
    write: (item, bytes) => change((items) => items.put(bytes.slice(), item)),
    remove: (item) => change((items) => items.delete(item)),
    list: async () => (await get((items) => items.getAllKeys())).map(String),
  });
}

function open(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.addEventListener("upgradeneeded", () => request.result.createObjectStore(itemsName));
  return resultOf(request);
}

function resultOf<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error ?? new Error("the browser gives no reason")));
  });
}
