import { Variable, type Tensor } from "@nn/tensor";
import { apply, currentScope, inScope, isFloat, type Scope } from "@nn/tensor/extend";
import { currentInterpreter, withInterpreter, type Application, type Interpreter, type Primitive, type TensorType } from "@nn/tensor/interpreter";
import * as primitives from "@nn/tensor/primitives";
import { unbroadcast } from "./unbroadcast.js";
import { Level, type Call, type Pullback } from "./level.js";
import type { GradientRule, InputVjp } from "./rules/rule.js";
import { rules } from "./rules/table.js";

/** A gradient slot: represents one tensor on the tape, by identity, without keeping its elements alive. */
type GradientSlot = TensorType;

/** Maps the gradients of one step's outputs to those of its inputs. */
interface Entry {
  /** The slots where the gradients of the inputs accumulate; `undefined` for inputs without a gradient. */
  readonly inputs: readonly (GradientSlot | undefined)[];
  readonly outputs: readonly GradientSlot[];
  readonly pullback: (gradients: readonly (Tensor | undefined)[]) => readonly (Tensor | undefined)[];
  /** Where the gradient is computed: where the step ran. */
  readonly scope: Scope;
}

/** What a gradient can be taken with respect to. */
export type Source = Tensor | Variable;

/** A watched variable and, once it is read, its value at this point of the program. */
interface Watched {
  readonly slot: GradientSlot;
  value?: Tensor;
}

/**
 * Records operations that depend on the watched tensors and variables, and passes every operation to the interpreter below. It compares tensors
 * by identity, so the same tensor may be on several tapes, of different levels.
 */
export class Tape extends Level {
  readonly below: Interpreter = currentInterpreter();
  readonly #entries: Entry[] = [];
  readonly #slots = new WeakMap<Tensor, GradientSlot>();
  readonly #variables = new Map<Variable, Watched>();
  /** Whether elements that depend on the watched tensors and variables were read as numbers. Results computed from them have no gradient. */
  wasRead = false;

  /** An alias of the tensor that only this level tracks. Use it in the computation. Levels below know its origin. */
  watch(tensor: Tensor): Tensor {
    const alias = withInterpreter(this.below, () => apply(primitives.reshape, [tensor], { shape: tensor.shape }));
    const own = alias === tensor ? tensor.detach() : alias;
    this.#add(own);
    return own;
  }

  /** From here on the variable's value is an alias that this tape tracks. */
  watchVariable(variable: Variable): void {
    this.#variables.set(variable, { slot: { shape: variable.shape, dtype: variable.dtype } });
  }

  bind<P extends Primitive>(application: Application<P>): Tensor {
    const { definition, inputs, attributes } = application;
    const bound = this.below.bind(application);
    const slots = this.#slotsOf(inputs);
    if (!isFloat(bound.dtype) || slots.every((slot) => slot === undefined)) return bound;
    const rule: GradientRule<P> = rules[definition.name];
    if (typeof rule === "string") return bound;
    // An interpreter below may return an existing tensor; on this tape every step needs its own.
    const output = this.#slots.has(bound) || isAmong(inputs, bound) ? bound.detach() : bound;
    const vjps = rule({ definition, inputs, attributes, output });
    this.#entries.push({ inputs: slots, outputs: [this.#add(output)], pullback: applyEach(vjps, slots), scope: gradientScope(definition.name, this.below.origin?.()) });
    return output;
  }

  read(variable: Variable): Tensor {
    const watched = this.#variables.get(variable);
    if (watched === undefined) return this.below.read(variable);
    if (watched.value === undefined) {
      watched.value = this.watch(this.below.read(variable));
      this.#slots.set(watched.value, watched.slot);
    }
    return watched.value;
  }

  write(variable: Variable, value: Tensor): void {
    const watched = this.#variables.get(variable);
    if (watched !== undefined) watched.value = value;
    this.below.write(variable, value);
  }

  noteReading(tensor: Tensor): void {
    this.wasRead ||= this.#slots.has(tensor);
  }

  tracks(tensor: Tensor): boolean {
    return this.#slots.has(tensor) || (this.below instanceof Level && this.below.tracks(tensor));
  }

  watches(variable: Variable): boolean {
    return this.#variables.has(variable) || (this.below instanceof Level && this.below.watches(variable));
  }

