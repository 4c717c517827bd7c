import { ArgumentError } from "@nn/tensor";
import { describeValue, escapeControls, quote, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { CheckpointError } from "../checkpoint/checkpoint-error.js";
import { PartialFile } from "./partial-file.js";
import { requireStorage, type ByteStorage } from "./byte-storage.js";

/** How far a transfer is, in bytes. */
export interface FetchProgress {
  readonly received: number;
  /** `undefined` if the server does not say it. */
  readonly total: number | undefined;
}

/** Options of {@link fetchBytes}. */
export interface FetchBytesOptions {
  /** Called when the transfer begins, and after each piece. */
  readonly onProgress?: ((progress: FetchProgress) => void) | undefined;
  /** Ends the transfer. */
  readonly signal?: AbortSignal | undefined;
  /** How many interruptions in a row, without a byte in between, are tolerated; default 4. */
  readonly retries?: number | undefined;
  /** Keeps what has arrived, in parts, so that a call after a reload of the page goes on there. They are removed when the file is complete. */
  readonly parts?: ByteStorage | undefined;
}

const fetchOptions: OptionKinds<FetchBytesOptions> = { onProgress: "function", signal: "any", retries: "size", parts: "any" };

/**
 * Fetches a whole file from a server, such as weights for `openCheckpoint` or `loadModel`, with its progress. An interrupted transfer goes on where it ended, if the server sends ranges and says which version of the file it sends
 * (`ETag`, otherwise `Last-Modified`); if the file has changed meanwhile, it begins anew (`If-Range`, RFC 9110 section 13.1.5). From another origin, the server must allow the header `If-Range` and expose `ETag` (CORS).
 *
 * @example
 * ```ts no-run
 * import { fetchBytes, indexedDBStorage } from "@nn/io/browser";
 * import { openCheckpoint } from "@nn/io";
 * const bytes = await fetchBytes("/weights.safetensors", {
 *   onProgress: ({ received, total = NaN }) => console.log(`${Math.floor((100 * received) / total)} %`),
 *   parts: indexedDBStorage("transfers"),
 * });
 * const checkpoint = await openCheckpoint(bytes);
 * ```
 * @throws CheckpointError if the server refuses, or cannot be reached any more.
 */
export async function fetchBytes(url: string | URL, options: FetchBytesOptions = {}): Promise<Uint8Array> {
  requireOptions("fetchBytes", options, fetchOptions);
  if (!(url instanceof URL)) requireKind("fetchBytes", "url", url, "string");
  const { onProgress = () => undefined, signal, retries = 4, parts } = options;
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw new ArgumentError(`fetchBytes: signal is ${describeValue(signal)}, expected an AbortSignal`);
  if (parts !== undefined) requireStorage("fetchBytes", "parts", parts);
  const file = await PartialFile.open(absolute(url), parts);
  let furthest = 0;
  for (let failures = 0; ;) {
    try {
      await transfer(file, onProgress, signal);
      return await file.complete();
    } catch (cause) {
      await file.flush();
      signal?.throwIfAborted();
      if (cause instanceof CheckpointError) throw cause;
      failures = file.received > furthest ? 0 : failures + 1;
      furthest = Math.max(furthest, file.received);
      if (failures > retries) throw new CheckpointError(file.url, `the transfer was interrupted after ${file.received} bytes, ${failures} times in a row`, file.received, { cause });
      await pause(failures === 0 ? 0 : 250 * 2 ** failures, signal);
    }
  }
}

/** The whole address; in a page, addresses are relative to it. */
function absolute(url: string | URL): string {
  const { location } = globalThis as { readonly location?: { readonly href: string } };
  if (!URL.canParse(url, location?.href)) throw new ArgumentError(`fetchBytes: ${quote(String(url))} is not an address`);
  return new URL(url, location?.href).href;
}

/** Fetches what is missing. @throws CheckpointError if the server refuses; another error if the transfer is interrupted. */
async function transfer(file: PartialFile, onProgress: (progress: FetchProgress) => void, signal: AbortSignal | undefined): Promise<void> {
  const response = await fetch(file.url, { headers: { "accept-encoding": "identity", ...file.rangeHeaders }, signal: signal ?? null });
  if (response.status === 416 && file.received === file.total) return;
  if (!response.ok) {
    await response.body?.cancel();
    if (response.status === 416) return file.restart();
    // Servers that are busy or being restarted are asked again.
    const answer = `HTTP ${response.status}${response.statusText === "" ? "" : ` (${escapeControls(response.statusText)})`}`;
    if (response.status >= 500 || response.status === 429) throw new Error(`the server answers ${answer}`);
    throw new CheckpointError(file.url, `the server answers ${answer}, expected the file`);
  }
  await file.begin(response);
  const progress = (): void => onProgress({ received: file.received, total: file.total });
  progress();
  const reader = response.body?.getReader();
  for (let piece = await reader?.read(); piece?.value !== undefined; piece = await reader?.read()) {
    await file.append(piece.value);
    progress();
  }
  if (file.total !== undefined && file.received !== file.total) throw new Error(`the server sent ${file.received} of ${file.total} bytes`);
}

/** @throws The reason of the signal if it is given while waiting. */
function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      reject(signal?.reason instanceof Error ? signal.reason : new Error("the transfer was ended"));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", end);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", end, { once: true });
  });
}
