import type { Storage, Tensor, Variable } from "@nn/tensor";
import { currentScope, inScope, sameShape } from "@nn/tensor/extend";
import { currentInterpreter, type Application, type InputsOf, type Interpreter, type Primitive } from "@nn/tensor/interpreter";
import { Level, type Call } from "./level.js";

/** The number of a tensor in a program. */
type ValueNumber = number;

interface Step {
  readonly inputs: readonly ValueNumber[];
  readonly outputs: readonly ValueNumber[];
  readonly run: (inputs: readonly Tensor[]) => readonly Tensor[];
}

/** The operations that compute some tensors from others, without the intermediate tensors. */
export interface RecordedProgram {
  /** The tensors from outside that it uses. */
  readonly inputs: readonly Tensor[];
  /** The tensors that it makes for outside: results, and new values of variables. */
  readonly outputs: readonly Tensor[];
  /** Repeats the operations that the wanted outputs need, with other inputs. It neither reads nor writes variables. */
  readonly replay: (inputs: readonly Tensor[], wanted: readonly boolean[]) => readonly (Tensor | undefined)[];
}

/**
 * Records operations without keeping intermediate tensors, so that they can be repeated. It keeps host values and values of
 * variables, so that a repetition gives the same numbers.
 */
export class Recording extends Level {
  readonly below: Interpreter;
  /** The level that the recorded program runs for. It resolves variables, and records the whole program as one call. */
  readonly #outer: Level;
  readonly #steps: Step[] = [];
  readonly #inputs = new Map<ValueNumber, Tensor>();
  readonly #numbers = new Map<Tensor, ValueNumber>();
  /** Recorded tensors by storage: `detach` returns a tensor with the same storage. */
  readonly #stored = new Map<Storage, Tensor[]>();
  readonly #tracked = new Set<Tensor>();
  readonly #written = new Set<Tensor>();

  constructor(below: Interpreter, outer: Level) {
    super();
    this.below = below;
    this.#outer = outer;
  }

  bind<P extends Primitive>(application: Application<P>): Tensor {
    const { definition, inputs } = application;
    const output = this.below.bind(application);
    // A host value may differ in a second call, so it is kept like an input.
    if (definition.name === "hostCallback") return output;
    this.#addStep(inputs, [output], applying(application));
    return output;
  }

  read(variable: Variable): Tensor {
    return this.#outer.read(variable);
  }

  write(variable: Variable, value: Tensor): void {
    this.#written.add(value);
    this.#outer.write(variable, value);
  }

  tracks(tensor: Tensor): boolean {
    return this.#tracked.has(tensor) || this.#outer.tracks(tensor);
  }

  watches(variable: Variable): boolean {
    return this.#outer.watches(variable);
  }

  record({ inputs, outputs, run }: Call): void {
    this.#addStep(inputs, outputs, run);
  }

  /** The program that computed `results`. Results that came from outside are not its outputs. */
  finish(results: readonly Tensor[]): RecordedProgram {
    const made = [...new Set([...results, ...this.#written])].flatMap((tensor) => {
      const number = this.#numbers.get(tensor);
      return number === undefined || this.#inputs.has(number) ? [] : [{ tensor, number }];
    });
    return {
      inputs: [...this.#inputs.values()],
      outputs: made.map(({ tensor }) => tensor),
      replay: replayOf(this.#steps, [...this.#inputs.keys()], made.map(({ number }) => number)),
    };
  }

  #addStep(inputs: readonly Tensor[], outputs: readonly Tensor[], run: Step["run"]): void {
    const numbers = inputs.map((input) => this.#numberOf(input));
    if (inputs.some((input) => this.tracks(input))) outputs.forEach((output) => this.#tracked.add(output));
    this.#steps.push({ inputs: numbers, outputs: outputs.map((output) => this.#add(output)), run });
  }

  #numberOf(tensor: Tensor): ValueNumber {
    const known = this.#numbers.get(tensor);
    if (known !== undefined) return known;
    // A tensor through which gradients flow is no detached alias, even if a detached alias of it came first.
    const sharing = this.tracks(tensor) ? [] : (this.#stored.get(tensor.storage) ?? []);
    const original = sharing.find((each) => each.dtype === tensor.dtype && sameShape(each.shape, tensor.shape));
    const number = this.#add(tensor);
    if (original === undefined) this.#inputs.set(number, tensor);
    else this.#steps.push({ inputs: [this.#numbers.get(original) as ValueNumber], outputs: [number], run: detachAll });
    return number;
  }

  #add(tensor: Tensor): ValueNumber {
    const number = this.#numbers.size;
    this.#numbers.set(tensor, number);
    const sharing = this.#stored.get(tensor.storage);
    if (sharing === undefined) this.#stored.set(tensor.storage, [tensor]);
    else sharing.push(tensor);
    return number;
  }
}

// The steps of a program are made outside of the recording so that they do not keep its tensors alive. For the
// same reason the type is a copy: that of an application may be one of its inputs.

function applying<P extends Primitive>({ definition, attributes, type: { shape, dtype } }: Application<P>): Step["run"] {
  const type = { shape, dtype };
  const scope = currentScope();
  return (inputs) => [inScope(scope, () => currentInterpreter().bind({ definition, inputs: inputs as InputsOf<P, Tensor>, attributes, type }))];
}

function detachAll(tensors: readonly Tensor[]): readonly Tensor[] {
  return tensors.map((tensor) => tensor.detach());
}

function replayOf(steps: readonly Step[], inputs: readonly ValueNumber[], outputs: readonly ValueNumber[]): RecordedProgram["replay"] {
  return (tensors, wanted) => {
    const values = new Map(inputs.map((number, index) => [number, tensors[index] as Tensor]));
    for (const step of neededSteps(steps, outputs.filter((_, index) => wanted[index] === true))) {
      const given = step.run(step.inputs.map((number) => values.get(number) as Tensor));
      step.outputs.forEach((number, index) => values.set(number, given[index] as Tensor));
    }
    return outputs.map((number) => values.get(number));
  };
}

/** The steps that the wanted values depend on, in order. */
function neededSteps(steps: readonly Step[], wanted: readonly ValueNumber[]): Step[] {
  const reached = new Set(wanted);
  const needed = steps.toReversed().filter(({ inputs, outputs }) => {
    const used = outputs.some((number) => reached.has(number));
    if (used) inputs.forEach((number) => reached.add(number));
    return used;
  });
  return needed.toReversed();
}
