import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { loopbackHeaders } from "../loopback.js";

/** Headers of every response: the page loads nothing from other origins, runs only its own code, and is shown in no frame. */
export const securityHeaders: OutgoingHttpHeaders = {
  ...loopbackHeaders,
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
};

/** Whether a request has the token, which may change runs. */
export function hasToken({ headers }: IncomingMessage, token: string): boolean {
  const given = /^Bearer (\S+)$/.exec(headers.authorization ?? "")?.[1];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

/** A digest, which has the same length for every text. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
