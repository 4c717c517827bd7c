import { describe, expect, it } from "vitest";
import { bytes, double, float, int32, int64, list, message, one, string, uint64 } from "../../src/proto/message.js";

const inner = message({ name: one(1, string), sizes: list(2, int64) });
const outer = message({
  number: one(1, int32), big: one(2, uint64), real: one(3, float), exact: one(4, double), data: one(5, bytes), inners: list(6, inner), texts: list(7, string), reals: list(8, float),
});

describe("a message", () => {
  it("comes back as it was written", () => {
    const value = {
      number: -3, big: 2n ** 64n - 1n, real: 0.5, exact: 0.1, data: Uint8Array.of(1, 0, 255), texts: ["", "ü𝄞"], reals: [1, -0, Infinity],
      inners: [{ name: "a", sizes: [1n, -(2n ** 63n)] }, { name: undefined, sizes: [] }],
    };
    expect(outer.decode(outer.encode(value))).toEqual(value);
  });

  it("keeps large bytes in messages in messages, among small ones", () => {
    const nest = message({ before: one(1, string), outers: list(2, outer), after: one(3, int32) });
    const data = [1023, 1024, 5000].map((length) => Uint8Array.from({ length }, (_, at) => at));
    const encoded = nest.encode({ before: "a", outers: data.map((each, number) => ({ number, data: each })), after: 7 });
    const again = nest.decode(encoded);
    expect(again.outers.map(({ number, data: each }) => [number, each])).toEqual(data.map((each, number) => [number, each]));
    expect([again.before, again.after]).toEqual(["a", 7]);
  });

  it("has empty lists and undefined for what is missing", () => {
    expect(inner.decode(new Uint8Array())).toEqual({ name: undefined, sizes: [] });
    expect(inner.encode({}).length).toBe(0);
  });

  it("takes lists of numbers packed and one by one, and skips fields that it does not know", () => {
    // sizes: 1, 2 packed, then 3 alone; field 9, bytes; field 10, a group with a number in it.
    expect(inner.decode(Uint8Array.of(0x12, 2, 1, 2, 0x10, 3, 0x4a, 1, 7, 0x53, 0x08, 1, 0x54)).sizes).toEqual([1n, 2n, 3n]);
  });

  it.each([
    ["ends in a value", [0x0a, 5, 65]],
    ["ends in a length", [0x0a, 0x80]],
    ["ends in a packed number", [0x12, 1, 0x80]],
    ["has a number that does not end", [0x10, ...new Array<number>(11).fill(0xff)]],
    ["has a number where a text should be", [0x08, 1]],
    ["has text that is not UTF-8", [0x0a, 1, 0xff]],
    ["has wire type 7", [0x0f, 1]],
    ["has a length of 4 GiB", [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]],
    ["has groups in groups in groups", new Array<number>(100_000).fill(0x53)],
  ])("is refused if it %s", (_, content) => {
    expect(() => inner.decode(Uint8Array.from(content))).toThrow(Error);
  });
});
