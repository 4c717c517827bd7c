import type { OptionKinds } from "@nn/tensor/extend";

/** Limits of what a checkpoint may contain. They protect against small files that declare huge contents. */
export interface CheckpointLimits {
  /** The most axes of a tensor. Default 64, as in PyTorch. */
  readonly maxRank?: number;
  /** The most bytes of the part that describes the tensors: the header of a safetensors file, the pickle of a PyTorch file. Default 100,000,000. */
  readonly maxHeaderBytes?: number;
}

/** The kinds of {@link CheckpointLimits}. */
export const limitOptions: OptionKinds<CheckpointLimits> = { maxRank: "size", maxHeaderBytes: "count" };

/** The limits, each with a value. */
export function limitsOf({ maxRank = 64, maxHeaderBytes = 100_000_000 }: CheckpointLimits): Required<CheckpointLimits> {
  return { maxRank, maxHeaderBytes };
}
