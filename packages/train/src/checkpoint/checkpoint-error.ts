/** A checkpoint that cannot be read, or that does not fit the objects that would continue from it. */
export class CheckpointError extends Error {
  override readonly name = "CheckpointError";
}
