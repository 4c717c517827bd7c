import { DataLoader, IterableDataset, streamLines } from "@nn/data";
import { array, assert, asyncProperty, constantFrom, integer, nat, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteTokenizer, BytePairEncoding, CorpusWindows, decodeStream, streamWindows, WordTokenizer } from "../../src/index.js";

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe("CorpusWindows", () => {
  it("gives windows and the tokens that follow", () => {
    const windows = new CorpusWindows(Int32Array.of(0, 1, 2, 3, 4, 5, 6), { length: 3, stride: 2 });
    expect([...windows].map(([input, target]) => [[...input], [...target]])).toEqual([[[0, 1, 2], [1, 2, 3]], [[2, 3, 4], [3, 4, 5]]]);
    const [inputs, targets] = windows.batch([1, 0]);
    expect(inputs.toArray()).toEqual([[2, 3, 4], [0, 1, 2]]);
    expect(targets.toArray()).toEqual([[3, 4, 5], [1, 2, 3]]);
    expect([inputs.dtype, String(windows)]).toEqual(["int32", "CorpusWindows of 2 items"]);
  });

  it("makes each token but the first a target once, up to the last full window", () => {
    assert(property(integer({ min: 1, max: 6 }), integer({ min: 0, max: 20 }), (length, more) => {
      const tokens = Array.from({ length: length + 1 + more }, (_, at) => at);
      const targets = [...new CorpusWindows(tokens, { length })].flatMap(([, target]) => [...target]);
      expect(targets).toEqual(tokens.slice(1, 1 + Math.floor((tokens.length - 1) / length) * length));
    }));
  });

  it("serves a data loader", () => {
    const loader = new DataLoader(new CorpusWindows([...new Array(9).keys()], { length: 2 }), { batchSize: 3 });
    expect([...loader].map(([inputs]) => inputs.toArray())).toEqual([[[0, 1], [2, 3], [4, 5]], [[6, 7]]]);
  });

  it.each([
    [() => new CorpusWindows([1, 2], { length: 2 })],
    [() => new CorpusWindows([1, 2], {} as never)],
    [() => new CorpusWindows("ab" as never, { length: 1 })],
    [() => new CorpusWindows([1, 2, 3], { length: 1 }).get(2)],
    [() => new CorpusWindows([1, 2, 3], { length: 1 }).batch([])],
  ])("refuses what has no windows: %#", (make) => {
    expect(make).toThrowErrorMatchingSnapshot();
  });
});

describe("streamWindows", () => {
  it("gives the windows of the joined sequences, however they are cut", async () => {
    await assert(asyncProperty(array(array(nat(9), { maxLength: 6 })), integer({ min: 1, max: 4 }), async (sequences, length) => {
      const joined = sequences.flatMap((sequence) => [...sequence, 99]);
      const streamed = await collected(streamWindows(sequences, { length, separator: 99 }));
      expect(streamed.map((window) => window.map((each) => [...each]))).toEqual(
        joined.length <= length ? [] : [...new CorpusWindows(joined, { length })].map((window) => window.map((each) => [...each])),
      );
    }));
  });

  it("reads no further than the window that is asked for", async () => {
    let read = 0;
    async function* source(): AsyncGenerator<number[]> {
      for (;;) {
        read++;
        yield [1, 2, 3];
      }
    }
    const windows = streamWindows(source(), { length: 2 });
    await windows.next();
    expect(read).toBe(1);
    await windows.return();
  });

  it("trains from the lines of a file that does not fit into memory", async () => {
    const tokenizer = new ByteTokenizer({ special: { end: "<end>" } });
    async function* sequences(): AsyncGenerator<Int32Array> {
      for await (const line of streamLines("ab\ncde\n")) yield tokenizer.encode(line);
    }
    const loader = new DataLoader(new IterableDataset(() => streamWindows(sequences(), { length: 3 })), { batchSize: 2 });
    const [batch] = await collected(loader);
    expect(batch?.[0].toArray()).toEqual([[97, 98, 256], [99, 100, 101]]);
    expect(batch?.[1].toArray()).toEqual([[98, 256, 99], [100, 101, 256]]);
  });

  it("refuses what is no stream", () => {
    expect(() => streamWindows(3 as never, { length: 2 })).toThrow("streamWindows: sequences are 3, expected an iterable");
    expect(() => streamWindows([], {} as never)).toThrow("streamWindows: length is undefined");
  });
});

describe("decodeStream", () => {
  it("gives complete characters, and all of them", async () => {
    const tokenizer = BytePairEncoding.train(["가나다 가나다 abc abc"], { size: 270 });
    await assert(asyncProperty(string({ unit: constantFrom(..."가나다 😀abcé한") }), async (text) => {
      const parts = await collected(decodeStream(tokenizer, tokenizer.encode(text)));
      expect(parts.join("")).toBe(text);
      for (const part of parts) expect(part).not.toContain("\uFFFD");
    }));
  });

  it("puts spaces between words", async () => {
    const tokenizer = WordTokenizer.train(["a b c"], { special: { end: "<end>" } });
    expect(await collected(decodeStream(tokenizer, tokenizer.encode("a b c")))).toEqual(["a", " b", " c"]);
  });

  it("does not wait for ever for a character that does not come", async () => {
    const parts = await collected(decodeStream(new ByteTokenizer(), new Array<number>(40).fill(0xff)));
    expect(parts.join("")).toBe("\uFFFD".repeat(40));
    expect(parts.length).toBeGreaterThan(1);
  });

  it("refuses what is no tokenizer or no ids", () => {
    expect(() => decodeStream({} as never, [])).toThrow("decodeStream: tokenizer is an object, expected a Tokenizer");
    expect(() => decodeStream(new ByteTokenizer(), 5 as never)).toThrow("decodeStream: ids are 5");
  });
});
