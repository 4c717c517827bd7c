import { checkedStorage, requireStorageName, type ByteStorage } from "./byte-storage.js";

/** A storage of files. */
export interface OpfsStorage extends ByteStorage {
  /** An item as a file, which `openCheckpoint` and `loadModel` read piece by piece; `undefined` if there is none. */
  file(name: string): Promise<File | undefined>;
}

/**
 * A folder of the browser's own file system (OPFS) as a storage of bytes, for items of any size: `await openCheckpoint(await storage.file("large.safetensors"))` reads one tensor at a time. A file is
 * replaced completely or not at all. The folder is created at the first write.
 * @throws UsageError where there is no such file system; when it is used, FileError if the browser refuses.
 */
export function opfsStorage(name: string): OpfsStorage {
  const isThere = typeof navigator !== "undefined" && typeof navigator.storage?.getDirectory === "function";
  requireStorageName("opfsStorage", name, isThere, "file system for pages (OPFS)");
  const folder = async (create: boolean): Promise<FileSystemDirectoryHandle> => (await navigator.storage.getDirectory()).getDirectoryHandle(fileNameOf(name), { create });
  const fileIn = async (item: string): Promise<File> => (await (await folder(false)).getFileHandle(fileNameOf(item))).getFile();
  const storage = checkedStorage("opfsStorage", name, {
    read: async (item) => ifFound(async () => new Uint8Array(await (await fileIn(item)).arrayBuffer())),
    write: async (item, bytes) => replaceFile(await (await folder(true)).getFileHandle(fileNameOf(item), { create: true }), bytes),
    remove: async (item) => ifFound(async () => (await folder(false)).removeEntry(fileNameOf(item))),
    list: async () => (await ifFound(async () => namesIn(await folder(false)))) ?? [],
  });
  return { ...storage, file: (item) => ifFound(() => fileIn(item)) };
}

/** Writes to a copy, which takes the place of the file when it is closed. */
async function replaceFile(file: FileSystemFileHandle, bytes: Uint8Array): Promise<void> {
  if (typeof file.createWritable !== "function") throw new Error("this browser writes such files in workers only, and not at once; use indexedDBStorage");
  const writable = await file.createWritable();
  try {
    await writable.write(bytes as Uint8Array<ArrayBuffer>);
  } catch (error) {
    await writable.abort();
    throw error;
  }
  await writable.close();
}

async function namesIn(folder: FileSystemDirectoryHandle): Promise<string[]> {
  const names: string[] = [];
  for await (const name of folder.keys()) names.push(decodeURIComponent(name));
  return names;
}

/** Names of items may have any characters, names of files may not. */
function fileNameOf(name: string): string {
  return encodeURIComponent(name).replace(/\.+$|^\.+/g, (dots) => "%2E".repeat(dots.length));
}

async function ifFound<Result>(run: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotFoundError") return undefined;
    throw error;
  }
}
