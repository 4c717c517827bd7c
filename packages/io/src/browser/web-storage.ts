import { checkedStorage, requireStorageName, type ByteStorage } from "./byte-storage.js";

/**
 * `localStorage` as a storage of bytes, for small models: browsers keep about 5 MB of text for a site, and bytes take a third more as text (Base64). The keys are `name/item`.
 * @throws UsageError where there is no `localStorage`; when it is used, FileError if the browser refuses, for example because it is full.
 */
export function webStorage(name: string): ByteStorage {
  requireStorageName("webStorage", name, typeof localStorage !== "undefined", "localStorage");
  const prefix = `${name}/`;
  return checkedStorage("webStorage", name, {
    read: async (item) => {
      const text = localStorage.getItem(prefix + item);
      return text === null ? undefined : Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    },
    write: async (item, bytes) => localStorage.setItem(prefix + item, base64Of(bytes)),
    remove: async (item) => localStorage.removeItem(prefix + item),
    list: async () => Object.keys(localStorage).filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length)),
  });
}

/** A call takes a limited number of arguments; a multiple of 3 bytes needs no padding in between. */
const pieceLength = 3 * 8192;

function base64Of(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += pieceLength) text += btoa(String.fromCharCode(...bytes.subarray(at, at + pieceLength)));
  return text;
}
