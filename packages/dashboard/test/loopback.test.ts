import { describe, expect, it } from "vitest";
import { loopbackRefusal } from "../src/loopback.js";

const refusalOf = (headers: Readonly<Record<string, string>>): string | undefined => loopbackRefusal({ headers });

describe("a request", () => {
  it("is answered for a name of this machine, from its own page or a program", () => {
    for (const host of ["127.0.0.1:8080", "localhost", "[::1]:1"]) expect(refusalOf({ host })).toBeUndefined();
    expect(refusalOf({ host: "localhost:8080", origin: "http://localhost:8080", "sec-fetch-site": "same-origin" })).toBeUndefined();
    expect(refusalOf({ host: "localhost:8080", "sec-fetch-site": "none" })).toBeUndefined();
  });

  it("is refused for another name, and from another page", () => {
    for (const host of ["", "evil.example", "127.0.0.1.evil.example", "localhost.evil.example:1"]) expect(refusalOf({ host })).toMatch(/^the Host header names another machine/);
    expect(refusalOf({})).toMatch(/^the Host header/);
    for (const origin of ["http://evil.example", "null", "http://localhost:3000", "https://localhost:8080"]) expect(refusalOf({ host: "localhost:8080", origin })).toMatch(/another origin/);
    for (const site of ["cross-site", "same-site"]) expect(refusalOf({ host: "localhost", "sec-fetch-site": site })).toMatch(/another site/);
  });

  it("must be one", () => {
    // @ts-expect-error: no request
    expect(() => loopbackRefusal("GET /")).toThrow('loopbackRefusal: the request is the string "GET /", expected one of a server of node:http');
  });
});
