import { describe, expect, it } from "vitest";
import { categories } from "./reference/categories.js";
import { compiled, eager } from "./reference/execution.js";
import type { Outcome } from "./reference/outcome.js";

/** Targets of PyTorch that nothing of ours is mapped to yet. A test that passes because its cases went missing would not be noticed. */
const unknown: Readonly<Record<keyof typeof categories, readonly string[]>> = {
  activations: [],
  initializers: [],
  "layers-attention": [],
  "layers-linear-conv": [],
  "layers-norm": [],
  "layers-pool-resize": [],
  "layers-recurrent": [],
  losses: [
    "nn.AdaptiveLogSoftmaxWithLoss", "nn.CTCLoss", "nn.CosineEmbeddingLoss", "nn.GaussianNLLLoss", "nn.HingeEmbeddingLoss", "nn.KLDivLoss",
    "nn.MarginRankingLoss", "nn.MultiLabelMarginLoss", "nn.MultiLabelSoftMarginLoss", "nn.MultiMarginLoss", "nn.PoissonNLLLoss",
    "nn.SoftMarginLoss", "nn.TripletMarginLoss", "nn.TripletMarginWithDistanceLoss",
  ],
  // There are no bitwise operations among the primitives.
  "ops-elementwise": ["torch.bitwise_and", "torch.bitwise_or", "torch.bitwise_xor"],
  "ops-index": [],
  // Decompositions, and what rests on them, need pivoting or iteration until convergence, which no primitive does.
  "ops-linalg": [
    "torch.linalg.cholesky", "torch.linalg.det", "torch.linalg.eigvalsh", "torch.linalg.inv", "torch.linalg.slogdet", "torch.linalg.solve",
    "torch.linalg.solve_triangular", "torch.linalg.svdvals", "torch.matrix_exp",
  ],
  "ops-reduce": [],
  "ops-shape": [],
  optimizers: ["optim.LBFGS"],
  schedulers: ["optim.lr_scheduler.CyclicLR (momentum)", "optim.lr_scheduler.OneCycleLR (momentum)"],
  training: [],
};

/** What reads values to know the shape of its result runs eagerly only: compiled it is refused, by name. */
const refused = /^TraceError: (nonzero|maskedSelect|unique|bincount|toTypedArray): the value of a traced tensor is not known/;

const eagerOnly = new Set([
  "index_bool_mask", "masked_select", "masked_select_broadcast", "nonzero", "nonzero_none", "bincount", "bincount_weights", "unique_sorted",
  "one_hot_inferred_classes",
]);

// A category is up to hundreds of cases, and compiled each is a program of its own.
describe.each([eager, compiled])("PyTorch's numbers, $name", { timeout: 60_000 }, (execution) => {
  it.each(Object.keys(categories) as (keyof typeof categories)[])("%s", (category) => {
    const outcomes = categories[category](execution);
    const isRefused = ({ id }: Outcome): boolean => execution === compiled && eagerOnly.has(id);
    const failed = outcomes.filter((outcome) => outcome.status === "failed" && !isRefused(outcome));
    expect(failed.map(({ id, reasons }) => `${id}: ${reasons.join("; ")}`)).toEqual([]);
    expect(outcomes.filter(isRefused).map(({ reasons }) => reasons.join()).filter((reason) => !refused.test(reason))).toEqual([]);
    expect([...new Set(outcomes.filter(({ status }) => status === "unknown").map(({ target }) => target))].toSorted()).toEqual(unknown[category]);
  });
});
