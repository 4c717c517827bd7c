import { escapeControls } from "@nn/tensor/extend";
import { CheckpointError } from "../checkpoint/checkpoint-error.js";
import { bytesSource, type ByteSource } from "./byte-source.js";

/**
 * A file on a server, of which only the parts that are needed are fetched (HTTP ranges, RFC 9110 section 14). From a server that sends no parts, the whole file is fetched once.
 * @throws CheckpointError if the server refuses.
 */
export async function urlSource(url: string, signal: AbortSignal | undefined): Promise<ByteSource> {
  const first = await request(url, 0, 1, signal);
  if (first.status !== 206) return bytesSource(url, await bodyOf(first, url));
  await first.body?.cancel();
  const size = Number(/^bytes \d+-\d+\/(\d+)$/.exec(first.headers.get("content-range") ?? "")?.[1]);
  if (!Number.isSafeInteger(size)) throw new CheckpointError(url, "the server does not say how long the file is (content-range); download it and open the file");
  const version = versionOf(first);
  return {
    name: url,
    size,
    read: async (start, end) => {
      if (start === end) return new Uint8Array(0);
      const response = await request(url, start, end, signal);
      const bytes = await bodyOf(response, url);
      if (versionOf(response) !== version) throw new CheckpointError(url, "the file on the server has changed while it was read; open it again", start);
      if (response.status !== 206 || bytes.length !== end - start) throw new CheckpointError(url, `the server sent ${bytes.length} bytes (HTTP ${response.status}), expected the ${end - start} from here on`, start);
      return bytes;
    },
    close: async () => undefined,
  };
}

const versionOf = (response: Response): string => response.headers.get("etag") ?? response.headers.get("last-modified") ?? "";

async function request(url: string, start: number, end: number, signal: AbortSignal | undefined): Promise<Response> {
  const response = await fetch(url, { headers: { range: `bytes=${start}-${end - 1}`, "accept-encoding": "identity" }, signal: signal ?? null }).catch((cause: unknown) => {
    signal?.throwIfAborted();
    throw new CheckpointError(url, "the server cannot be reached", undefined, { cause });
  });
  if (response.ok) return response;
  await response.body?.cancel();
  throw new CheckpointError(url, `the server answers HTTP ${response.status}${response.statusText === "" ? "" : ` (${escapeControls(response.statusText)})`}, expected the file`);
}

async function bodyOf(response: Response, url: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw new CheckpointError(url, "the transfer ended before the file did", undefined, { cause });
  }
}