  record({ operation, inputs, outputs, pullback }: Call): void {
    const slots = this.#slotsOf(inputs);
    if (slots.every((slot) => slot === undefined)) return;
    this.#entries.push({ inputs: slots, outputs: outputs.map((output) => this.#add(output)), pullback: applyNeeded(pullback, slots), scope: gradientScope(operation, undefined) });
  }

  /**
   * The function from gradients of `outputs` to gradients of `sources`, `undefined` for zero. It keeps only the steps between
   * them, can be called repeatedly, and runs on the interpreter that is on top at that time.
   */
  pullback(outputs: readonly Tensor[], sources: readonly Source[]): (gradients: readonly (Tensor | undefined)[]) => (Tensor | undefined)[] {
    const ends = this.#slotsOf(outputs);
    return walk(pathTo(ends, this.#entries), ends, sources.map((source) => this.#slotOf(source)));
  }

  #slotOf(source: Source): GradientSlot | undefined {
    return source instanceof Variable ? this.#variables.get(source)?.slot : this.#slots.get(source);
  }

  #slotsOf(tensors: readonly Tensor[]): readonly (GradientSlot | undefined)[] {
    return tensors.map((tensor) => this.#slots.get(tensor));
  }

  /** A slot for a tensor; only floating-point tensors get one. */
  #add(tensor: Tensor): GradientSlot {
    const slot = { shape: tensor.shape, dtype: tensor.dtype };
    if (isFloat(tensor.dtype)) this.#slots.set(tensor, slot);
    return slot;
  }
}

function isAmong(tensors: readonly Tensor[], tensor: Tensor): boolean {
  return tensors.includes(tensor);
}

function gradientScope(gradientOf: string, origin: unknown): Scope {
  const scope = currentScope();
  return {
    get path() {
      return scope?.path ?? "";
    },
    gradientOf,
    origin,
  };
}

// The closures below are made outside of the tape's methods so that they keep only what they use alive: a tensor that no
// derivative needs is free as soon as the program no longer uses it.

function applyEach(vjps: readonly (InputVjp | undefined)[], slots: Entry["inputs"]): Entry["pullback"] {
  const used = vjps.map((vjp, index) => (slots[index] === undefined ? undefined : vjp));
  return ([gradient]) => (gradient === undefined ? [] : used.map((vjp) => vjp?.(gradient)));
}

function applyNeeded(pullback: Pullback, slots: Entry["inputs"]): Entry["pullback"] {
  const needed = slots.map((slot) => slot !== undefined);
  return (gradients) => pullback(gradients, needed);
}

/** The entries that the outputs depend on, in reverse order. */
function pathTo(outputs: readonly (GradientSlot | undefined)[], entries: readonly Entry[]): Entry[] {
  const reached = new Set(outputs);
  const path: Entry[] = [];
  for (const entry of entries.toReversed()) {
    if (!entry.outputs.some((slot) => reached.has(slot))) continue;
    path.push(entry);
    for (const slot of entry.inputs) if (slot !== undefined) reached.add(slot);
  }
  return path;
}

function walk(path: readonly Entry[], ends: Entry["inputs"], starts: Entry["inputs"]): ReturnType<Tape["pullback"]> {
  return (gradients) => {
    const accumulated = new Map<GradientSlot, Tensor>();
    ends.forEach((slot, index) => accumulate(accumulated, slot, gradients[index]));
    for (const entry of path) walkBack(entry, accumulated);
    return starts.map((slot) => (slot === undefined ? undefined : accumulated.get(slot)));
  };
}

function walkBack({ inputs, outputs, pullback, scope }: Entry, accumulated: Map<GradientSlot, Tensor>): void {
  const received = outputs.map((slot) => accumulated.get(slot));
  if (received.every((gradient) => gradient === undefined)) return;
  for (const slot of outputs) accumulated.delete(slot);
  inScope(scope, () => pullback(received).forEach((gradient, index) => accumulate(accumulated, inputs[index], gradient)));
}

/** Adds a gradient to its slot. */
function accumulate(accumulated: Map<GradientSlot, Tensor>, slot: GradientSlot | undefined, gradient: Tensor | undefined): void {
  if (slot === undefined || gradient === undefined) return;
  const typed = unbroadcast(gradient, slot);
  const before = accumulated.get(slot);
  accumulated.set(slot, before === undefined ? typed : before.add(typed));
}
