import { describe, expect, test } from "vitest";
import {
  blockDiag, cartesianProduct, chunk, concat, diag, diagEmbed, diagFlat, diagonal, dstack, expand, flatten, flip, fold, hstack, meshGrid,
  moveAxis, narrow, pad, permute, repeatInterleave, reshape, roll, rot90, select, slice, slidingWindows, split, squeeze, stack, tensorSplit, tile,
  transpose, tril, triu, unbind, unflatten, unfold, unsqueeze, vstack, type Index, type PadWidth, type Size2d, type Tensor,
} from "../../src/index.js";
import { counterpartOf, expectRecorded, fromRecorded, referenceCases, type RecordedArguments } from "../reference.js";

type Run = (inputs: readonly Tensor[], args: RecordedArguments) => Tensor | readonly Tensor[];

const one = (run: (x: Tensor, args: RecordedArguments) => Tensor | readonly Tensor[]): Run => ([x], args) => run(x as Tensor, args);
const axisOf = ({ dim }: RecordedArguments): number => dim as number;

/** PyTorch lists the widths from the last axis on. */
function widthsOf(flat: readonly number[]): PadWidth[] {
  return Array.from({ length: flat.length / 2 }, (_, at): PadWidth => [flat[2 * at] as number, flat[2 * at + 1] as number]).toReversed();
}

const functions: Readonly<Record<string, Run>> = {
  "Tensor.reshape": one((x, { shape }) => reshape(x, shape as number[])),
  "Tensor.permute": one((x, { dims }) => permute(x, dims as number[])),
  "torch.transpose": one((x, { dim0, dim1 }) => transpose(x, dim0 as number, dim1 as number)),
  "torch.t": one((x) => transpose(x)),
  "torch.movedim": one((x, { source, destination }) => moveAxis(x, source as number | number[], destination as number | number[])),
  "Tensor.expand": one((x, { size }) => expand(x, size as number[])),
  "torch.broadcast_to": one((x, { size }) => expand(x, size as number[])),
  "Tensor.__getitem__": one((x, { index }) => slice(x, (index as (Index | "newaxis")[]).map((each) => (each === "newaxis" ? "newAxis" : each)))),
  "torch.narrow": one((x, { dim, start, length }) => narrow(x, dim as number, start as number, length as number)),
  "torch.select": one((x, { dim, index }) => select(x, dim as number, index as number)),
  "torch.flip": one((x, { dims }) => flip(x, dims as number[])),
  "torch.fliplr": one((x) => flip(x, 1)),
  "torch.flipud": one((x) => flip(x, 0)),
  "torch.rot90": one((x, { k, dims }) => rot90(x, k as number, dims as [number, number])),
  "nn.functional.pad": one((x, { pad: widths, mode, value }) =>
    pad(x, widthsOf(widths as number[]), { mode: mode as "constant" | "reflect" | "replicate" | "circular", value: value as number | undefined })),
  "torch.cat": (inputs, args) => concat(inputs, axisOf(args)),
  "torch.stack": (inputs, args) => stack(inputs, axisOf(args)),
  "torch.hstack": hstack,
  "torch.vstack": vstack,
  "torch.dstack": dstack,
  "torch.split": one((x, { split_size_or_sections: sizes, dim }) => split(x, sizes as number | number[], dim as number)),
  "torch.chunk": one((x, { chunks, dim }) => chunk(x, chunks as number, dim as number)),
  "torch.tensor_split": one((x, { indices_or_sections: parts, dim }) => tensorSplit(x, parts as number | number[], dim as number)),
  "torch.unbind": one((x, args) => unbind(x, axisOf(args))),
  "torch.roll": one((x, { shifts, dims }) => roll(x, shifts as number | number[], dims as number | number[] | undefined)),
  "Tensor.repeat": one((x, { sizes }) => tile(x, sizes as number[])),
  "torch.tile": one((x, { dims }) => tile(x, dims as number[])),
  "torch.repeat_interleave": one((x, { repeats, dim }) => repeatInterleave(x, repeats as number | number[], dim as number | undefined)),
  "torch.squeeze": one((x, { dim }) => squeeze(x, dim as number | undefined)),
  "torch.unsqueeze": one((x, args) => unsqueeze(x, axisOf(args))),
  "torch.flatten": one((x, { start_dim: start, end_dim: end }) => flatten(x, start as number | undefined, end as number | undefined)),
  "Tensor.unflatten": one((x, { dim, sizes }) => unflatten(x, dim as number, sizes as number[])),
  "torch.tril": one((x, { diagonal: offset }) => tril(x, offset as number)),
  "torch.triu": one((x, { diagonal: offset }) => triu(x, offset as number)),
  "torch.diag": one((x, { diagonal: offset }) => diag(x, offset as number)),
  "torch.diagonal": one((x, { offset, dim1, dim2 }) => diagonal(x, offset as number, dim1 as number, dim2 as number)),
  "torch.diag_embed": one((x, { offset }) => diagEmbed(x, offset as number)),
  "torch.diagflat": one((x, { offset }) => diagFlat(x, offset as number)),
  "torch.block_diag": blockDiag,
  "torch.meshgrid": (inputs, { indexing }) => meshGrid(inputs, { indexing: indexing as "ij" | "xy" }),
  "torch.cartesian_prod": cartesianProduct,
  "Tensor.unfold": one((x, { dimension, size, step }) => slidingWindows(x, dimension as number, size as number, step as number)),
  "nn.functional.unfold": one((x, { kernel_size: kernel, ...options }) => unfold(x, kernel as Size2d, options)),
  "nn.functional.fold": one((x, { output_size: size, kernel_size: kernel, ...options }) => fold(x, size as Size2d, kernel as Size2d, options)),
  "torch.clone": one((x) => x.detach()),
};

describe("shape operations give what PyTorch gives", () => {
  test.each(referenceCases("ops-shape"))("$id", ({ target, args = {}, inputs, outputs, tolerance }) => {
    const results = [counterpartOf(functions, target)(inputs.map(fromRecorded), args)].flat();
    expect(results.length).toBe(outputs.length);
    outputs.forEach((output, at) => expectRecorded(results[at] as Tensor, output, tolerance));
  });
});
