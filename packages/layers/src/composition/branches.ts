import { ArgumentError, type Tensor } from "@nn/tensor";
import { requireKind } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { requireModules } from "./modules.js";
import type { TensorModule } from "../sequential.js";

/** Modules that all take the same input. Their names are their places: `"0.weight"`, `"1.bias"`. */
export abstract class Branches<const Modules extends readonly TensorModule[] = readonly TensorModule[]> extends Module {
  readonly #branches: Modules;

  constructor(branches: Modules) {
    super();
    requireKind(this.constructor.name, "branches", branches, "list");
    if (branches.length === 0) throw new ArgumentError(`${this.constructor.name}: no branches, expected at least one module`);
    requireModules(this.constructor.name, branches);
    this.#branches = branches;
  }

  /** The modules, in order. */
  get branches(): Modules {
    return this.#branches;
  }

  /** What each of the modules gives. */
  protected outputs(x: Tensor): Tensor[] {
    return this.#branches.map((branch) => branch.forward(x));
  }

  protected override fields(): Iterable<readonly [name: string, value: unknown]> {
    return [...super.fields(), ...Object.entries(this.#branches)];
  }
}
