import { expect, test } from "vitest";
import { binCount, item, maskedSelect, nonZero, read, tensor, toArray, toTypedArray, unique, zeros } from "../../src/index.js";
import { deferred } from "../deferred.js";
import { messagesOf } from "../message.js";

test("item gives the only element as a number", () => {
  expect(tensor([[2.5]]).item()).toBe(2.5);
  expect(item(tensor(true))).toBe(1);
});

test("toArray nests as deep as there are axes", () => {
  expect(tensor(2).toArray()).toBe(2);
  expect(tensor(false).toArray()).toBe(false);
  expect(tensor([[true], [false]]).toArray()).toEqual([[true], [false]]);
  expect(zeros([2, 0, 3]).toArray()).toEqual([[], []]);
  expect(zeros([0, 3]).toArray()).toEqual([]);
});

test("toTypedArray and read give copies in the array of the dtype", async () => {
  const x = tensor([[1, 2]]);
  for (const values of [toTypedArray(x), await read(x)]) {
    expect(values).toEqual(new Float32Array([1, 2]));
    values[0] = 9;
  }
  expect(x.toArray()).toEqual([[1, 2]]);
  expect(tensor([true]).toTypedArray()).toEqual(new Uint8Array([1]));
  expect(tensor([1], { dtype: "int32" }).toTypedArray()).toEqual(new Int32Array([1]));
});

test("refuses to read a tensor without values, and names the operation that reads", async () => {
  const x = deferred([1]);
  expect(messagesOf({
    item: () => item(x), toArray: () => toArray(x), toTypedArray: () => toTypedArray(x), nonZero: () => nonZero(x),
    maskedSelect: () => maskedSelect(tensor([1]), deferred([1], "bool")), unique: () => unique(x), binCount: () => binCount(deferred([1], "int32")),
    "item of many": () => item(zeros([2, 3])), "item of none": () => item(zeros([0])),
  })).toMatchInlineSnapshot(`
    {
      "binCount": "UsageError: binCount: the values of a traced tensor are not known yet",
      "item": "UsageError: item: the values of a traced tensor are not known yet",
      "item of many": "ShapeError: item: [2, 3] has 6 elements, expected exactly 1; use toArray or toTypedArray",
      "item of none": "ShapeError: item: [0] has 0 elements, expected exactly 1; use toArray or toTypedArray",
      "maskedSelect": "UsageError: maskedSelect: the values of a traced tensor are not known yet",
      "nonZero": "UsageError: nonZero: the values of a traced tensor are not known yet",
      "toArray": "UsageError: toArray: the values of a traced tensor are not known yet",
      "toTypedArray": "UsageError: toTypedArray: the values of a traced tensor are not known yet",
      "unique": "UsageError: unique: the values of a traced tensor are not known yet",
    }
  `);
  await expect(read(x)).rejects.toThrow("read: the values of a traced tensor are not known yet");
});
