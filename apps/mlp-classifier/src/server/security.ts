import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";

/** The names of this machine to itself. Any other name in `Host` means that a foreign page had its own name point here (DNS rebinding). */
const loopbackNames: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** Headers of every answer: it is data, which no page may run, frame or read from another origin. */
export const securityHeaders: OutgoingHttpHeaders = {
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
};

/** Why a request is refused whatever it asks; `undefined` if it is not. */
export function refusalOf({ headers }: IncomingMessage): string | undefined {
  const { host = "", origin } = headers;
  if (!loopbackNames.has(host.replace(/:\d+$/, ""))) return "the Host header names another machine; use the address that the terminal shows";
  if (origin !== undefined && origin !== `http://${host}`) return "the request is from a page of another origin, which may not use this server";
  return undefined;
}
