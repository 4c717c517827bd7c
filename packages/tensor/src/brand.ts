/** The property that marks tensors of every copy of this package. Its value identifies the copy. */
export const brand: unique symbol = Symbol.for("@nn/tensor");

/** This copy of the package. */
export const thisCopy: object = Object.freeze({});

/** The mark of a tensor. Files that must not import `Tensor` recognise tensors by this mark. */
export interface Branded {
  readonly [brand]: object;
}

/** Whether a value is a tensor of this copy of the package. */
export function isOwnTensor(value: unknown): boolean {
  return typeof value === "object" && value !== null && (value as Partial<Branded>)[brand] === thisCopy;
}

/** Whether a value is a tensor of any copy of this package. */
export function isAnyTensor(value: unknown): boolean {
  return typeof value === "object" && value !== null && brand in value;
}

/** The property that marks variables of every copy of this package. */
export const variableBrand: unique symbol = Symbol.for("@nn/tensor/variable");

/** Whether a value is a variable of any copy of this package. */
export function isVariable(value: unknown): boolean {
  return typeof value === "object" && value !== null && variableBrand in value;
}
