import { refuseArgument, requireArgument } from "../arguments.js";
import type { ByteWriter } from "./byte-writer.js";
import { CodeWriter, type ModuleContext } from "./code-writer.js";
import { Effects } from "./effects.js";
import { asExpr, Constant, type Expr, type Operand, requireExpr } from "./expression.js";
import {
  type Arguments,
  type FunctionHandle,
  orderedArguments,
  type ParameterLocals,
  type Parameters,
} from "./functions.js";
import { i32 } from "./operators.js";
import { AssemblerError, codeOf, type ValueType } from "./types.js";
import { Local, type LocalScope, requireLocal } from "./variables.js";

/** The target of a branch: the end of a `block`, or the beginning of a `loop`. These methods make it. */
export class Label {
  readonly #code: CodeWriter;
  readonly #depth: number;
  #open = true;

  constructor(code: CodeWriter, depth: number) {
    this.#code = code;
    this.#depth = depth;
  }

  /** How many blocks a branch leaves if `depth` blocks are open. */
  distance(code: CodeWriter, depth: number): number {
    if (this.#code !== code || !this.#open) {
      throw new AssemblerError("branch: the label's block has ended; branch from inside its callback only");
    }
    return depth - this.#depth;
  }

  /** Marks the block as ended. The builder calls it. */
  close(): void {
    this.#open = false;
  }
}

/** How `forRange` compares. */
export interface ForRangeOptions {
  /** Whether to compare as unsigned integers, for loops over addresses, which may lie above 2 GiB. Default false. */
  readonly unsigned?: boolean;
}

/** The value that the body of a function with result `R` returns, and that `b.return` takes. */
export type FunctionResult<R extends ValueType | "void"> = R extends ValueType ? Operand<R> : void;

// Control instructions (Core Specification, §5.4.1).
const opUnreachable = 0x00;
const opBlock = 0x02;
const opLoop = 0x03;
const opIf = 0x04;
const opElse = 0x05;
const opEnd = 0x0b;
const opBr = 0x0c;
const opBrIf = 0x0d;
const opBrTable = 0x0e;
const opReturn = 0x0f;
const opDrop = 0x1a;

/**
 * Writes the body of one function, statement by statement: stores with `b.f32.store`, `b.v128.store`, `b.memory.fill`
 * and so on, variables with `let`, `local` and `set`, control flow with callbacks.
 *
 * A local belongs to the innermost block that declares it (the callback of `block`, `loop`, `if`, `while`, `forRange` or
 * `scope`). Its index is used again after that block; using the local there is an error.
 */
export class FunctionBuilder<R extends ValueType | "void"> extends Effects {
  readonly #code: CodeWriter;
  readonly #result: R;
  readonly #parameterCount: number;
  readonly #localTypes: ValueType[] = [];
  readonly #freeSlots: { readonly [T in ValueType]: number[] } = { i32: [], i64: [], f32: [], f64: [], v128: [] };
  #scope: LocalScope;
  #declared: { readonly type: ValueType; readonly slot: number }[] = [];
  #depth = 0;
  #openLoops = 0;

  /** Not for direct use: `ModuleBuilder.function` passes a builder to its callback. */
  constructor(module: ModuleContext, parameterCount: number, result: R) {
    const code = new CodeWriter(module);
    super(code);
    this.#code = code;
    this.#result = result;
    this.#parameterCount = parameterCount;
    this.#scope = { code, open: true };
  }

