import { streamChunks } from "../readers/input.js";
import { FileError } from "@nn/files";
import { builtin } from "@nn/files/builtin";
import { messageOf, quote } from "@nn/tensor/extend";
import { DownloadError } from "./download-error.js";

/** Options of {@link transfer}. */
export interface TransferOptions {
  readonly idleTimeout?: number;
  readonly minimumRate?: number;
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (received: number, total: number | undefined) => void;
}

/**
 * Fetches `url` and appends what the file `partial` lacks.
 * @throws DownloadError if the server refuses or the transfer is interrupted; the data received so far stay in the file.
 * @throws FileError if the file cannot be written.
 */
export async function transfer(url: string, partial: string, options: TransferOptions): Promise<void> {
  const { idleTimeout = 30_000, minimumRate = 100, maxBytes = 2 ** 31, signal, onProgress } = options;
  const idle = new RateTimer(idleTimeout, minimumRate);
  const signals = signal === undefined ? [idle.signal] : [idle.signal, signal];
  try {
    const present = await sizeOf(partial);
    const response = await request(url, present, AbortSignal.any(signals));
    const start = await startOf(response, url, present, partial);
    if (start === undefined || response.body === null) return;
    const length = Number(response.headers.get("content-length") ?? Number.NaN);
    const total = Number.isNaN(length) ? undefined : start + length;
    if (total !== undefined && total > maxBytes) throw await tooLarge(url, partial, response, `${total} bytes`, maxBytes);
    onProgress?.(start, total);
    const end = await append(partial, start, limited(url, partial, response, start, maxBytes), (received, count) => {
      idle.count(count);
      onProgress?.(received, total);
    });
    if (total !== undefined && end !== total) throw new DownloadError(url, `the transfer ended after ${end} of ${total} bytes`);
  } catch (error) {
    if (idle.signal.aborted) throw new DownloadError(url, idle.reason, { cause: error });
    throw error;
  } finally {
    idle.stop();
  }
}

/** Requests the file, or the rest of it if a part is present. Without compression, the checksum and byte ranges refer to the file itself. */
async function request(url: string, present: number, signal: AbortSignal): Promise<Response> {
  const range = present > 0 ? { Range: `bytes=${present}-` } : {};
  try {
    return await fetch(url, { headers: { "Accept-Encoding": "identity", ...range }, signal });
  } catch (cause) {
    throw new DownloadError(url, `the server cannot be reached: ${reasonOf(cause)}`, { cause });
  }
}

/** The byte at which the response begins; undefined if nothing is missing. */
async function startOf(response: Response, url: string, present: number, partial: string): Promise<number | undefined> {
  const range = response.headers.get("content-range") ?? "";
  if (response.status === 206 && range.startsWith(`bytes ${present}-`)) return present;
  if (response.status === 200) return 0;
  await response.body?.cancel();
  if (response.status === 416 && range === `bytes */${present}`) return undefined;
  if (response.status === 206 || response.status === 416) {
    await builtin("downloadFile", "node:fs/promises").rm(partial, { force: true });
    throw new DownloadError(url, `the server cannot continue after ${present} bytes (${range === "" ? "it gives no range" : quote(range)}); the part was removed`);
  }
  const hint = response.status === 404 ? "; there is no such file" : "";
  throw new DownloadError(url, `the server answers ${response.status} ${quote(response.statusText).slice(1, -1)}`.trimEnd() + hint, {
    final: response.status >= 400 && response.status < 500 && response.status !== 408 && response.status !== 429,
  });
}

/** The chunks of a response; fails when they exceed the limit. */
async function* limited(url: string, partial: string, response: Response, start: number, maxBytes: number): AsyncGenerator<Uint8Array, void, undefined> {
  if (response.body === null) return;
  let end = start;
  for await (const chunk of chunksOf(url, response.body)) {
    end += chunk.length;
    if (end > maxBytes) throw await tooLarge(url, partial, undefined, "more", maxBytes);
    yield chunk;
  }
}

/** The error for a file over the limit; the partial file is deleted. */
async function tooLarge(url: string, partial: string, response: Response | undefined, found: string, maxBytes: number): Promise<DownloadError> {
  await response?.body?.cancel().catch(() => undefined);
  await builtin("downloadFile", "node:fs/promises").rm(partial, { force: true });
  return new DownloadError(url, `the server sends ${found}, expected at most ${maxBytes} bytes (maxBytes); nothing was kept`, { final: true });
}

async function* chunksOf(url: string, body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* streamChunks(body);
  } catch (cause) {
    throw new DownloadError(url, `the transfer broke off: ${reasonOf(cause)}`, { cause });
  }
}

/** Appends chunks to a file of `start` bytes, or overwrites it if `start` is 0, and returns the new length. */
async function append(
  path: string, start: number, chunks: AsyncIterable<Uint8Array>, onWritten: (end: number, count: number) => void,
): Promise<number> {
  try {
    const file = await builtin("downloadFile", "node:fs/promises").open(path, start === 0 ? "w" : "a");
    try {
      let end = start;
      for await (const chunk of chunks) {
        await file.writeFile(chunk);
        end += chunk.length;
        onWritten(end, chunk.length);
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
  return messageOf(error instanceof Error && error.cause !== undefined ? error.cause : error);
}

/** Aborts its signal if too few data arrive in an interval. */
class RateTimer {
  readonly #controller = new AbortController();
  readonly #milliseconds: number;
  readonly #minimum: number;
  readonly #timer: ReturnType<typeof setInterval>;
  #received = 0;
  /** The reason of the abort. */
  reason = "";

  constructor(milliseconds: number, minimumRate: number) {
    this.#milliseconds = milliseconds;
    this.#minimum = (minimumRate * milliseconds) / 1000;
    this.#timer = setInterval(() => this.#check(), milliseconds);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Records received bytes. */
  count(bytes: number): void {
    this.#received += bytes;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #check(): void {
    const received = this.#received;
    this.#received = 0;
    if (received > 0 && received >= this.#minimum) return;
    const seconds = this.#milliseconds / 1000;
    this.reason = received === 0 ? `no data came for ${seconds} s` : `only ${received} bytes came in ${seconds} s, expected at least ${this.#minimum} (minimumRate)`;
    this.stop();
    this.#controller.abort();
  }
}
