import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { conv1d, conv2d, conv3d, type ConvolutionOptions, exp, manualSeed, normal, relu, type Shape, sigmoid, tanh, type Tensor } from "@nn/tensor";
import { mergeVectors } from "@nn/wasm";
import { compile } from "../../src/index.js";
import { allFeatures } from "../../src/features/all-features.js";
import { targetOf } from "../../src/features/target.js";
import { programOf } from "../../src/compile/pipeline.js";
import { assembled } from "../../src/runtime/assembled.js";
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

/** Convolutions: of patches, of the image itself with wide, narrow and short lines, in groups, of single elements, along one axis and three. */
const convolutions: readonly (readonly [convolve: typeof conv2d, image: Shape, kernel: Shape, options?: ConvolutionOptions])[] = [
  [conv2d, [2, 8, 14, 14], [33, 8, 3, 3], { padding: 1 }],
  [conv2d, [5, 3, 28, 28], [7, 3, 3, 3], { padding: 1 }],
  [conv2d, [2, 3, 9, 26], [5, 3, 3, 3]],
  [conv2d, [5, 4, 16, 16], [9, 4, 14, 14]],
  [conv2d, [1, 3, 16, 19], [8, 3, 14, 16]],
  [conv2d, [2, 8, 12, 12], [8, 2, 3, 3], { groups: 4, stride: 2 }],
  [conv2d, [2, 16, 7, 9], [20, 16, 1, 1]],
  [conv2d, [2, 600, 3, 5], [20, 600, 1, 1]],
  [conv1d, [2, 4, 50], [6, 4, 5]],
  [conv3d, [1, 2, 4, 5, 18], [3, 2, 2, 2, 3]],
];
const operands = convolutions.flatMap(([, image, kernel]) => [normal(image), normal(kernel)]);
const convolved = (inputs: readonly Tensor[]): Tensor[] =>
  convolutions.map(([convolve, , , options], at) => convolve(inputs[2 * at] ?? x, inputs[2 * at + 1] ?? w, undefined, options));

/** The results of a program that is made for merged vectors, or not. */
function resultsOf(f: (inputs: readonly Tensor[]) => readonly Tensor[], inputs: readonly Tensor[], wide: boolean, threads: number, fused: boolean): unknown[] {
  const target = targetOf(allFeatures);
  const { graph } = trace(inputs.map(({ shape, dtype }) => ({ shape, dtype })), f, (result) => result);
  const engine = sharedEngine();
  const image = assembled(programOf(graph, target), engine, { relaxedSimd: fused && engine.wasm.relaxedSimd, wide, threads, features: target, fused, target: undefined });
  const executable = new Executable(image, engine, target.threads, performance.now());
  const results = executable.run(inputs).map((result) => result.toArray());
  executable.dispose();
  return results;
}

/** The programs, and what they compute while V8 merges nothing. */
const programs = ([
  ["products and loops", ([a = x, b = w, c = bias]: readonly Tensor[]) => network(a, b, c), [x, w, bias]],
  ["convolutions", convolved, operands],
] as const).flatMap(([name, f, inputs]) => [true, false].map((fused) => ({ name, f, inputs, fused, narrow: resultsOf(f, inputs, false, 1, fused) })));

/** V8's first compiler merges nothing. Without it, functions are compiled by the second one at once. */
function setFirstCompiler(flag: "--liftoff" | "--no-liftoff"): void {
  const host: { getBuiltinModule?(name: string): { setFlagsFromString(flag: string): void } | undefined } = Object(Reflect.get(globalThis, "process"));
  host.getBuiltinModule?.("node:v8")?.setFlagsFromString(flag);
}

describe("programs for merged vectors", () => {
  beforeAll(() => {
    mergeVectors();
    setFirstCompiler("--no-liftoff");
  });
  afterAll(() => setFirstCompiler("--liftoff"));

  it.each(programs)("$name give the same bits, on any number of threads; multiplications and additions fused: $fused", ({ f, inputs, fused, narrow }) => {
    expect(resultsOf(f, inputs, true, 1, fused)).toEqual(narrow);
    expect(resultsOf(f, inputs, true, 2, fused)).toEqual(narrow);
  });
});

it("explain says whether vectors are merged, and what that takes", () => {
  const explained = (mergeVectors?: boolean): string => {
    const f = compile(network, mergeVectors === undefined ? {} : { mergeVectors });
    f(x, w, bias);
    return f.explain();
  };
  expect(explained()).not.toContain("merged");
  expect(explained(false)).not.toContain("merged");
  expect(explained(true)).toContain(mergeVectors() ? ", merged vectors, built" : ", no merged vectors (that takes Node 24 or later, and AVX2), built");
});

it("the option changes no result", () => {
  const results = (mergeVectors: boolean): unknown[] => compile(network, { mergeVectors })(x, w, bias).map((result) => result.toArray());
  expect(results(true)).toEqual(results(false));
  expect(() => compile(network, { mergeVectors: 1 } as never)).toThrow("compile: mergeVectors is 1");
});
