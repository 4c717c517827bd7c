import type { OptionKinds } from "@nn/tensor/extend";

/** What a file may be before it is refused: a small file can say large things. */
export interface SafetensorsLimits {
  /** The most axes of a tensor. Default 64, as in PyTorch. */
  readonly maxRank?: number;
  /** The most bytes of the header. Default 100,000,000, as in the reference implementation. */
  readonly maxHeaderBytes?: number;
}

/** The kinds of {@link SafetensorsLimits}. */
export const limitOptions: OptionKinds<SafetensorsLimits> = { maxRank: "size", maxHeaderBytes: "count" };

/** The limits, each with a value. */
export function limitsOf({ maxRank = 64, maxHeaderBytes = 100_000_000 }: SafetensorsLimits): Required<SafetensorsLimits> {
  return { maxRank, maxHeaderBytes };
}
