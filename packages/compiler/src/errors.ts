/** Something that cannot be compiled was done while a function was traced: reading a value, keeping a tensor, making a variable. */
export class TraceError extends Error {
  override readonly name = "TraceError";
}

/** A graph breaks the rules that every pass must keep; a defect of the compiler, not of the program. */
export class GraphError extends Error {
  override readonly name = "GraphError";
}
