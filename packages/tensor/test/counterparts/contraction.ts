import * as nn from "../../src/index.js";
import type { Tensor } from "../../src/index.js";
import type { RecordedArguments } from "../reference.js";

type Run = (inputs: readonly Tensor[], args: RecordedArguments) => Tensor;

const one = (run: (x: Tensor, args: RecordedArguments) => Tensor): Run => ([x], args) => run(x as Tensor, args);
const two = (run: (x: Tensor, y: Tensor, args: RecordedArguments) => Tensor): Run => ([x, y], args) => run(x as Tensor, y as Tensor, args);

/** `beta·x + alpha·product`, as PyTorch's `addmm` and its kin do. */
const added = (product: (y: Tensor, z: Tensor) => Tensor): Run => ([x, y, z], { alpha = 1, beta = 1 }) =>
  nn.add(nn.mul(x as Tensor, beta as number), nn.mul(product(y as Tensor, z as Tensor), alpha as number));

/** What stands for PyTorch's products of matrices and vectors, and its distances. */
export const contractionCounterparts: Readonly<Record<string, Run>> = {
  "torch.matmul": two(nn.matmul), "torch.mv": two(nn.matmul), "torch.mm": two(nn.matmul), "torch.bmm": two(nn.matmul),
  "torch.einsum": (inputs, { equation }) => nn.einsum(equation as string, ...inputs),
  "torch.outer": two(nn.outer), "torch.dot": two(nn.dot),
  "torch.addmm": added(nn.matmul), "torch.addmv": added(nn.matmul), "torch.addr": added(nn.outer), "torch.baddbmm": added(nn.matmul),
  "torch.addbmm": added((y, z) => nn.sum(nn.matmul(y, z), 0)),
  "nn.functional.linear": ([x, weight, bias]) => nn.linear(x as Tensor, weight as Tensor, bias),
  "nn.functional.bilinear": ([x, y, weight, bias]) => nn.add(nn.einsum("bi,oij,bj->bo", x as Tensor, weight as Tensor, y as Tensor), bias as Tensor),
  "torch.tensordot": two((x, y, { dims }) => nn.tensorDot(x, y, dims as number | [number[], number[]])),
  "torch.kron": two(nn.kron), "torch.trace": one(nn.trace),
  "torch.cross": two((x, y, { dim }) => nn.cross(x, y, dim as number)),
  "torch.linalg.multi_dot": ([first, ...others]) => others.reduce(nn.matmul, first as Tensor),
  "torch.linalg.matrix_power": one((x, { n }) => nn.matrixPower(x, n as number)),
  "nn.functional.cosine_similarity": two((x, y, { dim, eps }) => nn.cosineSimilarity(x, y, { axis: dim as number, epsilon: eps as number })),
  "nn.functional.normalize": one((x, { p, dim, eps }) => nn.normalize(x, { p: p as number, axis: dim as number, epsilon: eps as number })),
  "torch.cdist": two((x, y, { p }) => nn.cdist(x, y, { p: p as number })),
  "nn.functional.pairwise_distance": two((x, y, { p, eps, keepdim }) =>
    nn.pairwiseDistance(x, y, { p: p as number, epsilon: eps as number, keepAxes: keepdim as boolean })),
};
