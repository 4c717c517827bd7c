import {
  cast, DTypeError, flatten, indexSelect, notEqual, reshape, ShapeError, squeeze, unsqueeze, where, type Shape, type Tensor,
} from "@nn/tensor";
import { apply, formatShape, requireDType, requireTensor, sameShape } from "@nn/tensor/extend";
import * as primitives from "@nn/tensor/primitives";
import { requireNumbers } from "./elements.js";

/** Options of losses over classes. */
export interface ClassOptions {
  /** `[C]`: factor of the losses of each class. The mean divides by the weights of the targets. */
  readonly weight?: Tensor | undefined;
  /** Targets of this class are ignored; default −100. */
  readonly ignoreIndex?: number | undefined;
}

/** The axis of the classes: `[C]` or `[N, C, …]`. */
export function classAxis(x: Tensor): number {
  return x.rank === 1 ? 0 : 1;
}

/** The shape of class indices for `x`: without the axis of the classes. */
function indexShape(x: Tensor): Shape {
  return x.shape.filter((_, axis) => axis !== classAxis(x));
}

/** What a target may hold: the class at each position, or the probability of each class at each position. */
export type TargetKind = "indices" | "probabilities";

/** Which of the accepted kinds a target is, by dtype and shape. Refuses a target of no accepted kind. */
export function kindOfTarget(operation: string, x: Tensor, target: Tensor, accepted: readonly TargetKind[]): TargetKind {
  requireTensor(operation, x);
  requireTensor(operation, target, "target");
  if (x.rank === 0) throw new ShapeError(`${operation}: input is a scalar, expected [C] or [N, C, ...]`);
  requireDType(operation, x.dtype, ["float32", "float64"]);
  const forms = { indices: { dtype: "int32", shape: indexShape(x) }, probabilities: { dtype: x.dtype, shape: x.shape } };
  const kind = accepted.find((each) => target.dtype === forms[each].dtype && sameShape(target.shape, forms[each].shape));
  if (kind !== undefined) return kind;
  const expected = accepted.map((each) => `${each === "indices" ? "class indices" : each}, ${forms[each].dtype} ${formatShape(forms[each].shape)}`);
  const message = `${operation}: target is ${target.dtype} ${formatShape(target.shape)} for input ${formatShape(x.shape)}, expected ${expected.join(", or ")}`;
  if (sameShape(target.shape, forms.indices.shape)) throw new DTypeError(`${message}; convert it with .cast("int32")`);
  const hasClassesLast = sameShape(target.shape, x.shape.slice(0, -1));
  throw new ShapeError(hasClassesLast ? `${message}; classes are on axis 1: reshape the input to [-1, ${x.shape.at(-1)}] and the target to [-1]` : message);
}

/** Refuses weights that are not one for each class. */
export function requireClassWeight(operation: string, x: Tensor, weight: Tensor | undefined): void {
  if (weight === undefined) return;
  requireTensor(operation, weight, "weight");
  const classes = x.shape[classAxis(x)] ?? 0;
  if (!sameShape(weight.shape, [classes])) {
    throw new ShapeError(`${operation}: weight is ${formatShape(weight.shape)}, expected [${classes}], one for each class of input ${formatShape(x.shape)}`);
  }
  if (weight.dtype !== x.dtype) throw new DTypeError(`${operation}: weight has dtype ${weight.dtype}, expected ${x.dtype} as the input`);
  requireNumbers(operation, weight, "weight");
}

/** Values looked up for the targets, each of the shape of the class indices. */
export interface TargetClasses {
  /** The entries of the targets' classes. */
  readonly chosen: Tensor;
  /** The weights of the targets' classes, 0 for the ignored. */
  readonly weights: Tensor;
  /** Which targets are not ignored. */
  readonly counted: Tensor;
}

/** Elements of `x` at class indices along an axis. The error for a class that does not exist names the loss and the position in `target`. */
export function atClasses(operation: string, x: Tensor, index: Tensor, axis: number, target: Tensor): Tensor {
  return apply(primitives.gather, [x, index], { axis, report: { operation, shape: target.shape, axis } });
}

/** Looks up the entry of the target class in `x`, and the weight of the class, at each position. */
export function lookUpClasses(operation: string, x: Tensor, target: Tensor, { weight, ignoreIndex = -100 }: ClassOptions): TargetClasses {
  const axis = classAxis(x);
  const counted = notEqual(target, ignoreIndex);
  const classes = where(counted, target, 0);
  const chosen = squeeze(atClasses(operation, x, unsqueeze(classes, axis), axis, target), axis);
  const weights = weight === undefined
    ? cast(counted, x.dtype)
    : where(counted, reshape(indexSelect(weight, flatten(classes), 0), target.shape), 0);
  return { chosen, weights, counted };
}
