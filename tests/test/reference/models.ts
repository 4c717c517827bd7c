import { Module, Sequential, type TensorModule } from "@nn/layers";
import { mean, select, type Tensor } from "@nn/tensor";
import { Arguments } from "./arguments.js";
import type { CalledModule } from "./called-module.js";
import { constructModule } from "./called-modules.js";
import type { Part } from "./format.js";
import { modules } from "./modules.js";
import { lookUp } from "./outcome.js";

type NamedPart = Part & { readonly name: string };

/** Constructs a module, and refuses arguments that are not used. */
function constructed<T>({ type, args }: Part, make: (type: string, args: Arguments) => T): T {
  const read = new Arguments(args);
  const made = make(type, read);
  read.requireAllRead(type);
  return made;
}

const constructPart = (part: Part): CalledModule => constructed(part, (type, args) => constructModule(type, args, "float32"));

const constructLayer = (part: Part): TensorModule => constructed(part, (type, args) => {
  args.only("inplace", true, false);
  return lookUp(modules, type)(args, "float32");
});

/** Modules by name, and a forward pass that uses them. */
class Model extends Module {
  readonly #parts: Readonly<Record<string, CalledModule>>;
  readonly #run: (parts: (name: string) => (x: Tensor) => Tensor, x: Tensor) => Tensor;

  constructor(parts: readonly NamedPart[], run: (parts: (name: string) => (x: Tensor) => Tensor, x: Tensor) => Tensor) {
    super();
    this.#parts = Object.fromEntries(parts.map((part) => [part.name, constructPart(part)]));
    this.#run = run;
  }

  forward(x: Tensor): Tensor {
    return this.#run((name) => (input) => lookUp(this.#parts, name).call({ [name === "encoder" ? "src" : "input"]: input })[0] as Tensor, x);
  }

  protected override fields(): Iterable<readonly [name: string, value: unknown]> {
    return Object.entries(this.#parts).map(([name, { module }]) => [name, module] as const);
  }
}

/** Our model for the recorded one, by the text of its forward pass. */
export const models: Readonly<Record<string, (parts: readonly NamedPart[]) => TensorModule>> = {
  sequential: (parts) => new Sequential(...parts.map(constructLayer)),
  "y, _ = lstm(x); logits = head(y[:, -1])": (parts) => new Model(parts, (part, x) => part("head")(select(part("lstm")(x), 1, -1))),
  "logits = head(encoder(x).mean(dim=1))": (parts) => new Model(parts, (part, x) => part("head")(mean(part("encoder")(x), 1))),
};
