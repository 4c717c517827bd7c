import type { ElementwisePrimitive } from "@nn/compiler/target";
import { ModuleBuilder, type BinaryCode, type UnaryCode } from "@nn/wasm";
import * as vectorMath from "@nn/wasm/vector-math";
import { lanewise, shuffles } from "./lanewise.js";
import type { Operand, Operation, OperationWriter } from "./operation-writer.js";
import { WasmReader } from "./wasm-reader.js";

/**
 * The elementary functions. Their WebAssembly computes each lane from the same lane of the operands. Branches are for lanes with rare arguments and leave
 * the others as they are, so they are taken if there is such a lane in a vector of any width.
 */
const functions: { readonly [P in ElementwisePrimitive]?: UnaryCode | BinaryCode } = {
  atan2: vectorMath.atan2,
  cos: vectorMath.cos,
  erf: vectorMath.erf,
  erfc: vectorMath.erfc,
  erfInv: vectorMath.erfInv,
  exp: vectorMath.exp,
  expm1: vectorMath.expm1,
  log: vectorMath.log,
  log1p: vectorMath.log1p,
  pow: vectorMath.pow,
  remainder: vectorMath.remainder,
  sigmoid: vectorMath.sigmoid,
  sin: vectorMath.sin,
  tanh: vectorMath.tanh,
};

/** One instruction of a function in WebAssembly: what it does to the operands on the stack and to the locals. */
type Step = (o: OperationWriter, stack: Stack, locals: (Operand | undefined)[]) => void;

/** Whether any lane of a mask is set: the condition of a branch. */
interface AnyLane {
  readonly kind: "any lane";
  readonly mask: Operand;
}

/** The stack of WebAssembly. Numbers on it are constants, which an instruction behind them spreads over all lanes, or shifts by. */
type Stack = (Operand | AnyLane | number | bigint)[];

const known = new Map<ElementwisePrimitive, Operation>();

/**
 * The operation of an elementary function of float32, if there is one: the instructions of its WebAssembly, one by one, for vectors of any width. So
 * its results have the same bits.
 */
export function elementaryOperation(primitive: ElementwisePrimitive): Operation | undefined {
  const code = functions[primitive];
  if (code === undefined) return undefined;
  const found = known.get(primitive) ?? translated(code);
  known.set(primitive, found);
  return found;
}

function translated(code: UnaryCode | BinaryCode): Operation {
  const steps = stepsOf(code);
  return (o, x, y) => {
    const stack: Stack = [];
    const locals: (Operand | undefined)[] = [x, y];
    for (const step of steps) step(o, stack, locals);
    return o.inRegister(operandOf(stack));
  };
}

function stepsOf(code: UnaryCode | BinaryCode): Step[] {
  const module = new ModuleBuilder();
  module.function({ name: "function", params: { x: "v128", y: "v128" }, result: "v128" }, (b, { x, y }) => code(b, x, y));
  const reader = new WasmReader(module.finish());
  reader.enterFunction();
  return stepsUntilEnd(reader);
}

/** The instructions up to the end of the function or of a branch. */
function stepsUntilEnd(reader: WasmReader): Step[] {
  const end = 0x0b;
  const steps: Step[] = [];
  while (!reader.atEnd) {
    const opcode = reader.byte();
    if (opcode === end) break;
    steps.push(stepOf(opcode, reader));
  }
  return steps;
}

/** An instruction (WebAssembly Core Specification 2.0, 5.4). */
function stepOf(opcode: number, reader: WasmReader): Step {
  switch (opcode) {
    case 0x04: return branch(reader);
    case 0x20: return getLocal(reader.u32());
    case 0x21: return setLocal(reader.u32());
    case 0x22: return teeLocal(reader.u32());
    case 0x41: return push(reader.s32());
    case 0x42: return push(reader.s64());
    case 0x43: return push(reader.f32());
    case 0x44: return push(reader.f64());
    case 0xfd: return vectorStep(reader.u32(), reader);
    default: throw new Error(`elementary functions have no instruction ${opcode.toString(16)}`);
  }
}

