import { FileError } from "@nn/files";
import { ArgumentError, UsageError } from "@nn/tensor";
import { describeValue, quote, requireKind } from "@nn/tensor/extend";

/** Items of bytes by name, kept by a browser. It fits where `@nn/train` takes a storage of checkpoints. */
export interface ByteStorage {
  /** The content of an item; `undefined` if there is none. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** Creates or replaces an item: completely, or not at all. */
  write(name: string, bytes: Uint8Array): Promise<void>;
  /** Removes an item, if there is one. */
  remove(name: string): Promise<void>;
  /** The names of all items. */
  list(): Promise<readonly string[]>;
  /** Reserves the storage for this page, or throws if another tab has reserved it. The returned function releases it. */
  lock(): Promise<() => Promise<void>>;
}

/** What a kind of storage does with items whose names and contents are checked. */
export interface ItemStore {
  read(name: string): Promise<Uint8Array | undefined>;
  write(name: string, bytes: Uint8Array): Promise<void>;
  remove(name: string): Promise<void>;
  list(): Promise<readonly string[]>;
}

/** A storage in the name of `operation`, whose errors are FileErrors with the name of the item. */
export function checkedStorage(operation: string, storage: string, items: ItemStore): ByteStorage {
  const named = async <Result>(action: "read" | "write", name: string, run: () => Promise<Result>): Promise<Result> => {
    requireKind(operation, "name", name, "string");
    if (name === "") throw new ArgumentError(`${operation}: the name of the item is empty`);
    return run().catch((cause: unknown) => {
      throw new FileError(operation, action, `${storage}/${name}`, cause);
    });
  };
  return {
    read: (name) => named("read", name, () => items.read(name)),
    write: async (name, bytes) => {
      if (!(bytes instanceof Uint8Array)) throw new UsageError(`${operation}: the content of ${quote(String(name))} is ${describeValue(bytes)}, expected a Uint8Array`);
      await named("write", name, () => items.write(name, bytes));
    },
    remove: (name) => named("write", name, () => items.remove(name)),
    list: () => items.list().catch((cause: unknown) => {
      throw new FileError(operation, "read", storage, cause);
    }),
    lock: () => tabLock(operation, storage),
  };
}

/** A lock that a tab holds until it releases it, or is closed (Web Locks). */
function tabLock(operation: string, storage: string): Promise<() => Promise<void>> {
  return new Promise((resolve, reject) => {
    navigator.locks.request(`${operation} ${storage}`, { ifAvailable: true }, (lock) => {
      if (lock === null) {
        reject(new UsageError(`${operation}: another tab, or another run in this one, uses ${quote(storage)}`));
        return undefined;
      }
      return new Promise<void>((release) => resolve(async () => release()));
    }).catch(reject);
  });
}

/** @throws ArgumentError unless the value is a storage. */
export function requireStorage(operation: string, what: string, storage: unknown): void {
  const methods = Object(storage) as Readonly<Record<string, unknown>>;
  if (["read", "write", "remove", "list", "lock"].every((name) => typeof methods[name] === "function")) return;
  throw new ArgumentError(`${operation}: ${what} is ${describeValue(storage)}, expected a storage such as indexedDBStorage("transfers")`);
}

/** Names a storage. @throws ArgumentError unless it is a text that is not empty; UsageError if the host does not have what the storage needs. */
export function requireStorageName(operation: string, name: string, isThere: boolean, needed: string): void {
  requireKind(operation, "name", name, "string");
  if (name === "") throw new ArgumentError(`${operation}: the name is empty`);
  if (!isThere) throw new UsageError(`${operation}: this host has no ${needed}; it is for pages and workers of a browser`);
}
