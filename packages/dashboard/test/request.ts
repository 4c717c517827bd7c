import { request as send, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http";

/** What a server answers. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sends a request as it stands: `fetch` would correct its path and its `Host`. */
export function request(address: string, path: string, { method = "GET", headers = {}, body = "" }: { method?: string; headers?: OutgoingHttpHeaders; body?: string } = {}): Promise<Answer> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    const sent = send({ hostname, port, path, method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => { text += chunk; });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
      response.on("error", reject);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** An event of a stream. */
export interface StreamEvent {
  readonly event: string;
  readonly data: unknown;
}

/** Reads server-sent events until `enough` says so, then closes the connection. */
export function events(address: string, path: string, enough: (events: readonly StreamEvent[]) => boolean): Promise<StreamEvent[]> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    const found: StreamEvent[] = [];
    let text = "";
    const sent = send({ hostname, port, path }, (response) => {
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
        const blocks = text.split("\n\n");
        text = blocks.pop() ?? "";
        for (const block of blocks) {
          const [, event, data] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? [];
          if (event !== undefined && data !== undefined) found.push({ event, data: JSON.parse(data) });
        }
        if (!enough(found)) return;
        sent.destroy();
        resolve(found);
      });
    });
    sent.on("error", (error) => { if (!enough(found)) reject(error); });
    sent.end();
  });
}
