import { describe, expect, test } from "vitest";
import {
  argSort, atan2, conv2d, cos, cumProd, cumSum, erf, erfc, erfInv, exp, expm1, Generator, indexSelect, log, log1p, matmul, maxPool2d, avgPool2d, remainder, scatterAdd,
  sigmoid, sin, tanh, tensor, uniform, UsageError, Variable, zeros, type Tensor,
} from "@nn/tensor";
import { apply } from "@nn/tensor/extend";
import * as primitives from "@nn/tensor/primitives";
import { compile } from "../../src/index.js";
import { bfloat16Matmul, createCompiler, quantizedMatmul, type Features } from "../../src/features/index.js";
import { allFeatures } from "../../src/features/all-features.js";

const image = tensor([[[[1, 5, 2, 0], [3, -1, 4, 2], [0, 2, 2, 7], [6, 1, 0, 3]]]]);
const kernel = tensor([[[[1, -1], [2, 0.5]]]]);
const matrix = tensor([[0.5, 0.25], [0.75, 0.125]]);
const whole = tensor([[3, 1, 2], [9, 8, 7]], { dtype: "int32" });

/** For each feature a function that needs it and no other. */
const generator = new Generator(1);

const needs: { readonly [P in Exclude<keyof Features, "threads" | "steps" | "diagnostics">]-?: () => Tensor } = {
  matmul: () => matmul(matrix, matrix),
  quantizedMatmul: () => apply(primitives.quantizedMatmul, [matrix, tensor([[1, -2]], { dtype: "int32" })], { transposed: false }),
  bfloat16Matmul: () => apply(primitives.bfloat16Matmul, [matrix, tensor([0x3f80, 0x4000], { dtype: "int32" })], { transposed: false, columns: 2 }),
  convolution: () => conv2d(image, kernel, undefined, { stride: 2 }),
  windowSum: () => avgPool2d(image, 2),
  windowArgMax: () => maxPool2d(image, 2),
  argSort: () => argSort(matrix, { axis: 1 }),
  cumSum: () => cumSum(matrix, 0),
  cumProd: () => cumProd(matrix, 1),
  scatterAdd: () => scatterAdd(zeros([2, 2]), tensor([[0, 0], [1, 0]], { dtype: "int32" }), matrix, 0),
  randomBits: () => uniform([3], { generator }),
  exp: () => exp(matrix),
  expm1: () => expm1(matrix),
  log: () => log(matrix),
  log1p: () => log1p(matrix),
  sin: () => sin(matrix),
  cos: () => cos(matrix),
  tanh: () => tanh(matrix),
  sigmoid: () => sigmoid(matrix),
  erf: () => erf(matrix),
  erfc: () => erfc(matrix),
  erfInv: () => erfInv(matrix),
  pow: () => matrix.pow(1.5),
  atan2: () => atan2(matrix, 0.5),
  remainder: () => remainder(matrix, 0.3),
  scalar: () => remainder(whole, 4),
};

describe("a compiler with features", () => {
  test.each(Object.entries(needs))("%s is required by name, and suffices", (name, fn) => {
    expect(() => createCompiler({})(fn)()).toThrow(UsageError);
    expect(() => createCompiler({})(fn)()).toThrow(`createCompiler: add ${name}`);
    const every = { ...allFeatures, quantizedMatmul, bfloat16Matmul };
    const { [name as keyof typeof needs]: feature } = every;
    generator.loadStateDict({ seed: 1, counter: 0 });
    const found = createCompiler({ [name]: feature })(fn)().toArray();
    generator.loadStateDict({ seed: 1, counter: 0 });
    expect(found).toEqual(createCompiler(every)(fn)().toArray());
  });

  test("takes features by name", () => {
    // @ts-expect-error -- features are needed
    expect(() => createCompiler()).toThrow("createCompiler: the features are undefined, expected them by name");
    expect(() => createCompiler({ matmull: allFeatures.matmul } as never)).toThrow('createCompiler: there is no feature "matmull"');
    expect(() => createCompiler({ matmul: 3 } as never)).toThrow("createCompiler: matmul is 3, expected the feature");
    expect(() => createCompiler({ matmul: null } as never)).toThrow("createCompiler: matmul is null, expected the feature");
  });

  test("refuses a feature under the name of another, which would compute something else", () => {
    // @ts-expect-error -- the types say so too
    expect(() => createCompiler({ exp: allFeatures.log })).toThrowErrorMatchingInlineSnapshot(`[UsageError: createCompiler: exp is the feature "log", expected the feature; import { exp } from "@nn/compiler/features"]`);
    for (const [name, feature] of Object.entries(allFeatures)) {
      const other = name === "scalar" ? "threads" : "scalar";
      expect(() => createCompiler({ [other]: feature } as never)).toThrow(`createCompiler: ${other} is the feature "${name}"`);
    }
  });

  test("names all missing features at once", () => {
    expect(() => createCompiler({})(() => exp(matmul(matrix, matrix)))()).toThrowErrorMatchingInlineSnapshot(`[UsageError: createCompiler: add matmul, exp, which this function needs, to its features: import { matmul, exp } from "@nn/compiler/features"]`);
    expect(() => createCompiler({})(() => apply(primitives.quantizedMatmul, [matrix, tensor([[1, -2]], { dtype: "int32" })], { transposed: false }))()).toThrow('from "@nn/compiler/features"; or compile it with "@nn/quantize"');
    expect(() => createCompiler({})(needs.bfloat16Matmul)()).toThrow('import { bfloat16Matmul } from "@nn/compiler/features"; or compile it with "@nn/quantize"');
  });

  test("has arithmetic, reductions, movements and gathers without any feature", () => {
    const fn = (x: Tensor): Tensor => indexSelect(x.mul(2).transpose(), tensor([1, 0], { dtype: "int32" }), 0).sum(1).sqrt();
    expect(createCompiler({})(fn)(matrix).toArray()).toEqual(compile(fn)(matrix).toArray());
  });

  test("runs on one thread, one step in a call, and does not explain or profile, without these features", () => {
    const fn = (x: Tensor): Tensor => x.mul(2);
    const compiled = createCompiler({})(fn);
    compiled(matrix);
    expect(() => compiled.explain()).toThrow("createCompiler: add diagnostics");
    expect(() => compiled.profile(matrix)).toThrow("createCompiler: add diagnostics");
    expect(() => createCompiler({})(fn, { threads: 2 })).toThrow("createCompiler: add threads");
    expect(() => createCompiler({})(fn, { steps: 2 })(matrix)).toThrow("createCompiler: add steps");
    const { diagnostics, steps, threads } = allFeatures;
    const equipped = createCompiler({ diagnostics, steps, threads })(fn, { steps: 2, threads: 2 });
    expect(equipped(matrix).toArray()).toEqual([[1, 0.5], [1.5, 0.25]]);
    expect(equipped.explain()).toContain("1 kernel");
  });

  test("shares variables with every other compiler", () => {
    const total = new Variable(zeros([2, 2]));
    const add = (x: Tensor): void => {
      total.value = total.value.add(x);
    };
    createCompiler({})(add)(matrix);
    compile(add)(matrix);
    expect(total.value.toArray()).toEqual(matrix.mul(2).toArray());
  });
});

test("treats an undefined feature as missing", () => {
  const compile = Reflect.apply(createCompiler, undefined, [{ matmul: undefined }]);
  expect(compile((x: Tensor) => x.add(x))(tensor([1])).toArray()).toEqual([2]);
  expect(() => compile((x: Tensor) => matmul(x, x))(matrix)).toThrow("createCompiler: add matmul");
});
