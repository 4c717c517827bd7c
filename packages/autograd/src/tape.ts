import { Variable, type Tensor } from "@nn/tensor";
import { apply, isFloat } from "@nn/tensor/extend";
import { currentInterpreter, withInterpreter, type Application, type Interpreter, type Primitive, type TensorType } from "@nn/tensor/interpreter";
import * as primitives from "@nn/tensor/primitives";
import { toType } from "./gradient-type.js";
import { Level, type Call, type Pullback } from "./level.js";
import type { GradientRule, Pull } from "./rules/rule.js";
import { rules } from "./rules/table.js";

/** Stands for one tensor on the tape, by identity, and does not keep its elements alive. */
type Place = TensorType;

/** How the gradients of one step's outputs become those of its inputs. */
interface Entry {
  /** Where the inputs' gradients gather; `undefined` for inputs that the tape does not follow. */
  readonly inputs: readonly (Place | undefined)[];
  readonly outputs: readonly Place[];
  readonly pullback: (gradients: readonly (Tensor | undefined)[]) => readonly (Tensor | undefined)[];
}

/** What a gradient can be taken with respect to. */
export type Source = Tensor | Variable;

/** A variable that is watched, and its value at this point of the program, once known. */
interface Watched {
  readonly place: Place;
  value?: Tensor;
}

/**
 * Records what depends on the watched tensors and variables, and hands everything down. It knows tensors by identity: the same
 * tensor may be on several tapes, of different levels.
 */
export class Tape extends Level {
  readonly below: Interpreter = currentInterpreter();
  readonly #entries: Entry[] = [];
  readonly #places = new WeakMap<Tensor, Place>();
  readonly #variables = new Map<Variable, Watched>();
  /** Whether elements that depend on the watched tensors and variables were read as numbers, which gradients do not follow. */
  wasRead = false;

  /** The tensor under an identity that only this level knows: the one to compute with. Levels below see where it comes from. */
  watch(tensor: Tensor): Tensor {
    const alias = withInterpreter(this.below, () => apply(primitives.reshape, [tensor], { shape: tensor.shape }));
    const own = alias === tensor ? tensor.detach() : alias;
    this.#add(own);
    return own;
  }

  /** From here on the variable's value is an alias that this tape follows. */
  watchVariable(variable: Variable): void {
    this.#variables.set(variable, { place: { shape: variable.shape, dtype: variable.dtype } });
  }

  bind<P extends Primitive>(application: Application<P>): Tensor {
    const { definition, inputs, attributes } = application;
    const bound = this.below.bind(application);
    const places = this.#placesOf(inputs);
    if (!isFloat(bound.dtype) || places.every((place) => place === undefined)) return bound;
    const rule: GradientRule<P> = rules[definition.name];
    if (typeof rule === "string") return bound;
    // An interpreter below may return a tensor that exists already; on this tape every step has its own.
    const output = this.#places.has(bound) || isAmong(inputs, bound) ? bound.detach() : bound;
    const pulls = rule({ definition, inputs, attributes, output });
    this.#entries.push({ inputs: places, outputs: [this.#add(output)], pullback: pullEach(pulls, places) });
    return output;
  }

  read(variable: Variable): Tensor {
    const watched = this.#variables.get(variable);
    if (watched === undefined) return this.below.read(variable);
    if (watched.value === undefined) {
      watched.value = this.watch(this.below.read(variable));
      this.#places.set(watched.value, watched.place);
    }
    return watched.value;
  }

  write(variable: Variable, value: Tensor): void {
    const watched = this.#variables.get(variable);
    if (watched !== undefined) watched.value = value;
    this.below.write(variable, value);
  }

  noteReading(tensor: Tensor): void {
    this.wasRead ||= this.#places.has(tensor);
  }

  tracks(tensor: Tensor): boolean {
    return this.#places.has(tensor) || (this.below instanceof Level && this.below.tracks(tensor));
  }

