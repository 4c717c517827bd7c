import { zeros } from "@nn/tensor";
import { expect, test } from "vitest";
import { Flatten } from "../../src/index.js";

test("keeps the batch axis by default", () => {
  expect(new Flatten().forward(zeros([2, 3, 4, 5])).shape).toEqual([2, 60]);
  expect(new Flatten({ startAxis: 0, endAxis: 1 }).forward(zeros([2, 3, 4, 5])).shape).toEqual([6, 4, 5]);
});

test("errors", () => {
  expect(() => new Flatten().forward(zeros([2]))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: flatten: axis 1 is out of range; expected -1 to 0 for rank 1]`);
});