  /** The parameters as locals. Called by `ModuleBuilder.function`. */
  parameterLocals<P extends Parameters>(params: P): ParameterLocals<P>;
  parameterLocals(params: Parameters): ParameterLocals<Parameters> {
    const locals = Object.entries(params).map(([name, type], at) => [name, new Local(type, at, this.#scope)] as const);
    return Object.fromEntries(locals);
  }

  /** Declares a variable that is set to `initial` (default zero) each time control passes here. */
  local<T extends ValueType>(type: T, initial?: Operand<NoInfer<T>>): Local<T> {
    codeOf("local", type);
    const free = this.#freeSlots[type].pop();
    const slot = free ?? this.#parameterCount + this.#localTypes.length;
    if (free === undefined) this.#localTypes.push(type);
    this.#declared.push({ type, slot });
    const local = new Local(type, slot, this.#scope);
    if (initial !== undefined) this.set(local, initial);
    // A new local is zero when the function begins, which is enough if control passes here once.
    else if (free !== undefined || this.#openLoops > 0) this.set<ValueType>(local, zero(type));
    return local;
  }

  /** Computes `value` here, once, and stores it in a local. */
  let<T extends ValueType>(value: Expr<T>): Local<T> {
    requireExpr("let", "the value", value);
    return this.local<T>(value.type, value);
  }

  /** Sets a local to `value`. */
  set<T extends ValueType>(local: Local<T>, value: Operand<NoInfer<T>>): void {
    requireLocal("set", local);
    asExpr<T>(local.type, value, "set").emit(this.#code);
    local.emitAccess(this.#code, 0x21);
  }

  /** Computes `value` for its effect (an atomic read-modify-write, `memory.grow`) and drops it. */
  drop(value: Expr<ValueType>): void {
    requireExpr("drop", "the value", value);
    value.emit(this.#code);
    this.#code.byte(opDrop);
  }

  /** Calls a function for its effect; a result is dropped. For the result see the expression `call`. */
  call<P extends Parameters>(target: FunctionHandle<P, ValueType | "void">, values: Arguments<P>): void {
    const ordered = orderedArguments(target, values);
    target.emitCall(this.#code, ordered);
    if (target.result !== "void") this.#code.byte(opDrop);
  }

  /** Writes a block of statements. A branch to `exit` leaves it. */
  block(body: (exit: Label) => void): void {
    this.#nest(opBlock, body);
  }

  /** Writes a loop. A branch to `again` repeats it; without a branch it runs once. */
  loop(body: (again: Label) => void): void {
    this.#openLoops++;
    this.#nest(opLoop, body);
    this.#openLoops--;
  }

  /** Runs `then` if `condition` is not zero, else `otherwise`. */
  if(condition: Operand<"i32">, then: () => void, otherwise?: () => void): void {
    asExpr("i32", condition, "if: condition").emit(this.#code);
    this.#nest(opIf, then, otherwise);
  }

  /** Repeats `body` as long as `condition`, computed before each iteration, is not zero. */
  while(condition: Expr<"i32">, body: (exit: Label) => void): void {
    requireBody("while", body);
    this.block((exit) => {
      this.loop((again) => {
        this.brIf(exit, i32.eqz(condition));
        body(exit);
        this.br(again);
      });
    });
  }

  /**
   * Runs `body` for `i` = `start`, `start + step`, ... as long as `i < end`. A branch to `exit` leaves the loop.
   *
   * `start` and `end` are computed once, before the loop (a local given as `end` is read before each iteration). They are
   * compared as signed integers, so `end` may be negative (`n - 3` for a loop in steps of 4); see `unsigned`.
   * `end + step` must not overflow.
   */
  forRange(
    start: Operand<"i32">,
    end: Operand<"i32">,
    step: number,
    body: (i: Local<"i32">, exit: Label) => void,
    options: ForRangeOptions = {},
  ): void {
    if (!Number.isInteger(step) || step < 1 || step >= 2 ** 31) {
      throw new AssemblerError(`forRange: expected a step that is a whole number in 1 .. 2^31-1, got ${step}`);
    }
    requireBody("forRange", body);
    const lessThan = options.unsigned === true ? i32.lt_u : i32.lt_s;
    this.scope(() => {
      const limit = asExpr("i32", end, "forRange: end");
      const fixed = limit instanceof Constant || limit instanceof Local ? limit : this.let(limit);
      const i = this.local("i32", start);
      const iterations = (exit: Label): void => {
        this.loop((again) => {
          body(i, exit);
          this.set(i, i32.add(i, step));
          this.brIf(again, lessThan(i, fixed));
        });
      };
      if (typeof start === "number" && typeof end === "number" && 0 <= start && start < end && end < 2 ** 31) {
        this.block(iterations);
      } else {
        lessThan(i, fixed).emit(this.#code);
        this.#nest(opIf, iterations);
      }
    });
  }

  /** Limits the locals of `body` to it. Adds no code of its own. */
  scope(body: () => void): void {
    requireBody("scope", body);
    const outer = this.#scope;
    const declaredOutside = this.#declared;
    this.#scope = { code: this.#code, open: true };
    this.#declared = [];
    body();
    this.#scope.open = false;
    for (const { type, slot } of this.#declared) this.#freeSlots[type].push(slot);
    this.#scope = outer;
    this.#declared = declaredOutside;
  }

  /** Branches to `label`. */
  br(label: Label): void {
    this.#code.byte(opBr);
    this.#leave(label);
  }

  /** Branches to `label` if `condition` is not zero. */
  brIf(label: Label, condition: Operand<"i32">): void {
    asExpr("i32", condition, "brIf: condition").emit(this.#code);
    this.#code.byte(opBrIf);
    this.#leave(label);
  }

  /** Branches to `labels[index]`, or to `otherwise` if `index`, as an unsigned number, is out of range. */
  brTable(index: Operand<"i32">, labels: readonly Label[], otherwise: Label): void {
    asExpr("i32", index, "brTable: index").emit(this.#code);
    this.#code.byte(opBrTable);
    requireArgument("brTable", "labels", labels, "array");
    this.#code.u32(labels.length);
    for (const label of [...labels, otherwise]) this.#leave(label);
  }

  /** Leaves the function, with `value` if it has a result. */
  return(value: FunctionResult<R>): void {
    this.#emitResult(value);
    this.#code.byte(opReturn);
  }

  /** Traps: the caller gets a `WebAssembly.RuntimeError`. */
  unreachable(): void {
    this.#code.byte(opUnreachable);
  }

  /** Ends the body with its result and appends it to a code section. `ModuleBuilder.function` calls it. */
  finish(value: FunctionResult<R>, section: ByteWriter, scratch: ByteWriter): void {
    this.#emitResult(value);
    this.#code.byte(opEnd);
    this.#scope.open = false;
    scratch.clear();
    this.#writeLocals(scratch);
    section.u32(scratch.length + this.#code.length);
    section.append(scratch);
    section.append(this.#code);
  }

  /** Writes how many blocks a branch to `label` leaves. */
  #leave(label: Label): void {
    if (!(label instanceof Label)) refuseArgument("branch", "label", label, "a label of an open block");
    this.#code.u32(label.distance(this.#code, this.#depth));
  }

  #emitResult(value: Operand<ValueType> | void): void {
    if (this.#result === "void") return;
    if (value === undefined)
      throw new AssemblerError(`function: expected the body to return its result (${this.#result}), got nothing`);
    asExpr<ValueType>(this.#result, value, "function: result").emit(this.#code);
  }

  /** Writes the locals as runs of one type (Core Specification, §5.5.13). */
  #writeLocals(out: ByteWriter): void {
    const starts = this.#localTypes.flatMap((type, at) => (type === this.#localTypes[at - 1] ? [] : [at]));
    out.u32(starts.length);
    starts.forEach((start, run) => {
      const type = this.#localTypes[start];
      out.u32((starts[run + 1] ?? this.#localTypes.length) - start);
      if (type !== undefined) out.byte(codeOf("local", type));
    });
  }

  #nest(kind: 0x02 | 0x03 | 0x04, body: (label: Label) => void, otherwise?: () => void): void {
    this.#code.byte(kind);
    this.#code.byte(0x40); // no parameters, no results
    this.#depth++;
    const label = new Label(this.#code, this.#depth);
    requireBody("FunctionBuilder", body);
    this.scope(() => body(label));
    if (otherwise !== undefined) {
      this.#code.byte(opElse);
      this.scope(otherwise);
    }
    label.close();
    this.#depth--;
    this.#code.byte(opEnd);
  }
}

function requireBody(user: string, body: unknown): void {
  requireArgument(user, "body", body, "function");
}

function zero(type: ValueType): Expr<ValueType> {
  if (type === "v128") return new Constant(type, new Uint8Array(16));
  return new Constant(type, type === "i64" ? 0n : 0);
}
