import * as nn from "@nn/tensor";
import type { Index, PadWidth, Tensor } from "@nn/tensor";
import type { Arguments } from "../arguments.js";
import { size2d } from "../convolution-modules.js";
import { getItemByTensors } from "./indexing.js";
import { one, type Operation, type Operations } from "./operation.js";

/** PyTorch lists the widths from the last axis on. */
function widthsOf(flat: readonly number[]): PadWidth[] {
  if (flat.length % 2 !== 0) throw new TypeError(`argument pad has ${flat.length} numbers, expected two for each axis`);
  return Array.from({ length: flat.length / 2 }, (_, at): PadWidth => [flat[2 * at] ?? 0, flat[2 * at + 1] ?? 0]).toReversed();
}

const modes = { constant: "constant", reflect: "reflect", replicate: "replicate", circular: "circular" } as const;

const windows = (args: Arguments): nn.UnfoldOptions =>
  Object.fromEntries(["stride", "padding", "dilation"].flatMap((name) => (args.has(name) ? [[name, size2d(args, name)]] : [])));

const numberOrNumbers = (args: Arguments, name: string): number | readonly number[] => args.oneOrMore(name);

const getItem: Operation = (inputs, args, names) => {
  if (!args.has("index")) return getItemByTensors(inputs, args, names);
  const indices = args.list("index") as readonly (Index | "newaxis")[];
  return one((x) => nn.slice(x, indices.map((each) => (each === "newaxis" ? "newAxis" : each))))(inputs, args, names);
};

/** Functions that move elements. */
export const movement: Operations = {
  "Tensor.reshape": one((x, args) => nn.reshape(x, args.numbers("shape"))),
  "Tensor.permute": one((x, args) => nn.permute(x, args.numbers("dims"))),
  "torch.transpose": one((x, args) => nn.transpose(x, args.number("dim0"), args.number("dim1"))),
  "torch.t": one((x) => nn.transpose(x)),
  "torch.movedim": one((x, args) => nn.moveAxis(x, numberOrNumbers(args, "source"), numberOrNumbers(args, "destination"))),
  "Tensor.expand": one((x, args) => nn.expand(x, args.numbers("size"))),
  "torch.broadcast_to": one((x, args) => nn.expand(x, args.numbers("size"))),
  "Tensor.__getitem__": getItem,
  "torch.narrow": one((x, args) => nn.narrow(x, args.number("dim"), args.number("start"), args.number("length"))),
  "torch.select": one((x, args) => nn.select(x, args.number("dim"), args.number("index"))),
  "torch.flip": one((x, args) => nn.flip(x, args.numbers("dims"))),
  "torch.fliplr": one((x) => nn.flip(x, 1)),
  "torch.flipud": one((x) => nn.flip(x, 0)),
  "torch.rot90": one((x, args) => {
    return nn.rot90(x, args.number("k", 1), args.pair("dims", [0, 1]));
  }),
  "nn.functional.pad": one((x, args) => nn.pad(x, widthsOf(args.numbers("pad")), { mode: args.choice("mode", modes, "constant"), value: args.maybeNumber("value") ?? 0 })),
  "torch.cat": (inputs, args) => nn.concat(inputs, args.number("dim", 0)),
  "torch.stack": (inputs, args) => nn.stack(inputs, args.number("dim", 0)),
  "torch.hstack": nn.hstack, "torch.vstack": nn.vstack, "torch.dstack": nn.dstack,
  "torch.split": one((x, args) => nn.split(x, numberOrNumbers(args, "split_size_or_sections"), args.number("dim", 0))),
  "torch.chunk": one((x, args) => nn.chunk(x, args.number("chunks"), args.number("dim", 0))),
  "torch.tensor_split": one((x, args) => nn.tensorSplit(x, numberOrNumbers(args, "indices_or_sections"), args.number("dim", 0))),
  "torch.unbind": one((x, args) => nn.unbind(x, args.number("dim", 0))),
  "torch.roll": one((x, args) => nn.roll(x, numberOrNumbers(args, "shifts"), args.maybeNumbers("dims"))),
  "Tensor.repeat": one((x, args) => nn.tile(x, args.numbers("sizes"))),
  "torch.tile": one((x, args) => nn.tile(x, args.numbers("dims"))),
  "torch.repeat_interleave": one((x, args) => nn.repeatInterleave(x, numberOrNumbers(args, "repeats"), args.maybeNumber("dim"))),
  "torch.squeeze": one((x, args) => nn.squeeze(x, args.maybeNumbers("dim"))),
  "torch.unsqueeze": one((x, args) => nn.unsqueeze(x, args.number("dim"))),
  "torch.flatten": one((x, args) => nn.flatten(x, args.maybeNumber("start_dim"), args.maybeNumber("end_dim"))),
  "Tensor.unflatten": one((x, args) => nn.unflatten(x, args.number("dim"), args.numbers("sizes"))),
  "torch.tril": one((x, args) => nn.tril(x, args.number("diagonal", 0))),
  "torch.triu": one((x, args) => nn.triu(x, args.number("diagonal", 0))),
  "torch.diag": one((x, args) => nn.diag(x, args.number("diagonal", 0))),
  "torch.diagonal": one((x, args) => nn.diagonal(x, args.number("offset", 0), args.number("dim1", 0), args.number("dim2", 1))),
  "torch.diag_embed": one((x, args) => nn.diagEmbed(x, args.number("offset", 0), args.number("dim1", -2), args.number("dim2", -1))),
  "torch.diagflat": one((x, args) => nn.diagFlat(x, args.number("offset", 0))),
  "torch.block_diag": (inputs) => nn.blockDiag(inputs),
  "torch.meshgrid": (inputs, args) => nn.meshGrid(inputs, { indexing: args.choice("indexing", { ij: "ij", xy: "xy" } as const, "ij") }),
  "torch.cartesian_prod": (inputs) => nn.cartesianProduct(inputs),
  "Tensor.unfold": one((x, args) => nn.slidingWindows(x, args.number("dimension"), args.number("size"), args.number("step"))),
  "nn.functional.unfold": one((x, args) => nn.unfold(x, size2d(args, "kernel_size"), windows(args))),
  "nn.functional.fold": one((x, args) => nn.fold(x, size2d(args, "output_size"), size2d(args, "kernel_size"), windows(args))),
  // PyTorch makes a copy with a gradient. Our tensors are immutable, so this is the tensor itself.
  "torch.clone": one((x: Tensor) => x),
};
