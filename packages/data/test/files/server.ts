import { existsSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A web server on this machine. */
export interface TestServer {
  readonly url: string;
  /** Path and range of each request. */
  readonly requests: string[];
  close(): Promise<void>;
}

export async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<TestServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push([request.url, request.headers.range].filter((part) => part !== undefined).join(" "));
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, requests, close };
}

/** How an answer is broken off: after `limit` bytes, once the client has them in the file `stored`. What it has not read yet it would lose. */
export interface Break {
  readonly limit: number;
  readonly stored: string;
}

/** Answers with a file, or the rest of it where that is asked for. */
export function sendFile(request: IncomingMessage, response: ServerResponse, bytes: Uint8Array, broken?: Break): void {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  if (start >= bytes.length) {
    response.writeHead(416, { "Content-Range": `bytes */${bytes.length}` }).end();
    return;
  }
  const body = bytes.subarray(start);
  const range = { "Content-Range": `bytes ${start}-${bytes.length - 1}/${bytes.length}` };
  response.writeHead(start > 0 ? 206 : 200, { "Content-Length": body.length, ...(start > 0 ? range : {}) });
  if (broken === undefined || body.length <= broken.limit) {
    response.end(body);
    return;
  }
  response.write(body.subarray(0, broken.limit));
  const poll = setInterval(() => {
    if (!existsSync(broken.stored) || statSync(broken.stored).size < start + broken.limit) return;
    clearInterval(poll);
    response.destroy();
  }, 2);
  response.on("close", () => clearInterval(poll));
}
