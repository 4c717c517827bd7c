import * as nn from "@nn/tensor";
import type { Arguments } from "../arguments.js";
import { one, type Operations } from "./operation.js";

const dtypes = { float32: "float32", "torch.float32": "float32", float64: "float64", "torch.float64": "float64", int32: "int32", int64: "int32", "torch.int64": "int32", bool: "bool", "torch.bool": "bool" } as const;

function common(args: Arguments): nn.CreationOptions {
  args.only("requires_grad", false);
  return args.isGiven("dtype") ? { dtype: args.choice("dtype", dtypes) } : {};
}

/** Functions that make tensors. */
export const creation: Operations = {
  "torch.zeros": (_, args) => nn.zeros(args.numbers("size"), common(args)),
  "torch.ones": (_, args) => nn.ones(args.numbers("size"), common(args)),
  "torch.full": (_, args) => nn.full(args.numbers("size"), args.number("fill_value"), common(args)),
  "torch.eye": (_, args) => nn.eye(args.number("n"), args.maybeNumber("m"), common(args)),
  "torch.arange": (_, args) => nn.arange(args.number("start", 0), args.number("end"), args.number("step", 1), common(args)),
  "torch.linspace": (_, args) => nn.linspace(args.number("start"), args.number("end"), args.number("steps"), common(args)),
  "torch.zeros_like": one((x, args) => nn.zerosLike(x, common(args))),
  "torch.ones_like": one((x, args) => nn.onesLike(x, common(args))),
  "torch.full_like": one((x, args) => nn.fullLike(x, args.number("fill_value"), common(args))),
};
