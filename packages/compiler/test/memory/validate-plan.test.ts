import * as fc from "fast-check";
import { expect, it } from "vitest";
import { GraphError } from "../../src/errors.js";
import type { Buffer, Kernel, Program } from "../../src/ir/program.js";
import { reservedBytes, type MemoryPlan } from "../../src/memory/plan.js";
import { validatePlan } from "../../src/memory/validate-plan.js";

interface Placed {
  readonly size: number;
  readonly slot: number;
  readonly from: number;
  readonly length: number;
}

const kernelCount = 8;

/** A program whose kernel `from` writes each buffer, and whose kernel `from + length` reads it. */
function planned(placed: readonly Placed[]): { readonly program: Program; readonly plan: MemoryPlan } {
  const buffers = placed.map(({ size }, id): Buffer => ({ id, shape: [size], dtype: "float32", role: { kind: "temporary" } }));
  const at = { offset: 0, coefficients: [1] };
  const kernels = Array.from({ length: kernelCount }, (_, time): Kernel => ({
    kind: "loop", domain: [1], reduced: [false], label: "",
    stores: buffers.flatMap((buffer, index) => {
      const { from = 0, length = 0 } = placed[index] ?? {};
      return time === from || time === from + length ? [{ buffer, at, value: { kind: "constant", dtype: "float32", value: 0 } }] : [];
    }),
  }));
  const program = { kernels, buffers, hostCallbacks: [], outputs: [], writes: [], faults: [] };
  const offsets = new Map(buffers.map((buffer, index) => [buffer, 64 * (placed[index]?.slot ?? 0)]));
  return { program, plan: { kernels, lastFallible: -1, offsets, inPlace: new Map(), scratch: new Map(), arenaBytes: 0, unplannedBytes: 0 } };
}

const overlaps = (one: Placed, other: Placed): boolean => {
  const endOf = ({ slot, size }: Placed): number => 64 * slot + reservedBytes({ shape: [size], dtype: "float32" });
  const together = one.from <= other.from + other.length && other.from <= one.from + one.length;
  return together && 64 * one.slot < endOf(other) && 64 * other.slot < endOf(one);
};

it("a plan is refused exactly if two buffers that are in use together overlap", () => {
  const buffer = fc.record({ size: fc.integer({ min: 1, max: 40 }), slot: fc.nat(12), from: fc.nat(kernelCount - 1), length: fc.nat(3) })
    .filter(({ from, length }) => from + length < kernelCount);
  const outcomes = new Set<boolean>();
  fc.assert(fc.property(fc.array(buffer, { maxLength: 6 }), (placed) => {
    const { program, plan } = planned(placed);
    const isRefused = refuses(program, plan);
    outcomes.add(isRefused);
    expect(isRefused).toBe(placed.some((one, index) => placed.slice(index + 1).some((other) => overlaps(one, other))));
  }), { numRuns: 400 });
  expect(outcomes).toEqual(new Set([true, false]));
});

function refuses(program: Program, plan: MemoryPlan): boolean {
  try {
    validatePlan(program, plan);
    return false;
  } catch (error) {
    if (error instanceof GraphError && error.message.endsWith("are in use together and overlap")) return true;
    throw error;
  }
}
