import { describeValue, quote } from "@nn/tensor/extend";
import { PickleBytes } from "./pickle-bytes.js";
import { PickleDict, PickleEnd, PickleGlobal, PickleObject, PickleProblem, PickleTuple, type PickleRules, type PickleValue } from "./values.js";

/** A value that was read, and the byte after its pickle. */
export interface Unpickled {
  readonly value: PickleValue;
  readonly end: number;
}

/**
 * Reads a pickle of protocol 2 to 5 as data. Only operations that build plain values are carried out; classes and functions are names, which `rules` allow or refuse, and nothing is
 * looked up or called by such a name.
 * @throws PickleProblem with the byte, for everything else; PickleEnd if the bytes end too early.
 */
export function unpickle(bytes: Uint8Array, start: number, rules: PickleRules): Unpickled {
  const machine = new Machine(new PickleBytes(bytes, start), rules);
  for (;;) {
    const at = machine.bytes.position;
    try {
      const code = machine.bytes.u8();
      if (code === stop) return { value: machine.result(), end: machine.bytes.position };
      const operation = operations.get(code);
      if (operation === undefined) throw new PickleProblem(refused.get(code) ?? `there is no operation ${code}`);
      operation(machine);
    } catch (cause) {
      if (cause instanceof PickleEnd) throw new PickleEnd(`byte ${at} of the pickle: ${cause.message}`);
      if (cause instanceof PickleProblem) throw new PickleProblem(`byte ${at} of the pickle: ${cause.message}`);
      throw cause;
    }
  }
}

const stop = ".".charCodeAt(0);

/** The newest protocol, that of Python 3.8 and later. */
const newestProtocol = 5;

class Machine {
  readonly bytes: PickleBytes;
  readonly rules: PickleRules;
  readonly #stack: PickleValue[] = [];
  /** The heights of the stack at the marks. */
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, PickleValue>();

  constructor(bytes: PickleBytes, rules: PickleRules) {
    this.bytes = bytes;
    this.rules = rules;
  }

