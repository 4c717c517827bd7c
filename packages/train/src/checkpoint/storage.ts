import { UsageError } from "@nn/tensor";
import { describeValue, requireKind } from "@nn/tensor/extend";

/**
 * Where checkpoints are kept: a folder, memory, a database, a server. Implement it for other storage; `write` must replace an item completely or not
 * at all.
 */
export interface CheckpointStorage {
  /** The content of an item; `undefined` if there is none. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** Creates or replaces an item. */
  write(name: string, bytes: Uint8Array): Promise<void>;
  /** Removes an item, if there is one. */
  remove(name: string): Promise<void>;
  /** The names of all items. */
  list(): Promise<readonly string[]>;
  /**
   * Reserves the storage for one run, or throws if another process has reserved it. The returned function releases it. A storage without `lock`
   * refuses nobody.
   */
  lock?(): Promise<() => Promise<void>>;
}

/**
 * A storage in memory, for tests and for pages that keep checkpoints only while they are open.
 *
 * @example
 * ```ts
 * import { memoryStorage } from "@nn/train";
 * const storage = memoryStorage();
 * await storage.write("a", new Uint8Array([1, 2]));
 * await storage.list(); // => ["a"]
 * ```
 */
export function memoryStorage(): CheckpointStorage {
  const items = new Map<string, Uint8Array>();
  return {
    read: async (name) => items.get(requireName("read", name))?.slice(),
    write: async (name, bytes) => {
      requireName("write", name);
      if (!(bytes instanceof Uint8Array)) throw new UsageError(`write: the content is ${describeValue(bytes)}, expected a Uint8Array`);
      items.set(name, bytes.slice());
    },
    remove: async (name) => void items.delete(requireName("remove", name)),
    list: async () => [...items.keys()],
  };
}

function requireName(operation: string, name: string): string {
  requireKind(operation, "name", name, "string");
  return name;
}

/** @throws UsageError unless the value is a storage. */
export function requireStorage(operation: string, storage: unknown): asserts storage is CheckpointStorage {
  const parts = Object(storage) as Partial<Record<string, unknown>>;
  if (["read", "write", "remove", "list"].every((name) => typeof parts[name] === "function")) {
    if (parts["lock"] === undefined || typeof parts["lock"] === "function") return;
    throw new UsageError(`${operation}: lock of the storage is ${describeValue(parts["lock"])}, expected a function`);
  }
  const hint = typeof storage === "string" ? `; for a folder use folderStorage(${JSON.stringify(storage)}) of @nn/train/node` : "";
  throw new UsageError(`${operation}: the storage is ${describeValue(storage)}, expected { read, write, remove, list }${hint}`);
}
