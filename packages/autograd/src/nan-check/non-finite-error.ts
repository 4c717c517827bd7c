/** Where a NaN or an infinity first appeared. */
export interface NonFiniteOrigin {
  /** The primitive that gave it: `log`, `div`, `matmul`, …; `undefined` if an argument or a variable already held it. */
  readonly operation: string | undefined;
  /** The path of the module, such as `blocks.2.attention`; `""` for the outermost one and outside of modules. */
  readonly module: string;
  /** The operation whose gradient was being computed; `undefined` in the forward pass. */
  readonly gradientOf: string | undefined;
  /** The number: NaN, Infinity or −Infinity. */
  readonly value: number;
  /** The line of the user's program: file, line and column; `undefined` if no line outside the library is known. */
  readonly line: string | undefined;
  /** For a NaN that was computed from an infinity: where the infinity first appeared. */
  readonly cause: NonFiniteOrigin | undefined;
  /** All of this in one sentence. */
  readonly description: string;
}

/** A function that `withNaNCheck` checks gave NaN or infinity. */
export class NonFiniteError extends Error implements NonFiniteOrigin {
  override readonly name = "NonFiniteError";
  readonly operation: string | undefined;
  readonly module: string;
  readonly gradientOf: string | undefined;
  readonly value: number;
  readonly line: string | undefined;
  override readonly cause: NonFiniteOrigin | undefined;
  readonly description: string;

  /** @param where - what holds the number, such as `the result`. */
  constructor(where: string, origin: NonFiniteOrigin) {
    const cause = origin.cause === undefined ? "" : `; before, ${origin.cause.description}`;
    super(`withNaNCheck: ${where} is not finite: ${origin.description}${cause}`);
    this.operation = origin.operation;
    this.module = origin.module;
    this.gradientOf = origin.gradientOf;
    this.value = origin.value;
    this.line = origin.line;
    this.cause = origin.cause;
    this.description = origin.description;
  }
}
