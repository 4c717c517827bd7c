/** Where a number that is NaN or infinite came up. */
export interface NonFiniteOrigin {
  /** The primitive that gave it: `log`, `div`, `matmul`, …; `undefined` if it was there before, in an argument or a variable. */
  readonly operation: string | undefined;
  /** The path of the module, such as `blocks.2.attention`; `""` for the outermost one and outside of modules. */
  readonly module: string;
  /** The operation whose gradient was computed. */
  readonly gradientOf: string | undefined;
  /** The first such number: NaN, Infinity or −Infinity. */
  readonly value: number;
  /** The line of the user's program: file, line and column; `undefined` if no line outside the library is known. */
  readonly line: string | undefined;
  /** Where the infinity came up from which the operation made NaN. */
  readonly cause: NonFiniteOrigin | undefined;
  /** One sentence. */
  readonly description: string;
}

/** A function checked by `withNaNCheck` gave NaN or infinity. */
export class NonFiniteError extends Error implements NonFiniteOrigin {
  override readonly name = "NonFiniteError";
  readonly operation: string | undefined;
  readonly module: string;
  readonly gradientOf: string | undefined;
  readonly value: number;
  readonly line: string | undefined;
  override readonly cause: NonFiniteOrigin | undefined;
  readonly description: string;

  /** @param where - what holds the number in the end, such as `the result`. */
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
