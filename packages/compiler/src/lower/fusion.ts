import { sizeOf } from "@nn/tensor/extend";
import type { TensorType } from "@nn/tensor/interpreter";
import { GraphError } from "../errors.js";
import { isOf, type Node } from "../ir/graph.js";
import { isKind } from "../ir/op-kinds.js";
import { loadsOf, valuesOf, type Buffer, type Value } from "../ir/program.js";
import { isScalarValue } from "../ir/vectorizable.js";
import { evaluate, separateKernels, type Context, type Evaluation, type LoopSpace, type Unmet } from "./evaluate.js";
import { typeOf, type Member, type Source } from "./member.js";
import { Reachability } from "./reachability.js";

/** Nodes that are fused into one kernel: a loop nest with its members, or a library kernel with its epilogue. */
export interface FusionGroup {
  /** The number of groups that were begun before. */
  readonly number: number;
  /** The primitive of a library kernel. */
  readonly anchor: Node | undefined;
  /** The loop nest before its members refined it. */
  space: LoopSpace;
  evaluation: Evaluation;
  /** The buffers that its loop nest reads. */
  readonly loads: Set<Buffer>;
  /** Whether scalar code computes it: one element at a time. */
  readonly scalar: boolean;
  /** The groups that must run before. */
  readonly after: Set<FusionGroup>;
}

/** The most elementwise operations that an epilogue may have. */
const epilogueLimit = 12;

/** The loop nest of one member: its elements, or the elements that it reduces. Axes of size 1 are left out. */
function spaceOf(source: Source): LoopSpace {
  const isReduction = "node" in source && isKind(source.node, "reduction");
  const { shape }: TensorType = isReduction ? source.node.inputs[0].type : typeOf(source);
  const axes = isReduction ? source.node.attributes.axes : [];
  const kept = shape.map((size, axis) => ({ size, reduced: axes.includes(axis) })).filter(({ size }) => size !== 1);
  return { domain: kept.map(({ size }) => size), reduced: kept.map(({ reduced }) => reduced) };
}

const isElementwise = ({ reduced }: LoopSpace): boolean => !reduced.includes(true);
const keptOf = ({ domain, reduced }: LoopSpace): readonly number[] => domain.filter((_, axis) => reduced[axis] !== true);
const equal = (a: readonly unknown[], b: readonly unknown[]): boolean => a.length === b.length && a.every((each, at) => each === b[at]);

/** The loop nest that could hold a group and one more member, if there is one. */
function commonSpace(group: LoopSpace, own: LoopSpace, feeds: boolean): LoopSpace | undefined {
  if (isElementwise(own)) {
    const fits = equal(own.domain, group.domain) || equal(own.domain, keptOf(group));
    const sameCount = feeds && (sizeOf(own.domain) === sizeOf(group.domain) || sizeOf(own.domain) === sizeOf(keptOf(group)));
    return fits || sameCount ? group : undefined;
  }
  if (equal(own.domain, group.domain) && (isElementwise(group) || equal(own.reduced, group.reduced))) return own;
  return isElementwise(group) && feeds && equal(group.domain, keptOf(own)) ? own : undefined;
}

const sameSpace = (a: LoopSpace, b: LoopSpace): boolean => a === b || (equal(a.domain, b.domain) && equal(a.reduced, b.reduced));

/** A member that looks for a group. */
interface Candidate {
  readonly member: Member;
  /** Its loop nest if it gets one of its own. */
  readonly space: LoopSpace;
  readonly values: readonly Value[];
  readonly loads: ReadonlySet<Buffer>;
  readonly scalar: boolean;
}

/** The longest chain of values that a kernel computes, one from the other: the functions that walk through expressions call themselves, and stacks are limited. */
const longestChain = 1000;

/** Collects members in groups so that as few kernels as possible do the work. */
export class Fusion {
  readonly groups: FusionGroup[] = [];
  readonly #context: Context;
  readonly #reachability = new Reachability();
  readonly #writers = new Map<Buffer, Set<FusionGroup>>();
  readonly #readers = new Map<Buffer, Set<FusionGroup>>();
  /** At most so many values of its group follow one from the other before a member's own. */
  readonly #chains = new Map<Buffer, number>();

  constructor(context: Context) {
    this.#context = context;
  }

