/** A tensor has the wrong rank or sizes for an operation. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";
}

/** A tensor has an element type that an operation does not accept. */
export class DTypeError extends Error {
  override readonly name = "DTypeError";
}

/** An argument that is not a tensor's shape or dtype (an axis, an index, a count, an option) is out of its range. */
export class ArgumentError extends Error {
  override readonly name = "ArgumentError";
}

/** Something was asked for where it cannot be had: the value of a traced tensor, a tensor of another copy of the library. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
