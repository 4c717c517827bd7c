import { describe, expect, it } from "vitest";
import { aligned, BatchSize, NotAligned, productOf, sameSizes, scaledSize } from "../../src/export/size.js";

const batches = [3, 5, 11];
const of = <T>(f: (batch: number) => T) => aligned(batches.map(f), batches);

describe("sizes of several batches become one", () => {
  it("where they are linear in the batch, however deep", () => {
    expect(of((batch) => ({ shape: [batch, 4, 2 * batch - 1], name: "x", padding: [[0, batch]] }))).toEqual({
      shape: [new BatchSize(1, 0), 4, new BatchSize(2, -1)], name: "x", padding: [[0, new BatchSize(1, 0)]],
    });
  });

  it.each([
    ["a square", (batch: number) => [batch * batch], "which is not a multiple of the batch"],
    ["a quotient", (batch: number) => [Math.ceil(batch / 2)], "which is not a multiple of the batch"],
    ["another number of axes", (batch: number) => new Array<number>(batch).fill(1), "its number of axes changes"],
    ["another word", (batch: number) => [String(batch)], "3 becomes 5 and 11"],
  ])("but not %s", (_, f, message) => {
    expect(() => of<unknown>(f)).toThrow(NotAligned);
    expect(() => of<unknown>(f)).toThrow(message);
  });

  it("can be compared, scaled and multiplied", () => {
    const batch = new BatchSize(1, 0);
    expect(sameSizes([batch, 2], [new BatchSize(1, 0), 2])).toBe(true);
    expect(sameSizes([batch, 2], [new BatchSize(2, 0), 2])).toBe(false);
    expect(sameSizes([batch], [1])).toBe(false);
    expect(scaledSize(new BatchSize(2, 1), 3, -1)).toEqual(new BatchSize(6, 2));
    expect(scaledSize(4, 3, -1)).toBe(11);
    expect([productOf([2, 3]), productOf([batch, 3]), productOf([])]).toEqual([6, undefined, 1]);
  });
});
