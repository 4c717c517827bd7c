import { describe, expect, it } from "vitest";
import { Assembler } from "../../src/assembler/assembler.js";
import { at } from "../../src/assembler/memory.js";
import { rdi, rsi, rsp } from "../../src/assembler/registers.js";
import { Block, type Virtual } from "../../src/values/block.js";
import { levels } from "../../src/vectors/level.js";
import { VectorWriter } from "../../src/vectors/vector-writer.js";
import { call } from "../call.js";
import { targets } from "../targets.js";

describe.each(targets)("a block with $name", ({ name }) => {
  const level = levels[name as keyof typeof levels];

  it.each([3, 4, 5, 12])("computes many values in %i registers: the others wait in memory", (registers) => {
    const asm = new Assembler();
    const writer = new VectorWriter(asm, level);
    const block = new Block();
    const { lanes, bytes } = level;
    const loaded = Array.from({ length: 9 }, (_, vector) => block.compute([], (destination) => writer.load(destination, at(rdi, vector * bytes))));
    const binary = (x: Virtual | undefined, y: Virtual | undefined, operation: "vaddps" | "vsubps"): Virtual => {
      if (x === undefined || y === undefined) throw new Error("a vector is missing");
      return block.compute([x, y], (destination, [a, b]) => a !== undefined && b !== undefined && asm.vector(operation, destination, a, b));
    };
    // Every value is used again long after it was computed.
    const sums = loaded.map((value, index) => binary(value, loaded[(index * 4 + 1) % 9], "vaddps"));
    const differences = sums.map((value, index) => binary(value, loaded[8 - index], "vsubps"));
    const twice = differences.map((value) => binary(value, value, "vaddps"));
    twice.forEach((value, vector) => block.effect([value], ([register]) => register !== undefined && writer.store(at(rsi, vector * bytes), register)));
    let spills = 0;
    block.write(writer, Array.from({ length: registers }, (_, register) => level.registers - 1 - register), () => at(rsp, -64 * ++spills - 64));
    asm.vzeroupper();
    asm.ret();
    const input = Float32Array.from({ length: 9 * lanes }, (_, index) => (index * index) % 37);
    const output = new Float32Array(9 * lanes);
    call(asm.finish(), input, output);
    const expected = output.map((_, index) => {
      const [vector, lane] = [Math.floor(index / lanes), index % lanes];
      const element = (of: number): number => input[of * lanes + lane] ?? NaN;
      return 2 * (element(vector) + element((vector * 4 + 1) % 9) - element(8 - vector));
    });
    expect(output).toEqual(expected);
    expect(spills).toBeGreaterThan(0);
  });
});
