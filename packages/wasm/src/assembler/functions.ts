import { refuseArgument, requireArgument } from "../arguments.js";
import type { CodeWriter } from "./code-writer.js";
import { asExpr, Computed, type Expr, type Operand } from "./expression.js";
import type { Local } from "./variables.js";
import { AssemblerError, type ValueType } from "./types.js";

/** Names and types of a function's parameters, in order. */
export type Parameters = { readonly [name: string]: ValueType };

/** The parameters of a function as locals of its body. */
export type ParameterLocals<P extends Parameters> = { readonly [N in keyof P]: Local<P[N]> };

/** One operand for each parameter, by name. */
export type Arguments<P extends Parameters> = { readonly [N in keyof P]: Operand<P[N]> };

/** A function of a module: defined in it or imported. */
export class FunctionHandle<P extends Parameters, R extends ValueType | "void"> {
  readonly name: string;
  readonly parameters: P;
  readonly result: R;
  /** Position among the functions of the module, imports first. */
  readonly index: number;
  readonly #owner: object;

  constructor(name: string, parameters: P, result: R, index: number, owner: object) {
    this.name = name;
    this.parameters = parameters;
    this.result = result;
    this.index = index;
    this.#owner = owner;
  }

  /** Appends the arguments in order and the call. */
  emitCall(code: CodeWriter, values: readonly Expr<ValueType>[]): void {
    if (this.#owner !== code.module)
      throw new AssemblerError(`call: ${this.name} belongs to another module; import it`);
    for (const value of values) value.emit(code);
    code.byte(0x10);
    code.u32(this.index);
  }
}

/** The arguments of a call in the order of the parameters. */
export function orderedArguments<P extends Parameters>(
  target: FunctionHandle<P, ValueType | "void">,
  values: Arguments<P>,
): readonly Expr<ValueType>[] {
  if (!(target instanceof FunctionHandle)) refuseArgument("call", "target", target, "a function of the module");
  requireArgument("call", "values", values, "object");
  return Object.entries(target.parameters).map(([name, type]) => {
    const value: Operand<ValueType> | undefined = values[name];
    if (value === undefined) {
      const expected = Object.keys(target.parameters).join(", ");
      throw new AssemblerError(`call: ${target.name} expects ${expected}; got no ${name}`);
    }
    return asExpr<ValueType>(type, value, `call: ${target.name}: ${name}`);
  });
}

/** The result of calling a function: `call(exp, { x })`. For a call made for its effect see `b.call`. */
export function call<P extends Parameters, R extends ValueType>(
  target: FunctionHandle<P, R>,
  values: Arguments<P>,
): Expr<R> {
  const ordered = orderedArguments(target, values);
  return new Computed(target.result, (code) => target.emitCall(code, ordered));
}
