/** A traced function did what cannot be compiled: it read a value, kept a tensor, or created a variable. */
export class TraceError extends Error {
  override readonly name = "TraceError";
}

/** An internal error: a graph or a program breaks the rules that every stage must keep. It is a defect of the compiler. */
export class GraphError extends Error {
  override readonly name = "GraphError";
}
