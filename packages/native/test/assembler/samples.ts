import { conditions, instructions, type arithmetic, type Assembler, type Condition, type FormOf, type Forms, type OperandsOf, type VectorInstructionName } from "../../src/assembler/assembler.js";
import type { Form, VectorInstruction } from "../../src/assembler/instructions.js";
import { at, Mem } from "../../src/assembler/memory.js";
import { k, r10, r12, r13, r15, r8, r9, rax, rbp, rbx, rcx, rdi, rdx, rsi, rsp, Vec, type Gpr } from "../../src/assembler/registers.js";

/** An instruction in Intel's syntax, as the GNU assembler reads it, and the same through ours. */
export interface Sample {
  readonly text: string;
  emit(asm: Assembler): void;
}

type Operand = Vec | Gpr | Mem | ReturnType<typeof k> | number;

/** Every kind of address: with and without index, displacements of no, 8 and 32 bits, and registers that need more bytes. */
const memories: readonly Mem[] = [
  at(rax), at(rdi, 64), at(rsp, 8), at(rbp), at(r13), at(r12, 16), at(rcx, 0, rbx, 4), at(r9, 128, r15, 8), at(rsi, -4), at(rdx, 4096), at(rax, 100_000), at(r8, -8192, r12, 1), at(rbx, 252), at(r10, -512),
];

function textOf(operand: Operand, elementBytes = 4): string {
  if (!(operand instanceof Mem)) return String(operand);
  const { address, broadcasts, mask } = operand;
  if (!("base" in address)) throw new Error("samples have no labels");
  const { base, index, scale, displacement } = address;
  const size = broadcasts ? `${elementBytes === 8 ? "qword" : "dword"} bcst ` : "";
  const sign = displacement < 0 ? "-" : "+";
  return `${size}[${String(base)}${index === undefined ? "" : `+${String(index)}*${scale}`}${displacement === 0 ? "" : `${sign}${Math.abs(displacement)}`}]${mask === undefined ? "" : `{${String(mask)}}`}`;
}

const mnemonicOf = (name: string): string => (name.endsWith("_vex") ? `{vex} ${name.slice(0, -4)}` : name.replace(/_(store|mask|masked|general)$/, ""));

/** The operands with which instructions of a form are tried, in vectors of a number of bytes. */
type Tries = { readonly [F in Form]: () => readonly Forms[F][] };

function triesOf(name: VectorInstructionName, { tuple }: VectorInstruction, bytes: 32 | 64): Tries {
  const v = (number: number): Vec => new Vec(number, bytes);
  const [a, b, c] = bytes === 64 ? [v(17), v(9), v(26)] : [v(1), v(9), v(2)];
  const half = (vector: Vec): Vec => vector.as(bytes === 64 ? 32 : 16);
  const narrow = (vector: Vec): Vec => (tuple === "vector" ? vector : tuple === "half" ? half(vector) : vector.as(16));
  const d = v(3);
  const masked = bytes === 64 ? [a.merge(k(1)), d.zero(k(5))] : [];
  const elementsAreSmall = name === "vpshufb" || name === "vpaddusb" || name === "vpermw";
  const broadcasts = bytes === 64 && !elementsAreSmall ? [at(rcx, 8).broadcast(), at(r9, 508).broadcast(), at(r9, 512).broadcast()] : [];
  const sources: (Vec | Mem)[] = [narrow(c), narrow(v(7)), ...memories];
  const scattered = memories.filter(({ address }) => "base" in address && address.index === undefined).flatMap((memory) => (bytes === 64 ? [v(2), v(13), v(22), v(31)] : [v(2), v(13)]).map((indices) => memory.scattered(indices)));
  const maskedTargets: Mem[] = bytes === 64 ? [at(rdi, 64).merge(k(2))] : [];
  return {
    rvm: () => [...[...sources, ...broadcasts].map((source) => [d, b, source] as const), ...masked.map((destination) => [destination, b, c] as const), [a, d, c]],
    rvmi: () => [...sources.map((source) => [d, b, source, 0x31] as const), [a, d, c, 1]],
    rm: () => [...sources.map((source) => [d, source] as const), ...masked.map((destination) => [destination, at(rdi, 128)] as const)],
    rmi: () => [...sources.map((source) => [d, source, 9] as const), [a, narrow(c), 8]],
    hr: () => [[half(d), c], [half(a), v(6)]],
    mri: () => [[half(d), c, 1], [half(a), b, 0], ...memories.map((target) => [target, a, 1] as const)],
    vmi: () => [[d, c, 31], [a, v(6), 1]],
    mr: () => (tuple === "element" ? memories : [...memories, ...maskedTargets]).map((target) => [target, tuple === "element" ? a.as(16) : a] as const),
    rvs: () => memories.map((source) => [d, b, source] as const),
    mvr: () => memories.map((target) => [target, b, a] as const),
    rvmr: () => sources.map((source) => [d, b, source, v(5)] as const),
    kvmi: () => [...sources.map((source) => [k(7), b, source, 2] as const), [k(1), a, c, 4]],
    rk: () => [[d, k(7)], [a, k(2)]],
    kr: () => [[k(7), d], [k(3), a]],
    gr: () => [rax, r9, rbx].flatMap((register) => (name === "kmovw_general" ? [k(1), k(7)] : [v(2), v(13)]).map((source) => [register.low, source] as const)),
    rx: () => scattered.map((source) => [a.merge(k(3)), source] as const),
    rxv: () => scattered.map((source) => [v(3), source, b] as const),
    kk: () => [[k(7), k(7)], [k(1), k(6)]],
    kg: () => [[k(1), rax.low], [k(6), r9.low]],
  };
}

