import { describe, expect, it } from "vitest";
import { Variable, zeros, type Shape } from "@nn/tensor";
import * as primitives from "@nn/tensor/primitives";
import { GraphBuilder } from "../../src/ir/builder.js";
import type { Node } from "../../src/ir/graph.js";

const builder = new GraphBuilder();
const x = builder.input({ shape: [2, 3], dtype: "float32" }, 0);
const full = (value: number, shape: Shape = []): Node => builder.apply(primitives.full, [], { shape, dtype: "float32", value });

describe("equal applications become one node", () => {
  it("if primitive, inputs and attributes are the same", () => {
    expect(builder.apply(primitives.exp, [x], {})).toBe(builder.apply(primitives.exp, [x], {}));
    expect(builder.apply(primitives.sum, [x], { axes: [0] })).not.toBe(builder.apply(primitives.sum, [x], { axes: [1] }));
    expect(builder.apply(primitives.add, [x, full(1)], {})).not.toBe(builder.apply(primitives.add, [full(1), x], {}));
  });

  it("but zeros with different signs, infinities and NaN differ", () => {
    const nodes = [0, -0, NaN, Infinity, -Infinity].map((value) => full(value));
    expect(new Set(nodes).size).toBe(5);
    expect(full(-0)).toBe(nodes[1]);
    expect(full(NaN)).toBe(nodes[2]);
  });

  it("except host callbacks, each of which has to run", () => {
    const attributes = { shape: [], dtype: "float32", callback: () => 1 } as const;
    expect(builder.apply(primitives.hostCallback, [], attributes)).not.toBe(builder.apply(primitives.hostCallback, [], attributes));
  });

  it("except optimization barriers, so operations behind them are computed twice", () => {
    const barrier = (): Node => builder.apply(primitives.reshape, [x], { shape: [2, 3], barrier: true });
    const [first, second] = [barrier(), barrier()];
    expect(first).not.toBe(second);
    expect(builder.apply(primitives.exp, [first], {})).not.toBe(builder.apply(primitives.exp, [second], {}));
  });

  it("even if their error messages differ", () => {
    const index = builder.input({ shape: [2, 1], dtype: "int32" }, 1);
    const gather = (operation: string): Node => builder.apply(primitives.gather, [x, index], { axis: 1, report: { operation } });
    expect(gather("embedding")).toBe(gather("indexSelect"));
  });
});

describe("boundary nodes", () => {
  it("exist once for each array and shape, and for each variable", () => {
    const data = new Float32Array(6);
    const constant = builder.constant({ shape: [2, 3], dtype: "float32" }, data);
    expect(builder.constant({ shape: [2, 3], dtype: "float32" }, data)).toBe(constant);
    expect(builder.constant({ shape: [6], dtype: "float32" }, data)).not.toBe(constant);
    expect(builder.constant({ shape: [2, 3], dtype: "float32" }, data.slice())).not.toBe(constant);
    const variable = new Variable(zeros([2]));
    expect(builder.state(variable)).toBe(builder.state(variable));
    expect(builder.state(new Variable(zeros([2])))).not.toBe(builder.state(variable));
  });
});

it("an application has the type of its primitive's rule", () => {
  expect(builder.apply(primitives.sum, [x], { axes: [1] }).type).toEqual({ shape: [2, 1], dtype: "float32" });
  expect(() => builder.apply(primitives.add, [x, builder.input({ shape: [4], dtype: "float32" }, 2)], {})).toThrow("add: ");
});
