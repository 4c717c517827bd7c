import { describe, expect, it } from "vitest";
import { Assembler } from "../../src/assembler/assembler.js";
import { at } from "../../src/assembler/memory.js";
import { rdi, rsi, rsp } from "../../src/assembler/registers.js";
import { Block } from "../../src/values/block.js";
import type { Virtual } from "../../src/values/steps.js";
import { OperationWriter } from "../../src/values/operation-writer.js";
import { levels } from "../../src/vectors/level.js";
import { VectorWriter } from "../../src/vectors/vector-writer.js";
import { call } from "../call.js";
import { targets } from "../targets.js";

describe.each(targets)("a block with $name", ({ name }) => {
  const level = levels[name as keyof typeof levels];

  it.each([4, 5, 12])("runs rare code if a lane of its mask is set, in %i registers", (registers) => {
    const asm = new Assembler();
    const writer = new VectorWriter(asm, level);
    const block = new Block();
    const o = new OperationWriter(block, writer);
    const { lanes, bytes } = level;
    const loaded = Array.from({ length: 7 }, (_, vector) => block.compute([], (destination) => writer.load(destination, at(rdi, vector * bytes))));
    const [first, second, ...others] = loaded;
    if (first === undefined || second === undefined) throw new Error("a vector is missing");
    const sum = o.binary("vaddps", first, second);
    const results = o.rarely(o.compare("less", o.number(100), first), (rare) => {
      const total = others.reduce((before, each) => rare.binary("vaddps", before, each), sum);
      const [twice] = rare.rarely(rare.compare("less", rare.number(100), second), (inner) => [{ before: total, after: inner.binary("vaddps", total, total) }]);
      return [{ before: sum, after: twice ?? total }, { before: second, after: rare.binary("vsubps", second, sum) }];
    });
    [...results, ...loaded].forEach((value, vector) => block.effect([value], ([register]) => register !== undefined && writer.store(at(rsi, vector * bytes), register)));
    let spills = 0;
    block.write(writer, Array.from({ length: registers }, (_, register) => level.registers - 1 - register), () => at(rsp, -64 * ++spills - 64));
    asm.vzeroupper();
    asm.ret();
    const code = asm.finish();
    for (const [isRare, isRarer] of [[false, false], [false, true], [true, false], [true, true]]) {
      const input = Float32Array.from({ length: 7 * lanes }, (_, index) => (index * index) % 37);
      if (isRare === true) input[lanes - 2] = 101;
      if (isRarer === true) input[lanes + 1] = 102;
      const output = new Float32Array(9 * lanes);
      call(code, input, output);
      const vector = (of: number): Float32Array => input.subarray(of * lanes, (of + 1) * lanes);
      const plain = vector(0).map((x, lane) => x + (vector(1)[lane] ?? NaN));
      const total = plain.map((x, lane) => [2, 3, 4, 5, 6].reduce((before, of) => before + (vector(of)[lane] ?? NaN), x));
      const expected = isRare === true ? [isRarer === true ? total.map((x) => 2 * x) : total, vector(1).map((x, lane) => x - (plain[lane] ?? NaN))] : [plain, vector(1)];
      expect([...output.subarray(0, lanes)]).toEqual([...(expected[0] ?? [])]);
      expect([...output.subarray(lanes, 2 * lanes)]).toEqual([...(expected[1] ?? [])]);
      expect(output.subarray(2 * lanes)).toEqual(input);
    }
  });

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
