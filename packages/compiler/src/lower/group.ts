import { sizeOf } from "@nn/tensor";
import { isOf, type Node } from "../ir/graph.js";
import { loadsOf, valuesOf, type Buffer } from "../ir/program.js";
import { Ancestry } from "./ancestry.js";
import { evaluate, NotPointwise, type Context, type Evaluation, type LoopSpace, type Member } from "./evaluate.js";
import { isScalarValue } from "../ir/scalar.js";
import { isKind } from "../ir/op-kinds.js";

/** What becomes one kernel: a loop nest with its members, or a library kernel with what follows it in registers. */
export interface Group {
  /** How many groups began before. */
  readonly number: number;
  readonly members: Member[];
  /** The primitive with a kernel of its own. */
  readonly anchor: Node | undefined;
  space: LoopSpace;
  evaluation: Evaluation;
  /** Whether its elements are computed one at a time. */
  readonly scalar: boolean;
  /** Groups that must run before. */
  readonly after: Set<Group>;
}

/** Work on an element above which it does not go into the registers of another kernel. */
const epilogueLimit = 12;

/** The loop nest of one member: its elements, or those that it reduces. Axes of size 1 are left out. */
function spaceOf(node: Node): LoopSpace {
  const reducing = isKind(node, "reduction");
  const shape = reducing ? (node.inputs[0]?.type.shape ?? []) : node.type.shape;
  const axes = reducing ? node.attributes.axes : [];
  const kept = shape.map((size, axis) => ({ size, reduced: axes.includes(axis) })).filter(({ size }) => size !== 1);
  return { domain: kept.map(({ size }) => size), reduced: kept.map(({ reduced }) => reduced) };
}

const isElementwise = ({ reduced }: LoopSpace): boolean => !reduced.includes(true);
const keptOf = ({ domain, reduced }: LoopSpace): readonly number[] => domain.filter((_, axis) => reduced[axis] !== true);
const equal = (a: readonly unknown[], b: readonly unknown[]): boolean => a.length === b.length && a.every((each, at) => each === b[at]);

/** The loop nest that could hold both, if there is one. */
function commonSpace(group: LoopSpace, own: LoopSpace, feeds: boolean): LoopSpace | undefined {
  if (isElementwise(own)) {
    const fits = equal(own.domain, group.domain) || equal(own.domain, keptOf(group));
    const sameCount = feeds && (sizeOf(own.domain) === sizeOf(group.domain) || sizeOf(own.domain) === sizeOf(keptOf(group)));
    return fits || sameCount ? group : undefined;
  }
  if (equal(own.domain, group.domain) && (isElementwise(group) || equal(own.reduced, group.reduced))) return own;
  return isElementwise(group) && feeds && equal(group.domain, keptOf(own)) ? own : undefined;
}

const hasScalars = (evaluation: Evaluation): boolean => [...valuesOf(evaluation)].some(isScalarValue);

/** Collects members in groups so that as few kernels as possible do the work. */
export class Grouping {
  readonly groups: Group[] = [];
  readonly #context: Context;
  readonly #ancestry = new Ancestry();
  readonly #writers = new Map<Buffer, Set<Group>>();
  readonly #readers = new Map<Buffer, Set<Group>>();

  constructor(context: Context) {
    this.#context = context;
  }

  /** A library primitive: a group of its own, which elementwise members may follow. */
  addLibrary(node: Node, output: Buffer, inputs: readonly Buffer[]): void {
    const columns = node.type.shape.at(-1) ?? 1;
    const space = { domain: [sizeOf(node.type.shape.slice(0, -1)), columns], reduced: [false, false] };
    this.#connect(this.#begin([], node, space, { ...space, stores: [] }), inputs, [output]);
  }

