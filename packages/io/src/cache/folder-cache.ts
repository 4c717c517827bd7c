import { FileError, makeFolder, removeStaleTemporaries, writeAtomically } from "@nn/files";
import { builtin } from "@nn/files/builtin";
import { requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { requireItemBytes, requireItemName, tooMany, usualBytes, WritesBehind, type ByteCache, type ByteCacheOptions, type CachedItem } from "./byte-cache.js";

const cacheOptions: OptionKinds<ByteCacheOptions> = { maxBytes: "count", onWarning: "function" };

/** The names of the files. The cache touches no others. */
const suffix = ".cached";

/**
 * A folder as a cache of bytes, for Node, Deno and Bun: for example of compiled programs, `programStore(await folderCache("programs"))` of `@nn/compiler/features`. It is created if
 * it is missing. Each item is a file, which is there completely or not at all, so several processes can use one folder at the same time. The time of a file says when it was used last.
 * @throws FileError if the folder cannot be created or written; ArgumentError for unknown options.
 *
 * @example
 * ```ts
 * import { mkdtemp } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { folderCache } from "@nn/io";
 *
 * const path = join(await mkdtemp(join(tmpdir(), "cache-")), "items");
 * const cache = await folderCache(path, { maxBytes: 1000 });
 * cache.write("squares", Uint8Array.of(1, 4, 9));
 * await cache.flush();
 * const later = await folderCache(path, { maxBytes: 1000 });
 * later.read("squares"); // => [1, 4, 9]
 * ```
 */
export async function folderCache(path: string, options: ByteCacheOptions = {}): Promise<ByteCache> {
  requireKind("folderCache", "path", path, "string");
  requireOptions("folderCache", options, cacheOptions);
  await requireWritable(path);
  return new FolderCache(path, options);
}

/** Creates the folder if it is missing. @throws FileError if this process cannot write into it. */
async function requireWritable(path: string): Promise<void> {
  await makeFolder("folderCache", path);
  const { mkdtemp, rmdir } = builtin("folderCache", "node:fs/promises");
  try {
    await rmdir(await mkdtemp(builtin("folderCache", "node:path").join(path, ".writable-")));
  } catch (cause) {
    throw new FileError("folderCache", "write", path, cause);
  }
  await removeStaleTemporaries(path, "folderCache");
}

class FolderCache implements ByteCache {
  readonly #folder: string;
  readonly #maxBytes: number;
  readonly #writes: WritesBehind;
  /** What is not written yet. */
  readonly #waiting = new Map<string, Uint8Array>();

  constructor(folder: string, { maxBytes = usualBytes, onWarning }: ByteCacheOptions) {
    this.#folder = folder;
    this.#maxBytes = maxBytes;
    this.#writes = new WritesBehind("folderCache", onWarning);
  }

  read(name: string): Uint8Array | undefined {
    requireItemName("folderCache", name);
    const waiting = this.#waiting.get(name);
    if (waiting !== undefined) return waiting.slice();
    const path = this.#path(name);
    try {
      const bytes = new Uint8Array(builtin("folderCache", "node:fs").readFileSync(path));
      const now = new Date();
      this.#writes.add(() => builtin("folderCache", "node:fs/promises").utimes(path, now, now).catch(() => undefined));
      return bytes;
    } catch {
      return undefined;
    }
  }

  write(name: string, bytes: Uint8Array): void {
    requireItemName("folderCache", name);
    requireItemBytes("folderCache", bytes);
    if (bytes.length > this.#maxBytes) return;
    const content = bytes.slice();
    this.#waiting.set(name, content);
    this.#writes.add(async () => {
      try {
        await writeAtomically("folderCache", this.#path(name), content);
        await this.#dropOld();
      } finally {
        if (this.#waiting.get(name) === content) this.#waiting.delete(name);
      }
    });
  }

  async flush(): Promise<void> {
    await this.#writes.done();
  }

  #path(name: string): string {
    return builtin("folderCache", "node:path").join(this.#folder, name + suffix);
  }

  async #dropOld(): Promise<void> {
    const { readdir, rm, stat } = builtin("folderCache", "node:fs/promises");
    const names = (await readdir(this.#folder)).filter((name) => name.endsWith(suffix)).map((name) => name.slice(0, -suffix.length));
    // Another process may drop items at the same time.
    const found = names.map((name) => stat(this.#path(name)).then(({ size, mtimeMs }): CachedItem => ({ name, bytes: size, used: mtimeMs }), () => undefined));
    const items = (await Promise.all(found)).filter((item) => item !== undefined);
    for (const { name } of tooMany(items, this.#maxBytes)) await rm(this.#path(name), { force: true });
  }
}
