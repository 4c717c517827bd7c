import { currentScope, type Scope } from "@nn/tensor/extend";

/** A module, as far as its scope needs it. */
export interface ScopedModule {
  namedModules(): ReadonlyMap<string, object>;
}

/** The scope of the operations in the `forward` of a module. Its path says by which names the callers hold the module, from the outermost one on. */
export class ModuleScope implements Scope {
  readonly module: ScopedModule;
  readonly outer = currentScope();
  #path: string | undefined;

  constructor(module: ScopedModule) {
    this.module = module;
  }

  get path(): string {
    return (this.#path ??= this.#find());
  }

  /** Where the nearest caller that holds the module holds it. A module that no caller holds, such as a hidden teacher, is called by its class. */
  #find(): string {
    let at = this.outer;
    for (; at instanceof ModuleScope; at = at.outer) {
      const name = nameIn(at.module, this.module);
      if (name !== undefined) return joined(at.path, name);
    }
    return this.outer === undefined ? "" : joined(this.outer.path, `(${this.module.constructor.name})`);
  }
}

function joined(path: string, name: string): string {
  return path === "" || name === "" ? path + name : `${path}.${name}`;
}

function nameIn(owner: ScopedModule, module: ScopedModule): string | undefined {
  try {
    return [...owner.namedModules()].find(([, each]) => each === module)?.[0];
  } catch {
    // The names of a module that contains itself cannot be listed, which must not hide the error that is being located.
    return undefined;
  }
}
