import { UsageError } from "@nn/tensor";
import type { TensorModule } from "../sequential.js";

/** Refuses what has no `forward`: a list of modules, a function, a class. */
export function requireModules(owner: string, modules: readonly unknown[]): asserts modules is readonly TensorModule[] {
  for (const [at, each] of modules.entries()) {
    if (typeof each === "object" && each !== null && "forward" in each) continue;
    const found = Array.isArray(each) ? "a list; hand its modules over one by one (...modules)"
      : typeof each === "function" ? "a function or a class; make a module with new, and write a function as the forward of a class that extends Module"
      : String(each);
    throw new UsageError(`${owner}: argument ${at} is ${found}, expected a module with forward(x)`);
  }
}
