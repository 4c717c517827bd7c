import { describe, expect, it } from "vitest";
import { classCounts, classLabels, digits } from "../../src/index.js";

/** FNV-1a of grey levels: the images as one number. */
function fingerprint(values: ArrayLike<number>): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < values.length; at++) hash = Math.imul(hash ^ Math.round((values[at] as number) * 255), 0x01000193);
  return (hash >>> 0).toString(16);
}

describe("digits", () => {
  const { train, test, classes } = digits({ train: 200, test: 50, seed: 1 });
  const images = train.tensors[0].toTypedArray();

  it("gives images with ink, their digits, and equally many of each digit", () => {
    expect(train.tensors[0].shape).toEqual([200, 784]);
    expect(train.tensors[1].dtype).toBe("int32");
    expect(classes).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    expect([...classCounts(classLabels(train)).values()]).toEqual(new Array(10).fill(20));
    expect(train.tensors[0].min().item()).toBe(0);
    expect(train.tensors[0].max().item()).toBeLessThanOrEqual(1);
    for (const ink of train.tensors[0].mean(1).toTypedArray()) {
      expect(ink).toBeGreaterThan(0.03);
      expect(ink).toBeLessThan(0.4);
    }
    const values = new Set(Array.from(images, (value) => Math.abs(value * 255 - Math.round(value * 255)) < 1e-4));
    expect(values).toEqual(new Set([true]));
  });

  it("has the same bits on every machine for the same seed", () => {
    const labels = classLabels(train).slice(0, 10).join(" ");
    expect([fingerprint(images), fingerprint(test.tensors[0].toTypedArray()), labels]).toMatchInlineSnapshot(`
      [
        "ac79515c",
        "92e75204",
        "1 7 9 8 4 6 5 0 3 2",
      ]
    `);
  });

  it("an image depends only on seed, part and number", () => {
    const more = digits({ train: 210, test: 10, seed: 1 });
    expect(more.train.tensors[0].toTypedArray().subarray(0, images.length)).toEqual(images);
    expect(fingerprint(more.test.tensors[0].toTypedArray())).toBe(fingerprint(test.tensors[0].toTypedArray().subarray(0, 7840)));
    expect(fingerprint(digits({ train: 200, test: 0, seed: 2 }).train.tensors[0].toTypedArray())).not.toBe(fingerprint(images));
    // No image of one part is in the other.
    const seen = new Set(Array.from({ length: 200 }, (_, item) => fingerprint(images.subarray(item * 784, (item + 1) * 784))));
    expect(seen.size).toBe(200);
    for (const [x] of test) expect(seen.has(fingerprint(x.toTypedArray()))).toBe(false);
  });

  it("has channels, height and width on request", () => {
    const { train: shaped } = digits({ train: 3, test: 0, seed: 1, flatten: false });
    expect(shaped.batch([0, 2])[0].shape).toEqual([2, 1, 28, 28]);
    expect(shaped.tensors[0].toTypedArray()).toEqual(images.slice(0, 3 * 784));
  });

  it("refuses options out of range", () => {
    expect(() => digits({ train: -1 })).toThrow("digits: train is -1");
    expect(() => digits({ train: 0, test: 1e6, seed: 1 })).toThrow("digits: test is 1000000, expected at most 524288");
    expect(() => digits({ seed: -1 })).toThrow("digits: seed is -1");
  });
});
