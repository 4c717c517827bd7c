import { describe, expect, it } from "vitest";
import { readJsonLines, streamJsonLines } from "../../src/index.js";

describe("readJsonLines", () => {
  it("reads values of any kind with either line end, and leaves out blank lines", async () => {
    expect(await readJsonLines('{"a":1}\r\n\n[1,2]\n"x"\n null \n3')).toEqual([{ a: 1 }, [1, 2], "x", null, 3]);
    expect(await readJsonLines("")).toEqual([]);
  });

  it("joins lines and characters that are cut by chunks", async () => {
    const bytes = new TextEncoder().encode('{"name":"Zoë"}\n{"name":"名"}\n');
    async function* single(): AsyncGenerator<Uint8Array> {
      for (const byte of bytes) yield Uint8Array.of(byte);
    }
    expect(await readJsonLines(single())).toEqual([{ name: "Zoë" }, { name: "名" }]);
  });

  it("checks values with a function of the caller", async () => {
    const parse = (value: unknown): number => {
      if (typeof value !== "number") throw new TypeError("expected a number");
      return 2 * value;
    };
    expect(await readJsonLines("1\n2\n", { parse })).toEqual([2, 4]);
    await expect(readJsonLines('1\n"2"\n', { parse, name: "n.jsonl" })).rejects.toThrow("n.jsonl, line 2: the value is refused: expected a number");
  });

  it("names the line that is not JSON", async () => {
    await expect(readJsonLines('{"a":1}\n\n{"a":\n', { name: "runs.jsonl" })).rejects.toThrow(
      /^runs\.jsonl, line 3: expected JSON, found "\{\\"a\\":" \(.+\)$/,
    );
  });

  it("names the byte that is not UTF-8", async () => {
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode("1\n2\n");
      yield Uint8Array.of(0xc3);
    }
    await expect(readJsonLines(chunks())).rejects.toThrow("input, byte 4: the text from here on is not UTF-8");
  });
});

describe("streamJsonLines", () => {
  it("gives the values before an error", async () => {
    const seen: unknown[] = [];
    const all = async (): Promise<void> => {
      for await (const value of streamJsonLines("1\n2\nx\n")) seen.push(value);
    };
    await expect(all()).rejects.toThrow("input, line 3");
    expect(seen).toEqual([1, 2]);
  });
});
