import { ArrayDataset, DataLoader } from "@nn/data";
import { tensor } from "@nn/tensor";
import { array, assert, integer, nat, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { packedAttentionMask, packSequences, padSequences } from "../../src/index.js";

const sequences = array(array(nat(50), { minLength: 1, maxLength: 7 }), { minLength: 1, maxLength: 9 });

describe("padSequences", () => {
  it("fills up short sequences, and tells lengths and padding", () => {
    const { ids, lengths, keyPaddingMask } = padSequences([Int32Array.of(1, 2), [3]], { padding: 9, length: 3 });
    expect(ids.toArray()).toEqual([[1, 2, 9], [3, 9, 9]]);
    expect(lengths.toArray()).toEqual([2, 1]);
    expect(keyPaddingMask.toArray()).toEqual([[false, false, true], [false, true, true]]);
    expect([ids.dtype, lengths.dtype, keyPaddingMask.dtype]).toEqual(["int32", "int32", "bool"]);
  });

  it("keeps every token, in its place", () => {
    assert(property(sequences, (given) => {
      const { ids, lengths } = padSequences(given, { padding: 0 });
      const rows = ids.toArray() as number[][];
      expect((lengths.toArray() as number[]).map((length, row) => rows[row]?.slice(0, length))).toEqual(given);
    }));
  });

  it("cuts long sequences only if asked to", () => {
    const { ids, lengths } = padSequences([[1, 2, 3], [4]], { padding: 0, length: 2, truncate: true });
    expect(ids.toArray()).toEqual([[1, 2], [4, 0]]);
    expect(lengths.toArray()).toEqual([2, 1]);
  });

  it("serves a data loader", () => {
    const examples = new ArrayDataset([{ tokens: Int32Array.of(5, 6), label: 1 }, { tokens: Int32Array.of(7), label: 0 }]);
    const loader = new DataLoader(examples, {
      batchSize: 2,
      collate: (items) => ({ ...padSequences(items.map(({ tokens }) => tokens), { padding: 0 }), labels: tensor(items.map(({ label }) => label), { dtype: "int32" }) }),
    });
    const [batch] = [...loader];
    expect(batch?.ids.toArray()).toEqual([[5, 6], [7, 0]]);
    expect(batch?.labels.toArray()).toEqual([1, 0]);
  });

  it.each([
    [() => padSequences([], { padding: 0 })],
    [() => padSequences([[1], []], { padding: 0 })],
    [() => padSequences([[1, 2]], { padding: 0, length: 1 })],
    [() => padSequences([[1]], {} as never)],
    [() => padSequences([[1, -1]], { padding: 0 })],
    [() => padSequences([1] as never, { padding: 0 })],
    [() => padSequences("text" as never, { padding: 0 })],
    [() => padSequences([tensor([1])] as never, { padding: 0 })],
  ])("refuses what is no batch: %#", (make) => {
    expect(make).toThrowErrorMatchingSnapshot();
  });
});

describe("packSequences", () => {
  it("keeps every token once, with its place in its sequence", () => {
    assert(property(sequences, integer({ min: 7, max: 12 }), (given, length) => {
      const batch = packSequences(given, { length, padding: 99 });
      const [ids, positions, segments] = [batch.ids, batch.positions, batch.segments].map((each) => each.toArray() as number[][]) as [number[][], number[][], number[][]];
      expect(batch.rows.flat().toSorted((a, b) => a - b)).toEqual([...given.keys()]);
      batch.rows.forEach((members, row) => {
        members.forEach((member, at) => {
          const own = [...(ids[row] ?? []).keys()].filter((step) => segments[row]?.[step] === at + 1);
          expect(own.map((step) => ids[row]?.[step])).toEqual(given[member]);
          expect(own.map((step) => positions[row]?.[step])).toEqual([...(given[member] ?? []).keys()]);
        });
        const padding = [...(ids[row] ?? []).keys()].filter((step) => segments[row]?.[step] === 0);
        expect(padding.every((step) => ids[row]?.[step] === 99 && positions[row]?.[step] === 0)).toBe(true);
      });
    }));
  });

  it("refuses a sequence that is longer than a row", () => {
    expect(() => packSequences([[1], [1, 2, 3]], { length: 2, padding: 0 })).toThrow("packSequences: sequences[1] has 3 tokens, expected at most 2, the length of a row");
    expect(() => packSequences([[1]], { padding: 0 } as never)).toThrow("packSequences: length is undefined, expected a positive whole number");
    expect(() => packSequences([[1]], { length: 2 } as never)).toThrow("packSequences: padding is undefined");
  });
});

describe("packedAttentionMask", () => {
  it("hides other sequences, and with causal what comes later", () => {
    const { segments } = packSequences([[1, 2], [3]], { length: 4, padding: 0 });
    const hidden = (options: object): string[] => (packedAttentionMask(segments, options).toArray() as boolean[][][]).flat().map((row) => row.map((each) => (each ? "x" : ".")).join(""));
    expect(hidden({})).toEqual(["..xx", "..xx", "xx.x", "xxx."]);
    expect(hidden({ causal: true })).toEqual([".xxx", "..xx", "xx.x", "xxx."]);
    expect(hidden({ heads: 2 })).toEqual([...hidden({}), ...hidden({})]);
  });

  it("refuses other segments", () => {
    expect(() => packedAttentionMask(tensor([1, 2], { dtype: "int32" }))).toThrow("packedAttentionMask: segments are [2], expected [rows, length]");
    expect(() => packedAttentionMask(tensor([[1, 2]]))).toThrow("int32");
  });
});