/** A branch without a result. It may set locals. */
function branch(reader: WasmReader): Step {
  const noResult = 0x40;
  if (reader.byte() !== noResult) throw new Error("a branch of an elementary function has no result");
  const steps = stepsUntilEnd(reader);
  return (o, stack, locals) => {
    const condition = stack.pop();
    if (typeof condition !== "object" || condition.kind !== "any lane") throw new Error("the condition of a branch is a mask");
    // Addresses are computed whether the branch is taken or not.
    const before = locals.map((local) => local && (local.constant === undefined ? o.inRegister(local) : local));
    const set: number[] = [];
    const results = o.rarely(condition.mask, (rare) => {
      const after = [...before];
      for (const step of steps) step(rare, stack, after);
      return before.flatMap((old, index) => {
        const now = after[index];
        if (old === undefined || now === undefined || now === old) return [];
        set.push(index);
        return [{ before: old, after: now }];
      });
    });
    before.forEach((local, index) => void (locals[index] = local));
    set.forEach((index, at) => void (locals[index] = results[at]));
  };
}

/** Vector instructions with something else than vectors: constants, which are spread over all lanes, the order of a shuffle, and conditions. */
const others: Readonly<Record<number, (reader: WasmReader) => Step>> = {
  0x0c: /* v128.const */ (reader) => {
    const bytes = reader.bytes(16);
    return (o, stack) => void stack.push(o.repeated(bytes));
  },
  0x0d: /* i8x16.shuffle */ (reader) => {
    const shuffle = shuffles[reader.bytes(16).join()];
    if (shuffle === undefined) throw new Error("elementary functions have no such shuffle");
    return (o, stack) => {
      const y = operandOf(stack);
      stack.push(shuffle(o, operandOf(stack), y));
    };
  },
  0x11: /* i32x4.splat */ () => (o, stack) => void stack.push(o.bits(numberOf(stack))),
  0x12: /* i64x2.splat */ () => (o, stack) => void stack.push(o.wideBits(wideOf(stack))),
  0x13: /* f32x4.splat */ () => (o, stack) => void stack.push(o.number(numberOf(stack))),
  0x14: /* f64x2.splat */ () => (o, stack) => void stack.push(o.double(numberOf(stack))),
  0x53: /* v128.any_true */ () => (_, stack) => void stack.push({ kind: "any lane", mask: operandOf(stack) }),
};

function vectorStep(opcode: number, reader: WasmReader): Step {
  const other = others[opcode];
  if (other !== undefined) return other(reader);
  const row = lanewise[opcode];
  if (row === undefined) throw new Error(`elementary functions have no vector instruction ${opcode.toString(16)}`);
  if (row.kind === "shift") {
    return (o, stack) => {
      const bits = numberOf(stack);
      stack.push(o.shift(row.name, operandOf(stack), bits));
    };
  }
  return (o, stack) => {
    const operands = Array.from({ length: row.operands }, () => operandOf(stack)).toReversed();
    stack.push(row.write(o, operands));
  };
}

const push = (value: number | bigint): Step => (_, stack) => void stack.push(value);

const getLocal = (index: number): Step => (_, stack, locals) => void stack.push(localOf(locals, index));

const setLocal = (index: number): Step => (_, stack, locals) => {
  locals[index] = operandOf(stack);
};

const teeLocal = (index: number): Step => (_, stack, locals) => {
  const value = operandOf(stack);
  locals[index] = value;
  stack.push(value);
};

function operandOf(stack: Stack): Operand {
  const top = stack.pop();
  if (typeof top !== "object" || top.kind === "any lane") throw new Error("a vector was expected on the stack");
  return top;
}

function numberOf(stack: Stack): number {
  const top = stack.pop();
  if (typeof top !== "number") throw new Error("a number was expected on the stack");
  return top;
}

function wideOf(stack: Stack): bigint {
  const top = stack.pop();
  if (typeof top !== "bigint") throw new Error("a number of 64 bits was expected on the stack");
  return top;
}

function localOf(locals: readonly (Operand | undefined)[], index: number): Operand {
  const value = locals[index];
  if (value === undefined) throw new Error(`local ${index} is used before it is set`);
  return value;
}