  watches(variable: Variable): boolean {
    return this.#variables.has(variable) || (this.below instanceof Level && this.below.watches(variable));
  }

  record({ inputs, outputs, pullback }: Call): void {
    const places = this.#placesOf(inputs);
    if (places.every((place) => place === undefined)) return;
    this.#entries.push({ inputs: places, outputs: outputs.map((output) => this.#add(output)), pullback: pullNeeded(pullback, places) });
  }

  /**
   * The function from gradients of `outputs` to gradients of `sources`, `undefined` for zero. It holds only what lies between
   * them, can be called again, and runs on the interpreter that is then on top.
   */
  pullback(outputs: readonly Tensor[], sources: readonly Source[]): (gradients: readonly (Tensor | undefined)[]) => (Tensor | undefined)[] {
    const ends = this.#placesOf(outputs);
    return walk(pathTo(ends, this.#entries), ends, sources.map((source) => this.#placeOf(source)));
  }

  #placeOf(source: Source): Place | undefined {
    return source instanceof Variable ? this.#variables.get(source)?.place : this.#places.get(source);
  }

  #placesOf(tensors: readonly Tensor[]): readonly (Place | undefined)[] {
    return tensors.map((tensor) => this.#places.get(tensor));
  }

  /** A place for a tensor; only floats are followed. */
  #add(tensor: Tensor): Place {
    const place = { shape: tensor.shape, dtype: tensor.dtype };
    if (isFloat(tensor.dtype)) this.#places.set(tensor, place);
    return place;
  }
}

function isAmong(tensors: readonly Tensor[], tensor: Tensor): boolean {
  return tensors.includes(tensor);
}

// The closures below are made outside of the tape's methods so that they hold on to nothing but what they use: a tensor that no
// derivative needs is free as soon as the program has done with it.

function pullEach(pulls: readonly (Pull | undefined)[], places: Entry["inputs"]): Entry["pullback"] {
  const used = pulls.map((pull, index) => (places[index] === undefined ? undefined : pull));
  return ([gradient]) => (gradient === undefined ? [] : used.map((pull) => pull?.(gradient)));
}

function pullNeeded(pullback: Pullback, places: Entry["inputs"]): Entry["pullback"] {
  const needed = places.map((place) => place !== undefined);
  return (gradients) => pullback(gradients, needed);
}

/** The entries that the outputs depend on, the last first. */
function pathTo(outputs: readonly (Place | undefined)[], entries: readonly Entry[]): Entry[] {
  const reached = new Set(outputs);
  const path: Entry[] = [];
  for (const entry of entries.toReversed()) {
    if (!entry.outputs.some((place) => reached.has(place))) continue;
    path.push(entry);
    for (const place of entry.inputs) if (place !== undefined) reached.add(place);
  }
  return path;
}

function walk(path: readonly Entry[], ends: Entry["inputs"], starts: Entry["inputs"]): ReturnType<Tape["pullback"]> {
  return (gradients) => {
    const gathered = new Map<Place, Tensor>();
    ends.forEach((place, index) => gather(gathered, place, gradients[index]));
    for (const entry of path) walkBack(entry, gathered);
    return starts.map((place) => (place === undefined ? undefined : gathered.get(place)));
  };
}

function walkBack({ inputs, outputs, pullback }: Entry, gathered: Map<Place, Tensor>): void {
  const received = outputs.map((place) => gathered.get(place));
  if (received.every((gradient) => gradient === undefined)) return;
  for (const place of outputs) gathered.delete(place);
  pullback(received).forEach((gradient, index) => gather(gathered, inputs[index], gradient));
}

/** Adds to the gradient at a place. */
function gather(gathered: Map<Place, Tensor>, place: Place | undefined, gradient: Tensor | undefined): void {
  if (place === undefined || gradient === undefined) return;
  const typed = toType(gradient, place);
  const before = gathered.get(place);
  gathered.set(place, before === undefined ? typed : before.add(typed));
}
