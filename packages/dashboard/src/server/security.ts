import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";

/** The names of this machine to itself. Any other name in `Host` means that a foreign page had its own name point here (DNS rebinding). */
const loopbackNames: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** Headers of every answer: the page loads nothing from elsewhere, runs no code but its own, and is shown in no frame. */
export const securityHeaders: OutgoingHttpHeaders = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
};

/** Why a request is refused whatever it asks; `undefined` if it is not. */
export function refusalOf({ headers }: IncomingMessage): string | undefined {
  const { host = "", origin } = headers;
  if (!loopbackNames.has(host.replace(/:\d+$/, ""))) return "the Host header names another machine; open the address that the terminal shows";
  if (origin !== undefined && origin !== `http://${host}`) return "the request is from a page of another origin";
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") return "the request is from a page of another site";
  return undefined;
}

/** Whether a request has the token, which may change runs. */
export function hasToken({ headers }: IncomingMessage, token: string): boolean {
  const given = /^Bearer (\S+)$/.exec(headers.authorization ?? "")?.[1];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

/** Digests have one length, whatever was given. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