  /** A member of a loop: joins a group whose loops it fits, or begins one. `after` are buffers that must have been written. */
  addMember(member: Member, after: readonly Buffer[] = []): void {
    const space = spaceOf(member.node);
    const alone = evaluate(space, [member], this.#context);
    const loads = [...loadsOf(alone), ...after];
    const producers = new Set(loads.flatMap((buffer) => [...(this.#writers.get(buffer) ?? [])]));
    const group = after.length > 0 ? undefined : this.#candidates(loads, producers).find((each) => this.#join(each, member, space, alone, producers.has(each)));
    this.#connect(group ?? this.#begin([member], undefined, space, alone), loads, [member.buffer]);
  }

  #begin(members: Member[], anchor: Node | undefined, space: LoopSpace, evaluation: Evaluation): Group {
    const group = { number: this.#ancestry.add(), members, anchor, space, evaluation, scalar: hasScalars(evaluation), after: new Set<Group>() };
    this.groups.push(group);
    return group;
  }

  /**
   * Groups that a member with these loads could join: those that it reads from, then those that read the same; latest first. None
   * of them has to run before what the member reads.
   */
  #candidates(loads: readonly Buffer[], producers: ReadonlySet<Group>): Group[] {
    const siblings = new Set<Group>();
    for (const buffer of loads) for (const reader of this.#readers.get(buffer) ?? []) if (reader.anchor === undefined && !producers.has(reader)) siblings.add(reader);
    const late = (groups: ReadonlySet<Group>): Group[] =>
      [...groups].filter((group) => !this.#ancestry.precedesAny(group.number, producers)).toSorted((a, b) => b.number - a.number);
    return [...late(producers), ...late(siblings)];
  }

  #join(group: Group, member: Member, own: LoopSpace, alone: Evaluation, feeds: boolean): boolean {
    // A buffer that is written piece by piece has to be complete before it is read.
    const loads = loadsOf(alone);
    if (group.members.some(({ node, buffer }) => loads.has(buffer) && this.#context.bufferOf(node) !== buffer)) return false;
    // One value that has no vector form would take the vectors from all others.
    if (group.scalar !== hasScalars(alone)) return false;
    const space = group.anchor === undefined ? commonSpace(group.space, own, feeds) : this.#epilogueSpace(group, own, alone);
    if (space === undefined) return false;
    const members = [...group.members, member];
    try {
      const evaluation = evaluate(space, members, this.#context, group.anchor);
      if (group.anchor !== undefined && evaluation.domain.length !== 2) return false;
      group.members.push(member);
      group.space = space;
      group.evaluation = evaluation;
      return true;
    } catch (error) {
      if (error instanceof NotPointwise) return false;
      throw error;
    }
  }

  /** Light elementwise work may follow a matrix product while its elements are in registers. */
  #epilogueSpace(group: Group, own: LoopSpace, alone: Evaluation): LoopSpace | undefined {
    const { anchor } = group;
    if (!isOf(anchor, "matmul") || anchor.type.dtype !== "float32") return undefined;
    const values = [...valuesOf(alone)];
    const light = values.filter(({ kind }) => kind === "apply").length <= epilogueLimit;
    const plain = values.every(({ kind, dtype }) => kind !== "gather" && kind !== "checked" && kind !== "position" && dtype !== "float64");
    return light && plain && isElementwise(own) && sizeOf(own.domain) === sizeOf(group.space.domain) ? group.space : undefined;
  }

  #connect(group: Group, reads: Iterable<Buffer>, writes: readonly Buffer[]): void {
    for (const buffer of reads) {
      for (const writer of this.#writers.get(buffer) ?? []) {
        if (writer === group) continue;
        group.after.add(writer);
        this.#ancestry.require(group.number, writer.number);
      }
      addTo(this.#readers, buffer, group);
    }
    for (const buffer of writes) addTo(this.#writers, buffer, group);
  }

  /** The groups, each after those that it needs, otherwise in the order in which they began. */
  inOrder(): Group[] {
    const order = new Set<Group>();
    const visit = (group: Group): void => {
      if (order.has(group)) return;
      const before = [...group.after].toSorted((a, b) => a.number - b.number);
      before.forEach(visit);
      order.add(group);
    };
    this.groups.forEach(visit);
    return [...order];
  }
}

function addTo<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  map.set(key, (map.get(key) ?? new Set()).add(value));
}
