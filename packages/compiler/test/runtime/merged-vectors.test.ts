import { expect, it } from "vitest";
import { exp, manualSeed, normal, relu, sigmoid, tanh, type Tensor } from "@nn/tensor";
import { mergeVectors } from "@nn/wasm";
import { compile } from "../../src/index.js";
import { allFeatures } from "../../src/features/all-features.js";
import { targetOf } from "../../src/features/target.js";
import { programOf } from "../../src/compile/pipeline.js";
import { sharedEngine } from "../../src/runtime/engine.js";
import { Executable } from "../../src/runtime/executable.js";
import { trace } from "../../src/trace/trace.js";

manualSeed(4);
const [x, w, bias] = [normal([40, 100]), normal([100, 70]), normal([70])];
/** Loops with much and little work, several results, sums along both axes, and lines that no vector divides. */
const loops = (a: Tensor): Tensor[] => {
  const gate = sigmoid(a).mul(tanh(a));
  return [gate, gate.add(1), gate.sum(0), exp(a).sum(1), a.slice([null, { start: 1, stop: 38 }]).mul(3)];
};
/** Products of every layout, with epilogues. */
const network = (a: Tensor, b: Tensor, c: Tensor): Tensor[] => {
  const hidden = relu(a.matmul(b).add(c));
  return [hidden, hidden.matmul(b.transpose()), a.transpose().matmul(hidden), a.matmul(b.transpose().mul(2).transpose()), ...loops(a)];
};

it("programs for merged vectors give the same bits, on any number of threads", () => {
  const target = targetOf(allFeatures);
  const inputs = [x, w, bias];
  const { graph } = trace(inputs.map(({ shape, dtype }) => ({ shape, dtype })), ([a = x, b = w, c = bias]) => network(a, b, c), (result) => result);
  const engine = sharedEngine();
  const resultsOf = (wide: boolean, threads: number): unknown[] => {
    const executable = new Executable(programOf(graph, target), engine, { relaxedSimd: engine.wasm.relaxedSimd, wide, threads, features: target, fused: true, target: undefined });
    const results = executable.run(inputs).map((result) => result.toArray());
    executable.dispose();
    return results;
  };
  const narrow = resultsOf(false, 1);
  expect(resultsOf(true, 1)).toEqual(narrow);
  expect(resultsOf(true, 2)).toEqual(narrow);
});

it("explain says whether vectors are merged, and what that takes", () => {
  const explained = (mergeVectors?: boolean): string => {
    const f = compile(network, mergeVectors === undefined ? {} : { mergeVectors });
    f(x, w, bias);
    return f.explain();
  };
  expect(explained()).not.toContain("merged");
  expect(explained(false)).not.toContain("merged");
  expect(explained(true)).toContain(mergeVectors() ? ", merged vectors, built" : ", no merged vectors (only Node 24 on x86-64), built");
});

it("the option changes no result", () => {
  const results = (mergeVectors: boolean): unknown[] => compile(network, { mergeVectors })(x, w, bias).map((result) => result.toArray());
  expect(results(true)).toEqual(results(false));
  expect(() => compile(network, { mergeVectors: 1 } as never)).toThrow("compile: mergeVectors is 1");
});
