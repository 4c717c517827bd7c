/**
 * Bytes in a browser: storages, a cache of compiled programs, downloads, and files that the reader saves.
 *
 * @packageDocumentation
 */

export type { ByteCache, ByteCacheOptions } from "../cache/byte-cache.js";
export type { ByteStorage } from "./byte-storage.js";
export { fetchBytes, type FetchBytesOptions, type FetchProgress } from "./fetch-bytes.js";
export { indexedDBCache } from "./indexed-db-cache.js";
export { indexedDBStorage } from "./indexed-db-storage.js";
export { offerDownload } from "./offer-download.js";
export { opfsStorage, type OpfsStorage } from "./opfs-storage.js";
export { webStorage } from "./web-storage.js";
