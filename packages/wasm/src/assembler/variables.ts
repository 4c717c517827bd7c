import { refuseArgument } from "../arguments.js";
import type { CodeWriter } from "./code-writer.js";
import { asExpr, Computed, Expr, type Operand } from "./expression.js";
import { AssemblerError, type ValueType } from "./types.js";

/** The part of a function in which a local exists. Its index may be used again afterwards. */
export interface LocalScope {
  readonly code: CodeWriter;
  open: boolean;
}

/** A variable of one function. As an expression, it is the value when the code runs. */
export class Local<T extends ValueType> extends Expr<T> {
  readonly #index: number;
  readonly #scope: LocalScope;

  constructor(type: T, index: number, scope: LocalScope) {
    super(type);
    this.#index = index;
    this.#scope = scope;
  }

  override emit(code: CodeWriter): void {
    this.emitAccess(code, 0x20);
  }

  /** Writes `local.get` (0x20), `local.set` (0x21) or `local.tee` (0x22). */
  emitAccess(code: CodeWriter, opcode: 0x20 | 0x21 | 0x22): void {
    if (this.#scope.code !== code) {
      throw new AssemblerError(
        `local ${this.#index} (${this.type}) belongs to another function; pass its value as a parameter`,
      );
    }
    if (!this.#scope.open) {
      throw new AssemblerError(
        `local ${this.#index} (${this.type}) is used after the end of the block that declares it; declare it outside`,
      );
    }
    code.byte(opcode);
    code.u32(this.#index);
  }
}

/** Refuses values that are not locals. */
export function requireLocal(user: string, local: unknown): void {
  if (!(local instanceof Local)) refuseArgument(user, "local", local, "a local of the function");
}

/** An expression that sets `local` to `value` and has that value. */
export function tee<T extends ValueType>(local: Local<T>, value: Operand<NoInfer<T>>): Expr<T> {
  requireLocal("tee", local);
  const computed = asExpr(local.type, value, "tee");
  return new Computed(local.type, (code) => {
    computed.emit(code);
    local.emitAccess(code, 0x22);
  });
}
