/** A tensor has the wrong rank or sizes for an operation. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";
}

/** A tensor has an element type that an operation does not accept. */
export class DTypeError extends Error {
  override readonly name = "DTypeError";
}

/** An argument (an axis, an index, a count, an option) is out of its range. For shapes and dtypes of tensors there are {@link ShapeError} and {@link DTypeError}. */
export class ArgumentError extends Error {
  override readonly name = "ArgumentError";
}

/** Something is not available here, such as the value of a traced tensor, or is used in the wrong way, such as a tensor of another copy of the library. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
