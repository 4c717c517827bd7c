import { compile } from "@nn/compiler";
import { Generator } from "@nn/tensor";
import { describe, expect, it } from "vitest";
import { kernelsOf } from "../kernels-of.js";
import { runKernel } from "../run-kernel.js";
import { targets } from "../targets.js";

describe.each(targets)("random bits with $name", (target) => {
  /** The same numbers, drawn eagerly and by machine code. */
  const expectSame = (size: number, bits: number, state: ReturnType<Generator["stateDict"]>): void => {
    const [eager, own] = [new Generator(0), new Generator(0)];
    eager.loadStateDict(state);
    own.loadStateDict(state);
    const compiled = compile(() => own.randomBits([size], bits), { target });
    expect([...compiled().toTypedArray()]).toEqual([...eager.randomBits([size], bits).toTypedArray()]);
    expect(compiled.explain()).toContain(`1 of them ${target.name}`);
    compiled.dispose();
  };

  it("are those of the eager generator, whatever part of the last vector is used", () => {
    for (const size of [1, 3, 4, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 127, 128, 1000]) expectSame(size, 32, { seed: 12345678901, counter: 7 });
  });

  it.each([1, 8, 24, 31, 32])("have %i bits", (bits) => {
    expectSame(1000, bits, { seed: Number.MAX_SAFE_INTEGER, counter: 0 });
  });

  it.each([1, 2, 5, 9, 15, 16, 17])("go on if the lower half of the counter overflows after %i blocks", (blocks) => {
    expectSame(200, 32, { seed: 3, counter: 3 * 2 ** 32 - blocks });
  });

  it.each([1, 5, 64, 129, 4099])("are the same on any number of threads, and nothing else is written: %i words", (size) => {
    const own = new Generator(1);
    for (const kernel of kernelsOf(() => own.randomBits([size], 24), [])) {
      if (kernel.kind !== "library" || kernel.primitive !== "randomBits") continue;
      const before = new Map([[kernel.inputs[0], Int32Array.of(1, -2, 3, 4)]]);
      const alone = runKernel(target, kernel, before).get(kernel.output);
      for (const threads of [2, 5]) expect(runKernel(target, kernel, before, { threads }).get(kernel.output)).toEqual(alone);
    }
  });
});
