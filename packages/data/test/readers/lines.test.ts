import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { streamLines } from "../../src/index.js";

async function linesOf(input: Parameters<typeof streamLines>[0], options: Parameters<typeof streamLines>[1] = {}): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of streamLines(input, options)) lines.push(line);
  return lines;
}

describe("streamLines", () => {
  it("gives every line without its line break, blank ones too", async () => {
    expect(await linesOf("a\r\n\n b \nc")).toEqual(["a", "", " b ", "c"]);
    expect(await linesOf("a\n")).toEqual(["a"]);
    expect(await linesOf("")).toEqual([]);
  });

  it("joins lines and characters that are cut by chunks", async () => {
    const bytes = new TextEncoder().encode("간장 공장\n😀é\r\nend");
    async function* single(): AsyncGenerator<Uint8Array> {
      for (const byte of bytes) yield Uint8Array.of(byte);
    }
    expect(await linesOf(single())).toEqual(["간장 공장", "😀é", "end"]);
    expect(await linesOf(gzipSync(bytes))).toEqual(["간장 공장", "😀é", "end"]);
  });

  it("reads no further than the line that is asked for", async () => {
    let read = 0;
    async function* endless(): AsyncGenerator<string> {
      for (;;) {
        read++;
        yield `line ${read}\n`;
      }
    }
    const lines = streamLines(endless());
    expect([(await lines.next()).value, (await lines.next()).value]).toEqual(["line 1", "line 2"]);
    expect(read).toBe(2);
    await lines.return();
  });

  it("refuses a line that is too long, before it is complete", async () => {
    async function* endless(): AsyncGenerator<string> {
      yield "short\n";
      for (;;) yield "x".repeat(100);
    }
    await expect(linesOf(endless(), { maxRecordLength: 1000, name: "log" })).rejects.toThrow("log, line 2: the line has more than 1000 characters");
  });

  it("refuses bytes that are no text, and paths", async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Uint8Array.of(0x61, 0x0a, 0xff);
    }
    await expect(linesOf(broken())).rejects.toThrow("byte 2: the text from here on is not UTF-8");
    expect(() => streamLines("corpus.txt")).toThrow("use streamLinesFile, which takes a path");
    expect(() => streamLines("a", { lines: 3 } as never)).toThrow('streamLines: there is no option "lines"');
  });
});
