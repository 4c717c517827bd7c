import { streamChunks } from "../readers/input.js";
import { builtin } from "@nn/files";
import { DownloadError } from "./download-error.js";
import { FileError } from "@nn/files";

/** What {@link transfer} needs to know of a download. */
export interface TransferOptions {
  readonly idleTimeout?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (received: number, total: number | undefined) => void;
}

/**
 * Fetches `url` into the file `partial`, from where that ends.
 * @throws DownloadError if the server refuses or the transfer breaks off; what has come stays in the file.
 * @throws FileError if the file cannot be written.
 */
export async function transfer(url: string, partial: string, { idleTimeout = 30_000, signal, onProgress }: TransferOptions): Promise<void> {
  const idle = new IdleTimer(idleTimeout);
  const signals = signal === undefined ? [idle.signal] : [idle.signal, signal];
  try {
    const present = await sizeOf(partial);
    const response = await request(url, present, AbortSignal.any(signals));
    const start = await startOf(response, url, present, partial);
    if (start === undefined || response.body === null) return;
    const length = Number(response.headers.get("content-length") ?? Number.NaN);
    const total = Number.isNaN(length) ? undefined : start + length;
    onProgress?.(start, total);
    const end = await append(partial, start, chunksOf(url, response.body), (received) => {
      idle.restart();
      onProgress?.(received, total);
    });
    if (total !== undefined && end !== total) throw new DownloadError(url, `the transfer ended after ${end} of ${total} bytes`);
  } catch (error) {
    if (idle.signal.aborted) throw new DownloadError(url, `no data came for ${idleTimeout / 1000} s`, { cause: error });
    throw error;
  } finally {
    idle.stop();
  }
}

/** Asks for the file; for the rest of it where a part is present. Compressed transfer would hide what the checksum is of. */
async function request(url: string, present: number, signal: AbortSignal): Promise<Response> {
  const range = present > 0 ? { Range: `bytes=${present}-` } : {};
  try {
    return await fetch(url, { headers: { "Accept-Encoding": "identity", ...range }, signal });
  } catch (cause) {
    throw new DownloadError(url, `the server cannot be reached: ${reasonOf(cause)}`, { cause });
  }
}

/** At which byte the answer begins; undefined if nothing is missing. */
async function startOf(response: Response, url: string, present: number, partial: string): Promise<number | undefined> {
  const range = response.headers.get("content-range") ?? "";
  if (response.status === 206 && range.startsWith(`bytes ${present}-`)) return present;
  if (response.status === 200) return 0;
  await response.body?.cancel();
  if (response.status === 416 && range === `bytes */${present}`) return undefined;
  if (response.status === 206 || response.status === 416) {
    await builtin("downloadFile", "node:fs/promises").rm(partial, { force: true });
    throw new DownloadError(url, `the server cannot continue after ${present} bytes (${range || "it tells no range"}); the part was removed`);
  }
  const mend = response.status === 404 ? "; there is no such file" : "";
  throw new DownloadError(url, `the server answers ${response.status} ${response.statusText}`.trimEnd() + mend, {
    final: response.status >= 400 && response.status < 500 && response.status !== 408 && response.status !== 429,
  });
}

async function* chunksOf(url: string, body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* streamChunks(body);
  } catch (cause) {
    throw new DownloadError(url, `the transfer broke off: ${reasonOf(cause)}`, { cause });
  }
}

/** Appends chunks to a file of `start` bytes, which is begun anew if that is 0, and gives the new length. */
async function append(
  path: string, start: number, chunks: AsyncIterable<Uint8Array>, onWritten: (end: number) => void,
): Promise<number> {
  try {
    const file = await builtin("downloadFile", "node:fs/promises").open(path, start === 0 ? "w" : "a");
    try {
      let end = start;
      for await (const chunk of chunks) {
        await file.writeFile(chunk);
        end += chunk.length;
        onWritten(end);
      }
      return end;
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof DownloadError) throw cause;
    throw new FileError("downloadFile", "write", path, cause);
  }
}

async function sizeOf(path: string): Promise<number> {
  return builtin("downloadFile", "node:fs/promises").stat(path).then(({ size }) => size, () => 0);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/** Aborts its signal when it was not restarted for some time. */
class IdleTimer {
  readonly #controller = new AbortController();
  readonly #milliseconds: number;
  #timer: ReturnType<typeof setTimeout>;

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
    this.#timer = this.#start();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  restart(): void {
    clearTimeout(this.#timer);
    this.#timer = this.#start();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #start(): ReturnType<typeof setTimeout> {
    return setTimeout(() => this.#controller.abort(), this.#milliseconds);
  }
}
