/**
 * The protection of the dashboard's server, for other servers on 127.0.0.1: which requests are refused, and the headers of answers.
 *
 * @packageDocumentation
 */
import { ArgumentError } from "@nn/tensor";
import { describeValue } from "@nn/tensor/extend";

/** What is looked at of a request of `node:http`. */
export interface RequestHeaders {
  readonly headers: { readonly host?: string | undefined; readonly origin?: string | undefined; readonly "sec-fetch-site"?: string | readonly string[] | undefined };
}

/** The names of the loopback interface. Any other name in `Host` means that the name of a foreign page resolves to this machine (DNS rebinding). */
const loopbackNames: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** Headers of a response with data: no page may run or frame it, or read it from another origin, and no cache keeps it. */
export const loopbackHeaders: Readonly<Record<string, string>> = {
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
};

/**
 * The reason for which a server on 127.0.0.1 should refuse a request, as text, or `undefined` if it should not. Refused are requests whose `Host` is
 * not a name of the loopback interface, and requests of pages of another origin or site.
 *
 * @example
 * ```ts no-run
 * import { createServer } from "node:http";
 * import { loopbackHeaders, loopbackRefusal } from "@nn/dashboard/loopback";
 *
 * createServer((request, response) => {
 *   const refusal = loopbackRefusal(request);
 *   response.writeHead(refusal === undefined ? 200 : 403, { ...loopbackHeaders, "content-type": "text/plain" });
 *   response.end(refusal ?? "hello");
 * }).listen(8080, "127.0.0.1");
 * ```
 * @throws ArgumentError if `request` has no headers.
 */
export function loopbackRefusal(request: RequestHeaders): string | undefined {
  const { headers } = Object(request) as Partial<typeof request>;
  if (typeof headers !== "object" || headers === null) throw new ArgumentError(`loopbackRefusal: the request is ${describeValue(request)}, expected one of a server of node:http`);
  const { host = "", origin, "sec-fetch-site": site } = headers;
  if (!loopbackNames.has(host.replace(/:\d+$/, ""))) return "the Host header names another machine; use the address that the terminal shows";
  if (origin !== undefined && origin !== `http://${host}`) return "the request is from a page of another origin, which may not use this server";
  if (site !== undefined && site !== "same-origin" && site !== "none") return "the request is from a page of another site, which may not use this server";
  return undefined;
}
