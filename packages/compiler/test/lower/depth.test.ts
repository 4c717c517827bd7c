import { expect, it } from "vitest";
import { layerNorm, type Tensor } from "@nn/tensor";
import { apply } from "@nn/tensor/extend";
import * as primitives from "@nn/tensor/primitives";
import { topologicalOrder, type Graph } from "../../src/ir/graph.js";
import { lower } from "../../src/lower/lower.js";
import { planMemory } from "../../src/memory/plan.js";
import { trace } from "../../src/trace/trace.js";

const f32 = (...shape: number[]) => ({ shape, dtype: "float32" as const });

/** Blocks like those of a Transformer: a norm, two products with an activation between them, and a residual connection around them. */
function network(depth: number): Graph {
  const block = (x: Tensor, weight: Tensor): Tensor => {
    // A barrier, as of a checkpoint: otherwise equal parts of blocks would be merged.
    const input = apply(primitives.reshape, [x], { shape: x.shape, barrier: true });
    return input.add(layerNorm(input, 8).matmul(weight).tanh().matmul(weight));
  };
  return trace([f32(4, 8), f32(8, 8)], ([x, weight]) => Array.from({ length: depth }).reduce((y: Tensor) => block(y, weight as Tensor), x as Tensor), (result) => [result]).graph;
}

/** Counts how often `run` looks at the inputs of a node of the graph. */
function looks(graph: Graph, run: () => void): number {
  let count = 0;
  for (const node of topologicalOrder(graph)) {
    const { inputs } = node;
    Object.defineProperty(node, "inputs", {
      get() {
        count += 1;
        return inputs;
      },
    });
  }
  run();
  return count;
}

interface Measured {
  readonly work: number;
  readonly kernels: number;
  readonly arena: number;
}

it("lowering a network of twice the depth is twice the work, and gives twice the kernels, in hardly a larger arena", () => {
  const measured = [8, 16, 32].map((depth): Measured => {
    const graph = network(depth);
    const work = looks(graph, () => lower(graph));
    const program = lower(graph);
    return { work, kernels: program.kernels.length, arena: planMemory(program, () => 0).arenaBytes };
  });
  const [small, middle, large] = measured as [Measured, Measured, Measured];
  expect((large.work - middle.work) / (middle.work - small.work)).toBeCloseTo(2, 2);
  expect(large.kernels - middle.kernels).toBe(2 * (middle.kernels - small.kernels));
  expect(large.arena).toBeLessThan(1.5 * small.arena);
});
