import { reshape, ShapeError, type Tensor } from "@nn/tensor";
import { formatShape, requireDType, requireKind, requireOptions, requireTensor, sizeOf, type OptionKinds } from "@nn/tensor/extend";

/** Options of `QuantizedLinear` and `Bfloat16Linear`. */
export interface QuantizedLinearOptions {
  /** Whether a number is added to each output; default true. */
  readonly bias?: boolean | undefined;
}

const linearOptions: OptionKinds<QuantizedLinearOptions> = { bias: "boolean" };

/** Checks the arguments of a constructor. Returns whether there is a bias. */
export function requireFeatures(operation: string, inFeatures: number, outFeatures: number, options: QuantizedLinearOptions): boolean {
  requireKind(operation, "inFeatures", inFeatures, "size");
  requireKind(operation, "outFeatures", outFeatures, "size");
  requireOptions(operation, options, linearOptions);
  return options.bias ?? true;
}

/** The outputs `[…, outFeatures]` for `[…, inFeatures]`, by a product of rows. */
export function alongLastAxis(operation: string, x: Tensor, { inFeatures, outFeatures }: { readonly inFeatures: number; readonly outFeatures: number }, product: (rows: Tensor) => Tensor): Tensor {
  requireTensor(operation, x);
  requireDType(operation, x.dtype, ["float32"]);
  if (x.shape.at(-1) !== inFeatures) throw new ShapeError(`${operation}: input is ${formatShape(x.shape)}, expected […, ${inFeatures}]`);
  const leading = x.shape.slice(0, -1);
  return reshape(product(reshape(x, [sizeOf(leading), inFeatures])), [...leading, outFeatures]);
}
