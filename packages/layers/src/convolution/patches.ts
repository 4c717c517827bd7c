import { perAxis, type Size2d, type UnfoldOptions } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";

/** The options of `Unfold` and `Fold`. */
export const unfoldOptions: OptionKinds<UnfoldOptions> = { stride: "any", padding: "any", dilation: "any" };

/** Refuses what does not say how patches lie in an image. */
export function checkPatches(operation: string, kernelSize: Size2d, options: UnfoldOptions): void {
  requireOptions(operation, options, unfoldOptions);
  perAxis(operation, "kernelSize", kernelSize, 2, 1);
  for (const [name, least] of [["stride", 1], ["padding", 0], ["dilation", 1]] as const) {
    const value = options[name];
    if (value !== undefined) perAxis(operation, name, value, 2, least);
  }
}
