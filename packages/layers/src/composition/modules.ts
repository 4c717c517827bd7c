import { UsageError } from "@nn/tensor";
import { describeValue } from "@nn/tensor/extend";
import { Module, type TensorModule, watchOwnForward } from "../module.js";

/** Refuses values that are not modules, such as a list of modules, a function, a class, or another object with a `forward`. */
export function requireModules(owner: string, modules: readonly unknown[]): asserts modules is readonly TensorModule[] {
  for (const [at, each] of modules.entries()) {
    if (each instanceof Module) {
      watchOwnForward(each);
      continue;
    }
    const found = Array.isArray(each) ? "a list; hand its modules over one by one (...modules)"
      : typeof each === "function" ? "a function or a class; make a module with new, and write a function as the forward of a class that extends Module"
      : typeof each === "object" && each !== null && "forward" in each ? `${describeValue(each)} with a forward that does not extend Module of this copy of @nn/layers`
      : describeValue(each);
    throw new UsageError(`${owner}: argument ${at} is ${found}, expected a module with forward(x)`);
  }
}
