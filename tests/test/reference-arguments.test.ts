import { describe, expect, it } from "vitest";
import { categories, type Category } from "./reference/categories.js";
import { compiled, eager } from "./reference/execution.js";
import type { Case } from "./reference/format.js";

// The runner also passes on arguments that the fixtures do not use, and refuses those that it does not support.

interface Numbers {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly data: readonly number[];
}

const floats = (shape: readonly number[], ...data: number[]): Numbers => ({ shape, dtype: "float32", data });
const integers = (shape: readonly number[], ...data: number[]): Numbers => ({ shape, dtype: "int32", data });

function outcome(category: Category, one: object, execution = eager) {
  const { status, reasons } = categories[category]({ id: "case", args: {}, ...one } as Case, execution);
  return { status, reasons };
}

const call = (target: string, args: object, inputs: readonly Numbers[], outputs: readonly Numbers[], more: object = {}) =>
  ({ target, args, inputs, outputs, gradOutputs: [], gradInputs: inputs.map(() => null), ...more });

const vector = floats([4], 4, 1, 3, 2);
const matrix = floats([2, 2], 1, 2, 3, 5);
const r2 = Math.SQRT2;

/** Cases with correct results computed by hand. */
const passedOn: Readonly<Record<string, readonly [Category, object]>> = {
  "quantile, keepdim and interpolation": ["ops-reduce", call("torch.quantile", { q: 0.4, dim: 1, keepdim: true, interpolation: "lower" }, [matrix], [floats([2, 1], 1, 3)])],
  "quantile of several fractions": ["ops-reduce", call("torch.quantile", { q: [0, 1], dim: 0 }, [vector], [floats([2], 1, 4)])],
  "var_mean, keepdim and correction": ["ops-reduce", call("torch.var_mean", { dim: 1, correction: 0, keepdim: true }, [matrix], [floats([2, 1], 0.25, 1), floats([2, 1], 1.5, 4)])],
  "std_mean, unbiased and keepdim": ["ops-reduce", call("torch.std_mean", { dim: 1, unbiased: true, keepdim: true }, [matrix], [floats([2, 1], r2 / 2, r2), floats([2, 1], 1.5, 4)])],
  "norm, keepdim": ["ops-reduce", call("torch.norm", { p: 1, dim: 1, keepdim: true }, [matrix], [floats([2, 1], 3, 8)])],
  "sort of a scalar": ["ops-index", call("torch.sort", { dim: -1 }, [floats([], 3)], [floats([], 3), integers([], 0)])],
  "topk of a scalar": ["ops-index", call("torch.topk", { k: 1, dim: 0 }, [floats([], 3)], [floats([], 3), integers([], 0)])],
  "unique without counts": ["ops-index", call("torch.unique", {}, [floats([3], 2, 1, 2)], [floats([2], 1, 2)])],
  "clamp from above": ["ops-elementwise", call("torch.clamp", {}, [vector, floats([1], 2)], [floats([4], 2, 1, 2, 2)], { inputNames: ["input", "max"] })],
  "conv1d, padding in words": ["layers-linear-conv", call("nn.functional.conv1d", { padding: "same" }, [floats([1, 1, 3], 1, 2, 3), floats([1, 1, 3], 1, 1, 1)], [floats([1, 1, 3], 3, 6, 5)])],
  "conv_transpose1d": ["layers-linear-conv", call("nn.functional.conv_transpose1d", { stride: 2, output_padding: 1 }, [floats([1, 1, 2], 1, 2), floats([1, 1, 2], 1, 3)], [floats([1, 1, 5], 1, 3, 2, 6, 0)])],
  "LPPool2d": ["layers-pool-resize", call("nn.LPPool2d", { norm_type: 1, kernel_size: 2 }, [floats([1, 1, 2, 2], 1, 2, 3, 4)], [floats([1, 1, 1, 1], 10)])],
  "ConstantPad3d": ["layers-pool-resize", call("nn.ConstantPad3d", { padding: [1, 0, 0, 0, 0, 0], value: 7 }, [floats([1, 1, 1, 1, 1], 2)], [floats([1, 1, 1, 1, 2], 7, 2)])],
  "ReplicationPad1d": ["layers-pool-resize", call("nn.ReplicationPad1d", { padding: [2, 1] }, [floats([1, 1, 2], 1, 2)], [floats([1, 1, 5], 1, 1, 1, 2, 2)])],
  "MaxUnpool1d, stride and output_size": ["layers-pool-resize", call("nn.MaxUnpool1d", { kernel_size: 2, stride: 2 }, [floats([1, 1, 1], 5), integers([1, 1, 1], 1)], [floats([1, 1, 3], 0, 5, 0)], { inputNames: ["input", "indices"], callArgs: { output_size: [1, 1, 3] } })],
  // The scale is the ratio of the sizes, 3 / 2, not 1.6: the positions are 0, 0.667, 1.333.
  "Upsample, recompute_scale_factor": ["layers-pool-resize", call("nn.Upsample", { scale_factor: 1.6, mode: "linear", recompute_scale_factor: true }, [floats([1, 1, 2], 0, 6)], [floats([1, 1, 3], 0, 3, 6)])],
  "Embedding, max_norm": ["layers-attention", call("nn.Embedding", { num_embeddings: 2, embedding_dim: 2, max_norm: 1, norm_type: 1 }, [integers([1], 1)], [floats([1, 2], 0.25, 0.75)], { params: { weight: floats([2, 2], 5, 5, 1, 3) }, mode: "eval" })],
  "EmbeddingBag, max_norm": ["layers-attention", call("nn.EmbeddingBag", { num_embeddings: 2, embedding_dim: 2, mode: "sum", max_norm: 1, norm_type: 1 }, [integers([1, 2], 1, 1)], [floats([1, 2], 0.5, 1.5)], { params: { weight: floats([2, 2], 5, 5, 1, 3) }, inputNames: ["input"], mode: "eval" })],
  // (x − mean) / √(variance + 0) · weight + bias, with the running statistics 1 and 4.
  "batch_norm, running statistics": ["layers-norm", call("nn.functional.batch_norm", { eps: 0 }, [floats([2, 1], 1, 5), floats([1], 1), floats([1], 4), floats([1], 3), floats([1], 10)], [floats([2, 1], 10, 16)])],
  "batch_norm, training": ["layers-norm", call("nn.functional.batch_norm", { training: true, eps: 0 }, [floats([2, 1], 1, 5), floats([1], 1), floats([1], 4)], [floats([2, 1], -1, 1)], { inputNames: ["input", "running_mean", "running_var"] })],
  "batch_norm, bias by name": ["layers-norm", call("nn.functional.batch_norm", { training: true, eps: 0 }, [floats([2, 1], 1, 5), floats([1], 2)], [floats([2, 1], 1, 3)], { inputNames: ["input", "bias"] })],
  "instance_norm": ["layers-norm", call("nn.functional.instance_norm", { eps: 0 }, [floats([2, 1, 2], 1, 5, 30, 10)], [floats([2, 1, 2], -1, 1, 1, -1)])],
  "instance_norm, running statistics": ["layers-norm", call("nn.functional.instance_norm", { use_input_stats: false, eps: 0 }, [floats([1, 1, 2], 1, 5), floats([1], 1), floats([1], 4)], [floats([1, 1, 2], 0, 2)])],
  "group_norm": ["layers-norm", call("nn.functional.group_norm", { num_groups: 1, eps: 0 }, [floats([1, 2], 1, 5), floats([2], 2, 3), floats([2], 1, 0)], [floats([1, 2], -1, 3)])],
  "layer_norm": ["layers-norm", call("nn.functional.layer_norm", { normalized_shape: [2], eps: 0 }, [floats([1, 2], 1, 5), floats([2], 2, 3)], [floats([1, 2], -2, 3)])],
  // √((1 + 49) / 2) = 5
  "rms_norm": ["layers-norm", call("nn.functional.rms_norm", { normalized_shape: [2], eps: 0 }, [floats([1, 2], 1, 7)], [floats([1, 2], 0.2, 1.4)])],
  "prelu": ["activations", call("nn.functional.prelu", {}, [floats([1, 2], -2, 3), floats([1], 0.25)], [floats([1, 2], -0.5, 3)])],
  "functional relu": ["activations", call("nn.functional.relu", { inplace: true }, [floats([2], -1, 2)], [floats([2], 0, 2)])],
  "conv1d as a nonlinearity": ["initializers", { target: "nn.init.calculate_gain", args: { nonlinearity: "conv1d" }, expected: { gain: 1 } }],
  // Uniform in ±1/√fanIn, of 2 channels of 3 taps in each of the groups.
  "groups of initial values": ["initializers", { target: "nn.Conv1d.weight", args: { in_channels: 8, out_channels: 8, kernel_size: 3, groups: 4 }, expected: { distribution: "uniform", low: -1 / Math.sqrt(6), high: 1 / Math.sqrt(6), mean: 0, std: 1 / Math.sqrt(18) } }],
  "ConstantLR without steps": ["schedulers", { target: "optim.lr_scheduler.ConstantLR", args: { factor: 0.5, total_iters: 0 }, optimizer: { type: "SGD", lr: 1 }, steps: 2, lrs: [0.5, 0.5, 0.5] }],
  "metrics that are infinite": ["schedulers", { target: "optim.lr_scheduler.ReduceLROnPlateau", args: { patience: 0 }, optimizer: { type: "SGD", lr: 1 }, steps: 2, lrs: [1, 0.1, 0.1], metrics: ["Infinity", 2] }],
  "SGD, how it computes": ["optimizers", { target: "optim.SGD", args: { lr: 1, foreach: false }, params: { x: floats([1], 1) }, grads: [{ x: floats([1], 0.5) }], paramsAfter: [{ x: floats([1], 0.5) }] }],
};