  /** A library kernel: a group of its own, which may get an epilogue. */
  addLibrary(node: Node, output: Buffer, inputs: readonly Buffer[]): void {
    const { shape } = node.type;
    const space = { domain: [sizeOf(shape.slice(0, -1)), sizeOf(shape.slice(-1))], reduced: [false, false] };
    const evaluation = evaluate(space, [], this.#context, node);
    if ("need" in evaluation) throw new GraphError("a loop nest without members needs nothing");
    this.#connect(this.#begin({ anchor: node, space, evaluation, loads: new Set(), scalar: false }), inputs, [output]);
  }

  /**
   * A member of a loop nest joins a group whose loops it fits, or begins one.
   * @returns Why the member cannot be computed; in this case nothing is added.
   */
  addMember(member: Member): Unmet | undefined {
    const { after = [] } = member;
    const space = spaceOf(member.source);
    const alone = evaluate(space, [member], this.#context);
    if ("need" in alone) return alone;
    const values = [...valuesOf(alone)];
    const own: Candidate = { member, space, values, loads: loadsOf(alone), scalar: values.some(isScalarValue) };
    const loads = [...own.loads, ...after];
    const producers = new Set(loads.flatMap((buffer) => [...(this.#writers.get(buffer) ?? [])]));
    for (const group of after.length > 0 ? [] : this.#candidates(loads, producers)) {
      const fit = this.#fit(group, own, producers.has(group));
      if (!("need" in fit)) {
        group.space = fit.space;
        group.evaluation = fit.evaluation;
        for (const buffer of own.loads) group.loads.add(buffer);
        this.#chains.set(member.buffer, this.#chainIn(group, own));
        this.#connect(group, loads, [member.buffer]);
        return undefined;
      }
      if (fit.need === "materialise") return fit;
    }
    this.#chains.set(member.buffer, values.length);
    this.#connect(this.#begin({ anchor: undefined, space, evaluation: alone, loads: new Set(own.loads), scalar: own.scalar }), loads, [member.buffer]);
    return undefined;
  }

  #begin(parts: Omit<FusionGroup, "number" | "after">): FusionGroup {
    const group = { ...parts, number: this.#reachability.add(), after: new Set<FusionGroup>() };
    this.groups.push(group);
    return group;
  }

  /**
   * The groups that a member with these loads could join, in the order in which they are tried: those that write what it reads, then those that
   * read the same buffers; of each, the latest first. A group that must run before one of the writers is left out.
   */
  #candidates(loads: readonly Buffer[], producers: ReadonlySet<FusionGroup>): FusionGroup[] {
    const siblings = new Set<FusionGroup>();
    for (const buffer of loads) for (const reader of this.#readers.get(buffer) ?? []) if (reader.anchor === undefined && !producers.has(reader)) siblings.add(reader);
    const late = (groups: ReadonlySet<FusionGroup>): FusionGroup[] =>
      [...groups].filter((group) => !this.#reachability.precedesAny(group.number, producers)).toSorted((a, b) => b.number - a.number);
    return [...late(producers), ...late(siblings)];
  }

  /** The longest chain of values up to a member of a group. */
  #chainIn(group: FusionGroup, { values, loads }: Candidate): number {
    return values.length + Math.max(0, ...[...loads].map((buffer) => (this.#writers.get(buffer)?.has(group) === true ? (this.#chains.get(buffer) ?? 0) : 0)));
  }

  /** The group with one more member, if that fits. */
  #fit(group: FusionGroup, own: Candidate, feeds: boolean): { readonly space: LoopSpace; readonly evaluation: Evaluation } | Unmet {
    const { evaluation: { members } } = group;
    // A buffer that several members write in part (concat, pad) must be complete before it is read.
    if (members.some(({ source, buffer }) => !("node" in source) && own.loads.has(buffer))) return separateKernels;
    // One scalar member would make the whole kernel scalar.
    if (group.scalar !== own.scalar) return separateKernels;
    if (feeds && this.#chainIn(group, own) > longestChain) return separateKernels;
    const space = group.anchor === undefined ? commonSpace(group.space, own.space, feeds) : epilogueSpace(group, own);
    if (space === undefined) return separateKernels;
    const evaluation = sameSpace(space, group.space) ? group.evaluation.with(own.member) : evaluate(space, [...members, own.member], this.#context, group.anchor);
    if ("need" in evaluation) return evaluation;
    // A node that has got a buffer since may be read from there now, but the group need not run after its writer.
    const isNew = (buffer: Buffer): boolean => !group.loads.has(buffer) && !own.loads.has(buffer);
    if (evaluation.domain !== group.evaluation.domain && [...loadsOf(evaluation)].some(isNew)) return separateKernels;
    return group.anchor === undefined || evaluation.domain.length === 2 ? { space, evaluation } : separateKernels;
  }

  #connect(group: FusionGroup, reads: Iterable<Buffer>, writes: readonly Buffer[]): void {
    for (const buffer of reads) {
      for (const writer of this.#writers.get(buffer) ?? []) {
        if (writer === group) continue;
        group.after.add(writer);
        this.#reachability.require(group.number, writer.number);
      }
      addTo(this.#readers, buffer, group);
    }
    for (const buffer of writes) addTo(this.#writers, buffer, group);
  }

  /** The groups in the order in which they were begun, but each after the groups that it needs. */
  inOrder(): FusionGroup[] {
    const order = new Set<FusionGroup>();
    const visit = (group: FusionGroup): void => {
      if (order.has(group)) return;
      const before = [...group.after].toSorted((a, b) => a.number - b.number);
      before.forEach(visit);
      order.add(group);
    };
    this.groups.forEach(visit);
    return [...order];
  }
}

/** The loops of a matrix product, if a member may be its epilogue: light elementwise work while the elements are in registers. */
function epilogueSpace({ anchor, space }: FusionGroup, own: Candidate): LoopSpace | undefined {
  if (anchor === undefined || (isOf(anchor, "matmul") ? anchor.type.dtype !== "float32" : anchor.kind !== "primitive" || !("transposed" in anchor.attributes))) return undefined;
  const light = own.values.filter(({ kind }) => kind === "apply").length <= epilogueLimit;
  const plain = own.values.every(({ kind, dtype }) => kind !== "gather" && kind !== "checked" && kind !== "position" && dtype !== "float64");
  return light && plain && isElementwise(own.space) && sizeOf(own.space.domain) === sizeOf(space.domain) ? space : undefined;
}

function addTo<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  map.set(key, (map.get(key) ?? new Set()).add(value));
}
