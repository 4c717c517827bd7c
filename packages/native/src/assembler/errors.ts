/** Machine code was written wrongly. */
export class AssemblerError extends Error {
  override readonly name: string = "AssemblerError";
}