function vectorSamples<N extends VectorInstructionName>(name: N): Sample[] {
  const row: VectorInstruction<FormOf<N>> = instructions[name];
  const widths = row.encodings === "vex" ? [32] as const : row.encodings === "evex" ? [64] as const : [32, 64] as const;
  const lists = widths.flatMap((bytes): readonly OperandsOf<N>[] => triesOf(name, row, bytes)[row.form]());
  return lists.map((operands) => ({
    text: `${mnemonicOf(name)} ${operands.map((operand) => textOf(operand, row.wide ? 8 : 4)).join(", ")}`,
    emit: (asm) => asm.vector(name, ...operands),
  }));
}

const names = Object.keys(instructions) as VectorInstructionName[];

const registers = [rax, rcx, rsp, rbp, rdi, r8, r12, r13, r15] as const;

function* integerSamples(): Generator<Sample> {
  for (const name of ["add", "or", "and", "sub", "xor", "cmp"] as const satisfies readonly (keyof typeof arithmetic)[]) {
    for (const register of registers) {
      yield { text: `${name} ${String(register)}, ${String(rdx)}`, emit: (asm) => asm.arithmetic(name, register, rdx) };
      yield { text: `${name} ${String(register)}, 100000`, emit: (asm) => asm.arithmetic(name, register, 100_000) };
      yield { text: `${name} ${String(register.low)}, -3`, emit: (asm) => asm.arithmetic(name, register.low, -3) };
    }
    yield { text: `${name} eax, 100000`, emit: (asm) => asm.arithmetic(name, rax.low, 100_000) };
    for (const memory of memories) {
      yield { text: `${name} ${String(r9)}, ${textOf(memory)}`, emit: (asm) => asm.arithmetic(name, r9, memory) };
      yield { text: `${name} ${textOf(memory)}, ${String(rcx)}`, emit: (asm) => asm.arithmetic(name, memory, rcx) };
      yield { text: `${name} qword ptr ${textOf(memory)}, 1`, emit: (asm) => asm.arithmetic(name, memory, 1) };
      yield { text: `${name} qword ptr ${textOf(memory)}, 1000`, emit: (asm) => asm.arithmetic(name, memory, 1000) };
    }
  }
  for (const register of registers) {
    yield { text: `mov ${String(register)}, ${String(rsi)}`, emit: (asm) => asm.mov(register, rsi) };
    yield { text: `mov ${String(register.low)}, ${String(r8.low)}`, emit: (asm) => asm.mov(register.low, r8.low) };
    yield { text: `mov ${String(register.low)}, 70000`, emit: (asm) => asm.set(register, 70_000) };
    yield { text: `mov ${String(register)}, -2`, emit: (asm) => asm.set(register, -2) };
    yield { text: `imul ${String(register)}, ${String(r10)}, 12`, emit: (asm) => asm.imul(register, r10, 12) };
    yield { text: `imul ${String(register)}, ${String(rbx)}, 4000`, emit: (asm) => asm.imul(register, rbx, 4000) };
    yield { text: `imul ${String(register)}, ${String(r15)}`, emit: (asm) => asm.imul(register, r15) };
    yield { text: `shr ${String(register)}, 5`, emit: (asm) => asm.shr(register, 5) };
    yield { text: `bsf ${String(register)}, ${String(r9)}`, emit: (asm) => asm.bsf(register, r9) };
    yield { text: `div ${String(register)}`, emit: (asm) => asm.div(register) };
    yield { text: `push ${String(register)}`, emit: (asm) => asm.push(register) };
    yield { text: `pop ${String(register)}`, emit: (asm) => asm.pop(register) };
    yield { text: `call ${String(register)}`, emit: (asm) => asm.call(register) };
  }
  for (const memory of memories) {
    const text = textOf(memory);
    yield { text: `mov ${String(r12)}, ${text}`, emit: (asm) => asm.mov(r12, memory) };
    yield { text: `mov ${text}, ${String(rax)}`, emit: (asm) => asm.mov(memory, rax) };
    yield { text: `mov ${text}, ${String(r13.low)}`, emit: (asm) => asm.mov(memory, r13.low) };
    yield { text: `mov ${String(rbp.low)}, ${text}`, emit: (asm) => asm.mov(rbp.low, memory) };
    yield { text: `mov qword ptr ${text}, 77`, emit: (asm) => asm.store(memory, 77) };
    yield { text: `movzx ${String(r9.low)}, byte ptr ${text}`, emit: (asm) => asm.loadByte(r9, memory) };
    yield { text: `movzx ${String(rax.low)}, byte ptr ${text}`, emit: (asm) => asm.loadByte(rax, memory) };
    yield { text: `lock cmpxchg ${text}, ${String(rcx.low)}`, emit: (asm) => asm.lockCompareExchange(memory, rcx.low) };
    yield { text: `mov ${text}, cl`, emit: (asm) => asm.storeByte(memory, rcx) };
    yield { text: `lea ${String(rdi)}, ${text}`, emit: (asm) => asm.lea(rdi, memory) };
    yield { text: `imul ${String(rdx)}, ${text}, -300`, emit: (asm) => asm.imul(rdx, memory, -300) };
    yield { text: `div qword ptr ${text}`, emit: (asm) => asm.div(memory) };
  }
  for (const condition of Object.keys(conditions) as Condition[]) {
    yield { text: `cmov${condition} ${String(r9)}, ${String(rcx)}`, emit: (asm) => asm.cmov(condition, r9, rcx) };
    yield { text: `cmov${condition} ${String(rax)}, ${textOf(at(rsp, 40))}`, emit: (asm) => asm.cmov(condition, rax, at(rsp, 40)) };
  }
  for (const number of [6, 15]) {
    const vector = new Vec(number, 16);
    yield { text: `vmovups ${String(vector)}, ${textOf(at(rsp, 144))}`, emit: (asm) => asm.vector("vmovups", vector, at(rsp, 144)) };
    yield { text: `vmovups ${textOf(at(rsp, 144))}, ${String(vector)}`, emit: (asm) => asm.vector("vmovups_store", at(rsp, 144), vector) };
  }
  yield { text: "ret", emit: (asm) => asm.ret() };
  yield { text: "cpuid", emit: (asm) => asm.cpuid() };
  yield { text: "xgetbv", emit: (asm) => asm.xgetbv() };
  yield { text: "vzeroupper", emit: (asm) => asm.vzeroupper() };
}

/** Every instruction, with operands of every kind. */
export const samples: readonly Sample[] = [...names.flatMap((name) => vectorSamples(name)), ...integerSamples()];