  result(): PickleValue {
    const value = this.pop();
    if (this.#stack.length > 0) throw new PickleProblem(`${this.#stack.length} values are left over at the end`);
    return value;
  }

  push(value: PickleValue): void {
    this.#stack.push(value);
  }

  pop(): PickleValue {
    if (this.#stack.length <= (this.#marks.at(-1) ?? 0)) throw new PickleProblem("a value is taken, but there is none");
    return this.#stack.pop() ?? null;
  }

  top(): PickleValue {
    const value = this.pop();
    this.push(value);
    return value;
  }

  mark(): void {
    this.#marks.push(this.#stack.length);
  }

  /** The values since the last mark, which goes. */
  popMark(): PickleValue[] {
    const height = this.#marks.pop();
    if (height === undefined) throw new PickleProblem("there is no mark to go back to");
    return this.#stack.splice(height);
  }

  store(index: number): void {
    this.#memo.set(index, this.top());
  }

  memoize(): void {
    this.store(this.#memo.size);
  }

  recall(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined && !this.#memo.has(index)) throw new PickleProblem(`the value ${index} was never noted`);
    this.push(value ?? null);
  }

  global(module: string, name: string): void {
    const whole = `${module}.${name}`;
    const refusal = this.rules.refusal(whole);
    if (refusal !== undefined) throw new PickleProblem(refusal);
    this.push(new PickleGlobal(whole));
  }

  append(list: PickleValue, items: readonly PickleValue[]): void {
    if (!Array.isArray(list)) throw new PickleProblem(`values are added to ${nameOf(list)}, expected a list`);
    for (const item of items) list.push(item);
  }

  setItems(dict: PickleValue, items: readonly PickleValue[]): void {
    if (!(dict instanceof PickleDict)) throw new PickleProblem(`entries are added to ${nameOf(dict)}, expected a dictionary`);
    if (items.length % 2 !== 0) throw new PickleProblem("an entry of a dictionary has no value");
    for (let at = 0; at < items.length; at += 2) dict.entries.set(items[at] ?? null, items[at + 1] ?? null);
  }

  reduce(): void {
    const [args, callee] = [this.pop(), this.pop()];
    if (!(callee instanceof PickleGlobal) || !(args instanceof PickleTuple)) throw new PickleProblem(`${nameOf(callee)} is called, expected the name of a function and a tuple`);
    this.push(this.rules.call(callee.name, args.items));
  }

  /** The state of an object. Dictionaries have one too, such as the versions of modules; it is no content. */
  build(): void {
    this.pop();
    const object = this.top();
    if (!(object instanceof PickleDict)) throw new PickleProblem(`${nameOf(object)} is given a state, expected a dictionary`);
  }
}

function nameOf(value: PickleValue): string {
  if (value instanceof PickleTuple) return "a tuple";
  if (value instanceof PickleDict) return "a dictionary";
  if (value instanceof PickleGlobal) return `the name ${quote(value.name)}`;
  return value instanceof PickleObject ? `a ${value.kind}` : describeValue(value);
}

/** The operations by their letter or number, as in Python's `pickletools`. */
const operations: ReadonlyMap<number, (machine: Machine) => void> = new Map(Object.entries<(machine: Machine) => void>({
  0x80: ({ bytes }) => {
    const protocol = bytes.u8();
    if (protocol > newestProtocol) throw new PickleProblem(`the protocol is ${protocol}, expected at most ${newestProtocol}`);
  },
  0x95: ({ bytes }) => void bytes.u64(),
  "(": (m) => m.mark(),
  "0": (m) => void m.pop(),
  "1": (m) => void m.popMark(),
  "2": (m) => m.push(m.top()),
  N: (m) => m.push(null),
  0x88: (m) => m.push(true),
  0x89: (m) => m.push(false),
  J: (m) => m.push(m.bytes.i32()),
  K: (m) => m.push(m.bytes.u8()),
  M: (m) => m.push(m.bytes.u16()),
  0x8a: (m) => m.push(m.bytes.integer(m.bytes.u8())),
  0x8b: (m) => m.push(m.bytes.integer(m.bytes.i32())),
  G: (m) => m.push(m.bytes.f64()),
  X: (m) => m.push(m.bytes.text(m.bytes.u32())),
  0x8c: (m) => m.push(m.bytes.text(m.bytes.u8())),
  0x8d: (m) => m.push(m.bytes.text(m.bytes.u64())),
  U: (m) => m.push(m.bytes.text(m.bytes.u8())),
  T: (m) => m.push(m.bytes.text(m.bytes.i32())),
  B: (m) => m.push(m.bytes.take(m.bytes.u32())),
  C: (m) => m.push(m.bytes.take(m.bytes.u8())),
  0x8e: (m) => m.push(m.bytes.take(m.bytes.u64())),
  "]": (m) => m.push([]),
  l: (m) => m.push(m.popMark()),
  a: (m) => {
    const item = m.pop();
    m.append(m.top(), [item]);
  },
  e: (m) => {
    const items = m.popMark();
    m.append(m.top(), items);
  },
  ")": (m) => m.push(new PickleTuple([])),
  t: (m) => m.push(new PickleTuple(m.popMark())),
  0x85: (m) => m.push(new PickleTuple([m.pop()])),
  0x86: (m) => m.push(new PickleTuple([m.pop(), m.pop()].toReversed())),
  0x87: (m) => m.push(new PickleTuple([m.pop(), m.pop(), m.pop()].toReversed())),
  "}": (m) => m.push(new PickleDict()),
  d: (m) => {
    const dict = new PickleDict();
    m.setItems(dict, m.popMark());
    m.push(dict);
  },
  s: (m) => {
    const items = [m.pop(), m.pop()].toReversed();
    m.setItems(m.top(), items);
  },
  u: (m) => {
    const items = m.popMark();
    m.setItems(m.top(), items);
  },
  c: (m) => m.global(m.bytes.line(), m.bytes.line()),
  0x93: (m) => {
    const [name, module] = [m.pop(), m.pop()];
    if (typeof name !== "string" || typeof module !== "string") throw new PickleProblem("a global has no name");
    m.global(module, name);
  },
  R: (m) => m.reduce(),
  b: (m) => m.build(),
  Q: (m) => m.push(m.rules.persistent(m.pop())),
  q: (m) => m.store(m.bytes.u8()),
  r: (m) => m.store(m.bytes.u32()),
  h: (m) => m.recall(m.bytes.u8()),
  j: (m) => m.recall(m.bytes.u32()),
  0x94: (m) => m.memoize(),
}).map(([code, operation]) => [codeOf(code), operation]));

/** Operations that are refused, with the reason. */
const refused: ReadonlyMap<number, string> = new Map(
  [
    [["i", "o", "0x81", "0x92"], "an object of a class would be made"],
    [["0x82", "0x83", "0x84"], "a class of an extension registry would be named"],
    [["P", "I", "L", "F", "S", "V", "p", "g"], "it is written as text (protocol 0 or 1); write it with protocol 2 or later"],
    [["0x8f", "0x90", "0x91"], "it holds a set, expected dictionaries, lists and tuples"],
    [["0x96", "0x97", "0x98"], "it holds a bytearray or a buffer outside, expected dictionaries, lists and tuples"],
  ].flatMap(([codes, reason]) => Array.from(codes as readonly string[], (code) => [code.startsWith("0x") ? Number(code) : codeOf(code), reason as string] as const)),
);

/** A letter, or a number beyond ASCII as `Object.entries` writes it. */
function codeOf(code: string): number {
  return code.length === 1 ? code.charCodeAt(0) : Number(code);
}
