import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tensor, Variable, type Tensor } from "@nn/tensor";
import { defaultTarget } from "../../src/compile/default-target.js";
import { compile, setDefaultTarget, type KernelTarget } from "../../src/index.js";

class Scale {
  readonly #factor: Variable;
  readonly shift: number;
  readonly forward = compile(this.plain);

  constructor(factor: number, shift = 0) {
    this.#factor = new Variable(tensor(factor));
    this.shift = shift;
  }

  plain(x: Tensor): Tensor {
    return x.mul(this.#factor.value).add(this.shift);
  }
}

describe("a compiled method", () => {
  it("has the `this` that it is called with", () => {
    expect(new Scale(3).forward(tensor([1, 2])).toArray()).toEqual([3, 6]);
    expect(new Scale(5, 1).forward(tensor([1, 2])).toArray()).toEqual([6, 11]);
  });

  it("has a program for each object", () => {
    const forward = compile(Scale.prototype.plain);
    const [a, b] = [new Scale(3, 1), new Scale(5, 2)];
    for (let turn = 0; turn < 2; turn++) {
      expect(forward.call(a, tensor([1])).toArray()).toEqual([4]);
      expect(forward.call(b, tensor([1])).toArray()).toEqual([7]);
    }
    expect(Reflect.get(forward, Symbol.for("nodejs.util.inspect.custom"))()).toContain("2 programs in all");
    expect(() => Reflect.apply(forward, undefined, [tensor([1])])).toThrow(TypeError);
  });

  it("has it inside another compiled function", () => {
    const scale = new Scale(3, 1);
    expect(compile((x: Tensor) => scale.forward(x).mul(2))(tensor([1])).toArray()).toEqual([8]);
  });

  it("is profiled as it was called last", () => {
    const scale = new Scale(3);
    scale.forward(tensor([1, 2]));
    expect(scale.forward.profile(tensor([1, 2])).kernels).toHaveLength(1);
  });
});

describe("the target", () => {
  it("must be a target", () => {
    expect(() => compile((x: Tensor) => x, { target: Promise.resolve() as never })).toThrowErrorMatchingInlineSnapshot(`[UsageError: compile: target is a promise, expected await native() of @nn/native]`);
    expect(() => setDefaultTarget("AVX2" as never)).toThrowErrorMatchingInlineSnapshot(`[UsageError: setDefaultTarget: target is the string "AVX2", expected await native() of @nn/native]`);
  });

  it("is asked for every kernel once, and WebAssembly runs those that it has no code for, with its reason in the listing", () => {
    const asked: string[] = [];
    const target: KernelTarget = {
      name: "none", reason: "it knows none",
      program: () => ({ imports: undefined, scratchBytes: ({ label }) => void asked.push(label), scratchFrom: () => undefined, place: () => [], load: () => undefined, declare: () => new Map(), relocate: () => undefined, dispose: () => undefined }),
    };
    const f = compile((x: Tensor) => x.add(1).sum(), { target });
    expect(f(tensor([1, 2])).item()).toBe(5);
    expect(asked).toEqual(["add, sum"]);
    expect(f.explain()).toContain("1 kernel, all WebAssembly (it knows none), built in");
  });
});

describe("the listing of passes", () => {
  // What is listed is WebAssembly, also when all tests run as machine code.
  const before = defaultTarget();
  beforeAll(() => setDefaultTarget(undefined));
  afterAll(() => setDefaultTarget(before));
  const listed = (f: { explain(options?: { readonly passes?: boolean }): string }): string => f.explain({ passes: true }).replace(/built in .* ms/, "built");

  it("shows the graph after each pass, and the kernels", () => {
    const weight = new Variable(tensor([[1, 2], [3, 4]]), { name: "weight" });
    const f = compile((x: Tensor) => x.matmul(weight.value.transpose(0, 1)).add(0).relu());
    f(tensor([[1, 2], [3, 4], [5, 6]]));
    expect(listed(f)).toMatchInlineSnapshot(`
      "after trace:
        %0 = input 0 : f32[3, 2]
        %1 = variable weight : f32[2, 2]
        %2 = permute(%1) { permutation: [1, 0] } : f32[2, 2]
        %3 = matmul(%0, %2) { transposeA: false, transposeB: false } : f32[3, 2]
        %4 = full() { value: 0 } : f32[]
        %5 = add(%3, %4) : f32[3, 2]
        %6 = lessEqual(%5, %4) : bool[3, 2]
        %7 = select(%6, %4, %5) : f32[3, 2]
        return %7

      after simplify:
        %0 = input 0 : f32[3, 2]
        %1 = variable weight : f32[2, 2]
        %2 = matmul(%0, %1) { transposeA: false, transposeB: true } : f32[3, 2]
        %3 = full() { value: 0 } : f32[]
        %4 = add(%2, %3) : f32[3, 2]
        %5 = lessEqual(%4, %3) : bool[3, 2]
        %6 = select(%5, %3, %4) : f32[3, 2]
        return %6

      after polyphaseDecomposition: no change

      after productsOfPatches: no change

      after reuseActivation: no change

      after removeCoveredChecks: no change

      program (float32[3, 2]), 1 kernel, built

      #  kernel                           shape                               FLOP  bytes
      0  matmul + add, lessEqual, select  f32[3, 2] x f32[2, 2] -> f32[3, 2]    42     64
         total                                                                  42     64

      temporaries 128B, in an arena of 128B together with inputs
      state       16B, 0 updated in place
      constants   0B"
    `);
  });

  it("lists what is written, checked, and returned", () => {
    const total = new Variable(tensor([0, 0]), { name: "total" });
    const f = compile((x: Tensor, index: Tensor) => {
      total.value = total.value.add(x);
      return [x.indexSelect(index, 0), x.argMax()];
    });
    f(tensor([1, 2]), tensor([1], { dtype: "int32" }));
    expect(listed(f)).toMatchInlineSnapshot(`
      "after trace:
        %0 = input 0 : f32[2]
        %1 = input 1 : i32[1]
        %2 = variable total : f32[2]
        %3 = add(%2, %0) : f32[2]
        %4 = full() { value: 2 } : i32[]
        %5 = add(%1, %4) : i32[1]
        %6 = full() { value: 0 } : i32[]
        %7 = lessEqual(%6, %5) : bool[1]
        %8 = less(%5, %4) : bool[1]
        %9 = logicalAnd(%7, %8) : bool[1]
        %10 = select(%9, %5, %1) : i32[1]
        %11 = gather(%0, %10) { axis: 0 } : f32[1]
        %12 = iota() { length: 2 } : i32[2]
        %13 = reshape(%12) : i32[2]
        %14 = expand(%13) : i32[2]
        %15 = gather(%14, %10) { axis: 0 } : i32[1]
        %16 = argMax(%0) { axis: 0 } : i32[1]
        %17 = reshape(%16) : i32[]
        write total = %3
        check %15
        return %11, %17

      after simplify:
        %0 = input 0 : f32[2]
        %1 = input 1 : i32[1]
        %2 = variable total : f32[2]
        %3 = add(%2, %0) : f32[2]
        %4 = full() { value: 2 } : i32[]
        %5 = add(%1, %4) : i32[1]
        %6 = full() { value: 0 } : i32[]
        %7 = lessEqual(%6, %5) : bool[1]
        %8 = less(%5, %4) : bool[1]
        %9 = logicalAnd(%7, %8) : bool[1]
        %10 = select(%9, %5, %1) : i32[1]
        %11 = gather(%0, %10) { axis: 0 } : f32[1]
        %12 = iota() { length: 2 } : i32[2]
        %13 = gather(%12, %10) { axis: 0 } : i32[1]
        %14 = max(%0) { axes: [0] } : f32[1]
        %15 = equal(%0, %14) : bool[2]
        %16 = equal(%0, %0) : bool[2]
        %17 = logicalNot(%16) : bool[2]
        %18 = logicalOr(%15, %17) : bool[2]
        %19 = reshape(%12) : i32[2]
        %20 = select(%18, %19, %4) : i32[2]
        %21 = min(%20) { axes: [0] } : i32[1]
        %22 = reshape(%21) : i32[]
        write total = %3
        check %13
        return %11, %22

      after polyphaseDecomposition: no change

      after productsOfPatches: no change

      after reuseActivation: no change

      after removeCoveredChecks:
        %0 = input 0 : f32[2]
        %1 = input 1 : i32[1]
        %2 = variable total : f32[2]
        %3 = add(%2, %0) : f32[2]
        %4 = full() { value: 2 } : i32[]
        %5 = add(%1, %4) : i32[1]
        %6 = full() { value: 0 } : i32[]
        %7 = lessEqual(%6, %5) : bool[1]
        %8 = less(%5, %4) : bool[1]
        %9 = logicalAnd(%7, %8) : bool[1]
        %10 = select(%9, %5, %1) : i32[1]
        %11 = gather(%0, %10) { axis: 0 } : f32[1]
        %12 = iota() { length: 2 } : i32[2]
        %13 = max(%0) { axes: [0] } : f32[1]
        %14 = equal(%0, %13) : bool[2]
        %15 = equal(%0, %0) : bool[2]
        %16 = logicalNot(%15) : bool[2]
        %17 = logicalOr(%14, %16) : bool[2]
        %18 = reshape(%12) : i32[2]
        %19 = select(%17, %18, %4) : i32[2]
        %20 = min(%19) { axes: [0] } : i32[1]
        %21 = reshape(%20) : i32[]
        write total = %3
        return %11, %21

      program (float32[2], int32[1]), 3 kernels, built

      #  kernel                                                       shape                  FLOP  bytes
      0  add + max, equal, equal, logicalNot, logicalOr, select, min  [Σ2] -> f32[2], i32[]    16     28
      1  add, lessEqual, less, logicalAnd, select, gather             [] -> f32[1]              5     16
      2  copy                                                         [2] -> f32[2]             0     16
         total                                                                                 21     60

      temporaries 320B, in an arena of 320B together with inputs
      state       8B, 0 updated in place
      constants   0B"
    `);
  });

  it("shows the last program", () => {
    const f = compile((x: Tensor) => x.mul(2));
    expect(f.explain({ passes: true })).toBe("nothing was compiled yet: call the function first");
    f(tensor([1]));
    f(tensor([1, 2, 3]));
    expect(f.explain({ passes: true })).toContain("%0 = input 0 : f32[3]");
    expect(f.explain()).not.toContain("input 0");
    expect(f.explain({ passes: false })).toBe(f.explain());
  });

  it("refuses a misspelt option", () => {
    const f = compile((x: Tensor) => x);
    expect(() => f.explain({ pass: true } as never)).toThrow('explain: there is no option "pass"; did you mean "passes"?');
    expect(() => f.explain(true as never)).toThrow("explain: the options are true");
  });
});