describe.each([eager, compiled])("the runner passes on, $name", (execution) => {
  const notCompiled = new Set(["unique without counts"]);
  it.each(Object.entries(passedOn).filter(([name]) => execution === eager || !notCompiled.has(name)))("%s", (_, [category, one]) => {
    expect(outcome(category, one, execution)).toEqual({ status: "passed", reasons: [] });
  });
});

/** Cases, each with a part of the expected error. */
const refused: Readonly<Record<string, readonly [Category, object, string]>> = {
  "an argument": ["ops-elementwise", call("torch.sqrt", { mystery: 1 }, [vector], [vector]), "leaves out the arguments mystery"],
  "an argument of a function in words": ["activations", call("nn.GELU", { approximate: "fast" }, [vector], [vector]), 'argument approximate is "fast", expected none, tanh'],
  "a reduction": ["losses", call("nn.MSELoss", { reduction: "average" }, [vector, vector], [floats([], 0)]), 'argument reduction is "average"'],
  "a padding mode": ["layers-linear-conv", call("nn.ConvTranspose1d", { in_channels: 1, out_channels: 1, kernel_size: 1, padding_mode: "circular" }, [floats([1, 1, 1], 1)], [floats([1, 1, 1], 1)]), 'argument padding_mode is "circular"'],
  "a padding in words": ["layers-linear-conv", call("nn.Conv1d", { in_channels: 1, out_channels: 1, kernel_size: 1, padding: "full" }, [floats([1, 1, 1], 1)], [floats([1, 1, 1], 1)]), 'argument padding is "full"'],
  "an input too many": ["losses", call("nn.MSELoss", {}, [vector, vector, vector], [floats([], 0)]), "leaves out the inputs 2"],
  "an input by name": ["layers-attention", call("nn.MaxUnpool1d", { kernel_size: 2 }, [floats([1, 1, 1], 5), integers([1, 1, 1], 1), vector], [floats([1, 1, 2], 0, 5)], { inputNames: ["input", "indices", "mask"] }), "leaves out the inputs mask"],
  "a weight": ["losses", call("nn.MSELoss", {}, [vector, vector], [floats([], 0)], { buffers: { weight: vector } }), "leaves out the buffers weight"],
  "an argument of the call": ["activations", call("nn.functional.softplus", { beta: 1 }, [vector], [vector], { callArgs: { times: 2 } }), "leaves out the arguments times"],
  "a field of the case": ["ops-elementwise", call("torch.sqrt", {}, [vector], [vector], { device: "cuda" }), "does not know the fields device"],
  "a mode": ["activations", call("nn.ReLU", {}, [vector], [vector], { mode: "test" }), 'mode is "test"'],
  "an output too few": ["ops-index", call("torch.sort", {}, [vector], [floats([4], 1, 2, 3, 4)]), "gives 2 outputs, expected 1"],
  "an option of an optimizer": ["optimizers", { target: "optim.SGD", args: { lr: 1, lars: true }, params: { x: vector }, grads: [], paramsAfter: [] }, "leaves out the arguments lars"],
  "an argument of a schedule": ["schedulers", { target: "optim.lr_scheduler.StepLR", args: { step_size: 2, offset: 1 }, optimizer: { type: "SGD", lr: 1 }, steps: 1, lrs: [1, 1] }, "leaves out the arguments offset"],
  "a mode of a schedule": ["schedulers", { target: "optim.lr_scheduler.CyclicLR", args: { base_lr: 0, max_lr: 1, mode: "square" }, optimizer: { type: "SGD", lr: 1 }, steps: 1, lrs: [0, 0] }, 'argument mode is "square"'],
  "an argument of an initializer": ["initializers", { target: "nn.init.uniform_", args: { shape: [2], spread: 1 }, expected: {} }, "leaves out the arguments spread"],
  "an expectation": ["initializers", { target: "nn.init.uniform_", args: { shape: [2] }, expected: { median: 0.5 } }, "does not know the expectations median"],
};

describe("the runner refuses what it does not know", () => {
  it.each(Object.entries(refused))("%s", (_, [category, one, part]) => {
    const { status, reasons } = outcome(category, one);
    expect(status).toBe("failed");
    expect(reasons.join("\n")).toContain(part);
  });
});
