import { beforeEach, describe, expect, it } from "vitest";
import { exp, tensor, Variable, type Tensor } from "@nn/tensor";
import { compile, type ProgramStore } from "../../src/index.js";
import { imageOf, type ProgramStorage } from "../../src/store/program-store.js";

const entries = new Map<string, Uint8Array>();
const storage: ProgramStorage = { read: (name) => entries.get(name), write: (name, bytes) => void entries.set(name, bytes) };
const storeOf = (identity: string): ProgramStore => (request) => imageOf(storage, request, identity);

beforeEach(() => entries.clear());

describe("a stored program", () => {
  const loads = (identity: string): boolean => {
    const f = compile((x: Tensor) => exp(x).sum(), { store: storeOf(identity) });
    expect(f(tensor([0, 0])).item()).toBe(2);
    return f.explain().includes("loaded from the store");
  };

  it("is not used by another version of the compiler", () => {
    expect(["1", "1", "2", "2", "1"].map(loads)).toEqual([false, true, false, true, true]);
    expect(entries.size).toBe(2);
  });

  it("is not kept for a target whose machine code nothing identifies", () => {
    const program = { imports: undefined, scratchBytes: () => undefined, scratchFrom: () => undefined, place: () => [], declare: () => new Map(), load: () => undefined, relocate: () => undefined, dispose: () => undefined };
    const target = { name: "none", reason: undefined, program: () => program };
    compile((x: Tensor) => exp(x), { store: storeOf("1"), target })(tensor([1]));
    expect(entries.size).toBe(0);
    compile((x: Tensor) => exp(x), { store: storeOf("1"), target: { ...target, build: "1" } })(tensor([1]));
    expect(entries.size).toBe(1);
  });

  it("works on the variables of the function that was traced, and is as small as its code", () => {
    const make = (start: number): [() => Tensor, Variable] => {
      const total = new Variable(tensor([start]));
      return [compile(() => (total.value = total.value.mul(2).add(tensor([1]))), { store: storeOf("1") }), total];
    };
    for (const start of [1, 5]) {
      const [f, total] = make(start);
      expect(f().toArray()).toEqual([2 * start + 1]);
      expect(total.value.toArray()).toEqual([2 * start + 1]);
    }
    const [entry = new Uint8Array()] = entries.values();
    expect(entry.length).toBeLessThan(2000);
  });
});
