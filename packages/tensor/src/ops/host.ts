import { requireKind } from "../arguments/kinds.js";
import { requireOptions, type OptionKinds } from "../arguments/options.js";
import { dtypes, type DType } from "../dtype.js";
import { apply } from "../interpreter/stack.js";
import * as primitives from "../primitives/all.js";
import { requireShape } from "../shape.js";
import type { Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";

/** The type of a {@link host} value. */
export interface HostOptions {
  /** Default `[]`: a scalar. */
  readonly shape?: Shape | undefined;
  /** Default float32. */
  readonly dtype?: DType | undefined;
}

const hostOptions: OptionKinds<HostOptions> = { shape: "any", dtype: dtypes };

/**
 * A value that JavaScript computes anew for every execution: at once in eager execution, before each call in a compiled
 * function. It is how what changes from step to step, such as a learning rate, enters a compiled program.
 *
 * `callback` gives a number for a scalar, otherwise the row-major elements. State that it changes belongs into a {@link HostState}, so that a
 * call that fails changes nothing.
 */
export function host(callback: () => number | readonly number[], options: HostOptions = {}): Tensor {
  requireKind("host", "the callback", callback, "function");
  requireOptions("host", options, hostOptions);
  const { shape = [], dtype = "float32" } = options;
  requireShape("host", shape, dtype);
  return apply(primitives.host, [], { shape: [...shape], dtype, callback });
}
