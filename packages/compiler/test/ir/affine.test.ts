import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sizeOf, stridesOf } from "@nn/tensor/extend";
import { covers, delinearize, fixed, linearize, samePosition, scaled, type Affine, type View } from "../../src/ir/affine.js";
import { at } from "../../src/ir/at.js";

/** All iterations of a loop nest. */
function iterations(domain: readonly number[]): readonly (readonly number[])[] {
  return domain.reduce<readonly (readonly number[])[]>((lists, size) => lists.flatMap((list) => Array.from({ length: size }, (_, index) => [...list, index])), [[]]);
}

const valueOf = ({ offset, coefficients }: Affine, iteration: readonly number[]): number =>
  coefficients.reduce((sum, coefficient, loop) => sum + coefficient * at(iteration, loop), offset);

const rowMajor = (domain: readonly number[]): Affine => ({ offset: 0, coefficients: stridesOf(domain) });

/** The position of an element in a tensor of `shape`, axis by axis. */
const positionOf = (position: number, shape: readonly number[]): readonly number[] => {
  const strides = stridesOf(shape);
  return shape.map((size, axis) => Math.floor(position / at(strides, axis)) % size);
};

/** A loop nest over as many elements as `shape` has, split until it expresses a view of them. */
function refine(domain: readonly number[], shape: readonly number[]): { readonly domain: readonly number[]; readonly view: View } | undefined {
  const found = delinearize(rowMajor(domain), shape, domain);
  if (found === undefined || "view" in found) return found === undefined ? undefined : { domain, view: found.view };
  const { loop, inner } = found.split;
  const size = at(domain, loop);
  if (size % inner !== 0 || inner <= 1 || inner >= size) throw new Error(`a loop of ${size} cannot be split by ${inner}`);
  return refine(domain.toSpliced(loop, 1, size / inner, inner), shape);
}

const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 });
const coefficient = fc.integer({ min: -6, max: 12 });

describe("a position", () => {
  it("is moved and scaled", () => {
    expect(scaled({ offset: 2, coefficients: [3, 0, -1] }, -2, 5)).toEqual({ offset: 1, coefficients: [-6, -0, 2] });
    expect(fixed(7, 2)).toEqual({ offset: 7, coefficients: [0, 0] });
  });

  it("covers a range if it takes every value in it", () => {
    fc.assert(fc.property(sizes, fc.array(coefficient, { minLength: 3, maxLength: 3 }), fc.nat(6), fc.integer({ min: 1, max: 30 }), (domain, coefficients, offset, size) => {
      const position = { offset, coefficients: coefficients.slice(0, domain.length) };
      const taken = new Set(iterations(domain).map((iteration) => valueOf(position, iteration)));
      const all = Array.from({ length: size }, (_, value) => value);
      // Loops that overlap may take every value without being known to.
      return !covers(position, domain, size) || (taken.size === size && all.every((value) => taken.has(value)));
    }));
    expect(covers({ offset: 0, coefficients: [4, 1] }, [3, 4], 12)).toBe(true);
    expect(covers({ offset: 11, coefficients: [-4, -1] }, [3, 4], 12)).toBe(true);
    expect(covers({ offset: 0, coefficients: [4, 0, 1] }, [3, 9, 4], 12)).toBe(true);
    expect(covers({ offset: 0, coefficients: [4, 1] }, [3, 3], 12)).toBe(false);
    expect(covers({ offset: 1, coefficients: [1] }, [12], 12)).toBe(false);
  });

  it("equals another if both are the same in every iteration", () => {
    const position = { offset: 1, coefficients: [3, 5] };
    expect(samePosition(position, { offset: 1, coefficients: [3, 5] }, [2, 2])).toBe(true);
    expect(samePosition(position, { offset: 1, coefficients: [3, 9] }, [2, 1])).toBe(true);
    expect(samePosition(position, { offset: 1, coefficients: [3, 9] }, [2, 2])).toBe(false);
    expect(samePosition(position, { offset: 0, coefficients: [3, 5] }, [2, 2])).toBe(false);
    expect(() => samePosition(position, { offset: 1, coefficients: [3] }, [2, 2])).toThrow("there is no element 1 in a list of 1");
  });
});

describe("a view", () => {
  it("has a row-major position", () => {
    // x[2 + i, 3 - j] of a tensor [5, 4]
    const view: View = [{ offset: 2, coefficients: [1, 0] }, { offset: 3, coefficients: [0, -1] }];
    expect(linearize(view, [5, 4], 2)).toEqual({ offset: 11, coefficients: [4, -1] });
    expect(linearize([], [], 2)).toEqual({ offset: 0, coefficients: [0, 0] });
    expect(() => linearize(view, [5], 2)).toThrow("there is no element 1 in a list of 1");
  });

  it("is found from a row-major position, if there is one", () => {
    fc.assert(fc.property(sizes, sizes, fc.array(coefficient, { minLength: 3, maxLength: 3 }), fc.nat(8), (domain, shape, coefficients, offset) => {
      const linear = { offset, coefficients: coefficients.slice(0, domain.length) };
      const found = delinearize(linear, shape, domain);
      if (found === undefined || !("view" in found)) return;
      for (const iteration of iterations(domain)) {
        const position = valueOf(linear, iteration);
        expect(found.view.map((each) => valueOf(each, iteration))).toEqual(positionOf(position, shape));
        expect(position).toBeLessThan(sizeOf(shape));
      }
      expect(linearize(found.view, shape, domain.length)).toEqual({ ...linear, coefficients: linear.coefficients.map((each, loop) => (domain[loop] === 1 ? 0 : each)) });
    }), { numRuns: 1000 });
  });

  it("of all elements in order exists in every sufficiently refined loop nest", () => {
    const shape = fc.array(fc.constantFrom(1, 2, 3, 4, 6), { minLength: 1, maxLength: 3 });
    fc.assert(fc.property(shape, fc.integer({ min: 0, max: 3 }), (sizesOfShape, turn) => {
      // The loops of another shape with as many elements.
      const refined = refine([...sizesOfShape.slice(turn), ...sizesOfShape.slice(0, turn)].filter((size) => size !== 1), sizesOfShape);
      for (const [position, iteration] of refined === undefined ? [] : iterations(refined.domain).entries()) {
        expect(refined?.view.map((each) => valueOf(each, iteration))).toEqual(positionOf(position, sizesOfShape));
      }
    }));
    expect(refine([4, 6], [3, 8])).toBeUndefined();
    expect(refine([24], [2, 3, 4])?.domain).toEqual([2, 3, 4]);
    expect(refine([6, 4], [2, 3, 2, 2])?.domain).toEqual([2, 3, 2, 2]);
  });

  it("needs a split if a loop crosses the end of an axis", () => {
    expect(delinearize(rowMajor([12]), [3, 4], [12])).toEqual({ split: { loop: 0, inner: 4 } });
    expect(delinearize(rowMajor([3, 4]), [3, 4], [3, 4])).toEqual({ view: [{ offset: 0, coefficients: [1, 0] }, { offset: 0, coefficients: [0, 1] }] });
    expect(delinearize(rowMajor([4, 6]), [8, 3], [4, 6])).toEqual({ split: { loop: 1, inner: 3 } });
  });

  it("does not exist if the ends of axes do not coincide", () => {
    expect(delinearize(rowMajor([12]), [4, 5], [12])).toBeUndefined();
    expect(delinearize({ offset: 3, coefficients: [1] }, [2, 4], [4])).toBeUndefined();
    expect(delinearize({ offset: 0, coefficients: [1] }, [3], [4])).toBeUndefined();
  });
});
