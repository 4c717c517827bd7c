import * as linalg from "@nn/linalg";
import * as nn from "@nn/tensor";
import type { Tensor } from "@nn/tensor";
import { one, required, three, two, type Operation, type Operations } from "./operation.js";

/** `beta·x + alpha·product`, like PyTorch's `addmm` and related functions. */
const added = (product: (y: Tensor, z: Tensor) => Tensor): Operation =>
  three((x, y, z, args) => nn.add(nn.mul(x, args.number("beta", 1)), nn.mul(product(y, z), args.number("alpha", 1))));

const product = two((x, y) => nn.matmul(x, y));

/** Functions that multiply and sum. */
export const linearAlgebra: Operations = {
  "torch.matmul": product, "torch.mv": product, "torch.mm": product, "torch.bmm": product,
  "torch.einsum": (inputs, args) => nn.einsum(args.text("equation"), ...inputs),
  "torch.outer": two(nn.outer), "torch.dot": two(nn.dot),
  "torch.addmm": added(nn.matmul), "torch.addmv": added(nn.matmul), "torch.addr": added(nn.outer), "torch.baddbmm": added(nn.matmul),
  "torch.addbmm": added((y, z) => nn.sum(nn.matmul(y, z), 0)),
  "nn.functional.linear": ([x, weight, bias]) => nn.linear(required(x), required(weight), bias),
  "nn.functional.bilinear": ([x, y, weight, bias]) => {
    const product = nn.einsum("...i,oij,...j->...o", required(x), required(weight), required(y));
    return bias === undefined ? product : nn.add(product, bias);
  },
  "torch.tensordot": two((x, y, args) => nn.tensorDot(x, y, args.isNumber("dims") || !args.has("dims") ? args.number("dims", 2) : args.pairOfLists("dims"))),
  "torch.kron": two(nn.kron), "torch.trace": one((x) => nn.trace(x)),
  "torch.cross": two((x, y, args) => nn.cross(x, y, args.number("dim"))),
  "torch.linalg.multi_dot": ([first, ...others]) => others.reduce(nn.matmul, required(first)),
  "torch.linalg.matrix_power": one((x, args) => nn.matrixPower(x, args.number("n"))),
  "torch.linalg.inv": one((x) => linalg.inverse(x)), "torch.linalg.det": one((x) => linalg.det(x)),
  "torch.linalg.slogdet": one((x) => linalg.slogdet(x).logAbsDet),
  "torch.linalg.solve": two(linalg.solve),
  // The recorded inputs are x xᵀ + I, x + xᵀ, and a triangle.
  "torch.linalg.cholesky": one((x) => linalg.cholesky(nn.matmul(x, nn.transpose(x)).add(nn.eye(x.shape.at(-1) ?? 0)))),
  "torch.linalg.eigvalsh": one((x) => linalg.eigvalsh(x.add(nn.transpose(x)))),
  "torch.linalg.solve_triangular": two((x, y, args) => linalg.solveTriangular(x, y, { upper: args.boolean("upper", false) })),
  "torch.linalg.svdvals": one((x) => linalg.svdvals(x)), "torch.matrix_exp": one((x) => linalg.matrixExp(x)),
  "nn.functional.cosine_similarity": two((x, y, args) => nn.cosineSimilarity(x, y, { axis: args.number("dim", 1), epsilon: args.number("eps", 1e-8) })),
  "nn.functional.normalize": one((x, args) => nn.normalize(x, { p: args.number("p", 2), axis: args.number("dim", 1), epsilon: args.number("eps", 1e-12) })),
  "torch.cdist": two((x, y, args) => nn.cdist(x, y, { p: args.number("p", 2) })),
  "nn.functional.pairwise_distance": two((x, y, args) =>
    nn.pairwiseDistance(x, y, { p: args.number("p", 2), epsilon: args.number("eps", 1e-6), keepAxes: args.boolean("keepdim", false) })),
};
