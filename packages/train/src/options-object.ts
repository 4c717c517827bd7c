import { ArgumentError } from "@nn/tensor";
import { describeValue } from "@nn/tensor/extend";

/** @throws ArgumentError unless options that may not be left out are an object. */
export function requireOptionsObject(operation: string, options: unknown, example: string): void {
  if (typeof options !== "object" || options === null) throw new ArgumentError(`${operation}: the options are ${describeValue(options)}, expected an object such as ${example}`);
}
