import { ArgumentError } from "@nn/tensor";
import { describeValue, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { FileError, makeFolder } from "@nn/files";
import { builtin } from "@nn/files/builtin";
import { attemptsFailed, DownloadError } from "./download-error.js";
import { transfer } from "./transfer.js";

/** Options of {@link downloadFile}. */
export interface DownloadOptions {
  /** The addresses of the file, tried in this order. */
  readonly urls: readonly string[];
  /** Where the file is stored. Missing folders are created. */
  readonly path: string;
  /** The expected checksum, in hexadecimal. */
  readonly sha256: string;
  /** How often each address is tried. An address that refuses (HTTP 4xx) is not tried again. Default 3. */
  readonly attempts?: number;
  /** Milliseconds before the next round of attempts, doubled each time. Default 1000. */
  readonly retryDelay?: number;
  /** A transfer is aborted after this many milliseconds without data. Default 30000. */
  readonly idleTimeout?: number;
  /** A transfer is aborted if it is slower than this many bytes per second, on average over `idleTimeout`. Default 100. */
  readonly minimumRate?: number;
  /** The most bytes that the file may have. If it is larger, nothing is kept. Default 2 GiB. */
  readonly maxBytes?: number;
  /** Aborts the download. The data received so far are kept, and the next call continues. */
  readonly signal?: AbortSignal;
  /** Called as data arrive; `total` is undefined if the server does not send it. */
  readonly onProgress?: (received: number, total: number | undefined) => void;
}

const downloadOptions: OptionKinds<DownloadOptions> = {
  urls: "list", path: "string", sha256: "string", attempts: "count", retryDelay: "nonNegative", idleTimeout: "positive", minimumRate: "nonNegative",
  maxBytes: "count", signal: "any", onProgress: "function",
};

function requireDownload(options: DownloadOptions): void {
  requireOptions("downloadFile", options, downloadOptions);
  for (const name of ["urls", "path", "sha256"] as const) requireKind("downloadFile", name, options[name], downloadOptions[name]);
  if (options.urls.length === 0) throw new ArgumentError("downloadFile: urls is empty, expected at least one");
  options.urls.forEach((url, at) => requireKind("downloadFile", `urls[${at}]`, url, "string"));
  if (!/^[0-9a-f]{64}$/i.test(options.sha256)) throw new ArgumentError(`downloadFile: sha256 is ${describeValue(options.sha256)}, expected 64 hexadecimal digits`);
  if (options.signal !== undefined && !(options.signal instanceof AbortSignal)) throw new ArgumentError(`downloadFile: signal is ${describeValue(options.signal)}, expected an AbortSignal`);
}

/**
 * Downloads a file once: if it exists already, with the right checksum, nothing happens. An interrupted transfer, also of an
 * earlier process, continues where it ended (HTTP ranges). The file replaces an earlier one only when it is complete and its checksum
 * is right. The data of an interrupted transfer are kept as `<path>.part`; those of a file that is too large or has another checksum
 * are deleted.
 * @throws DownloadError with the reason for each address.
 * @throws FileError if it cannot be stored.
 */
export async function downloadFile(options: DownloadOptions): Promise<void> {
  requireDownload(options);
  const { urls, path, sha256, attempts = 3, retryDelay = 1000, signal } = options;
  if ((await checksum(path)) === sha256.toLowerCase()) return;
  await makeFolder("downloadFile", builtin("downloadFile", "node:path").dirname(path));
  const failures: DownloadError[] = [];
  let remaining = urls;
  for (let round = 0; round < attempts && remaining.length > 0; round++) {
    if (round > 0) await pause(retryDelay * 2 ** (round - 1), signal);
    for (const url of remaining) {
      const failure = await attempt(url, options);
      if (failure === undefined) return;
      failures.push(failure);
    }
    remaining = urls.filter((url) => !failures.some((failure) => failure.final && failure.url === url));
  }
  throw attemptsFailed(path, failures);
}

/** Fetches the file from one address and renames it; returns the error if this fails. */
async function attempt(url: string, options: DownloadOptions): Promise<DownloadError | undefined> {
  const { path, sha256, signal } = options;
  const { rename, rm } = builtin("downloadFile", "node:fs/promises");
  const partial = `${path}.part`;
  try {
    await transfer(url, partial, options);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof DownloadError) return error;
    throw error;
  }
  const found = await checksum(partial);
  if (found === sha256.toLowerCase()) {
    // An earlier file stays until this moment.
    await rename(partial, path).catch((cause: unknown) => {
      throw new FileError("downloadFile", "write", path, cause);
    });
    return undefined;
  }
  await rm(partial, { force: true });
  return new DownloadError(url, `its SHA-256 checksum is ${found ?? "unknown"}, expected ${sha256}; the file was removed`);
}

/** SHA-256 of a file in hexadecimal; undefined if there is no such file. */
async function checksum(path: string): Promise<string | undefined> {
  const hash = builtin("downloadFile", "node:crypto").createHash("sha256");
  try {
    for await (const chunk of builtin("downloadFile", "node:fs").createReadStream(path)) hash.update(chunk as Uint8Array);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
    throw new FileError("downloadFile", "read", path, cause);
  }
  return hash.digest("hex");
}

async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(done, milliseconds);
    function done(): void {
      signal?.removeEventListener("abort", aborted);
      resolve();
    }
    function aborted(): void {
      clearTimeout(timer);
      reject(signal?.reason);
    }
    signal?.addEventListener("abort", aborted, { once: true });
  });
}
