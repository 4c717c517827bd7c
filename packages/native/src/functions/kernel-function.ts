import type { Fault } from "@nn/compiler/target";
import { Assembler, type Condition } from "../assembler/assembler.js";
import { FrameError } from "../assembler/errors.js";
import { at, Label, type Mem } from "../assembler/memory.js";
import { r11, r12, r13, r14, r15, rax, rbp, rbx, rcx, rdi, rdx, rsi, rsp, type Gpr } from "../assembler/registers.js";

/** The registers that a function leaves as it found them (System V ABI for x86-64, 3.2.1); rbp is one too. */
const saved = [rbx, r12, r13, r14, r15] as const;

/** A kernel has at most this on the stack, with what it saves. */
export const mostStackBytes = 64 * 1024;

/**
 * The function of a kernel: `kernel(thread, threads, table)`, by the System V calling convention. `table` holds the address at which faults are reported and
 * those of the kernel's buffers. Variables lie on the stack. All registers are free for short use, but rsp and `table`.
 */
export class KernelFunction {
  readonly asm = new Assembler();
  /** The register that holds the address of the table. */
  readonly table = r15;
  readonly thread: Mem;
  readonly threads: Mem;
  readonly #reserve: (bytes: number) => void;
  readonly #end = new Label();
  /** Code that seldom runs: it lies behind the function. */
  readonly #rare: { readonly label: Label; readonly body: () => void }[] = [];
  #bytes = 0;

  constructor() {
    const { asm } = this;
    asm.push(rbp);
    asm.mov(rbp, rsp);
    for (const register of saved) asm.push(register);
    this.#reserve = asm.subtractLater(rsp);
    asm.arithmetic("and", rsp, -64);
    asm.mov(this.table, rdx);
    this.thread = this.variable();
    this.threads = this.variable();
    // The arguments have 32 bits; moving them clears the others.
    asm.mov(rdi.low, rdi.low);
    asm.mov(rsi.low, rsi.low);
    asm.mov(this.thread, rdi);
    asm.mov(this.threads, rsi);
  }

  /** A variable of 64 bits. */
  variable(): Mem {
    this.#bytes += 8;
    return at(rsp, this.#bytes - 8);
  }

  /** Memory for a vector. */
  vector(bytes: 32 | 64): Mem {
    const start = Math.ceil(this.#bytes / bytes) * bytes;
    this.#bytes = start + bytes;
    return at(rsp, start);
  }

  /** The address of buffer `number`. */
  addressOf(number: number): Mem {
    return at(this.table, 8 * (number + 1));
  }

  /** Sets a variable to a number, another variable or a register. */
  assign(variable: Mem, value: number | Mem | Gpr): void {
    const { asm } = this;
    if (typeof value === "number") asm.store(variable, value);
    else if (value.kind === "gpr") asm.mov(variable, value);
    else {
      asm.mov(rax, value);
      asm.mov(variable, rax);
    }
  }

  /** Adds to a variable. Overwrites rax if the addend is one. */
  increase(variable: Mem, by: number | Mem): void {
    const { asm } = this;
    if (typeof by === "number") {
      if (by !== 0) asm.arithmetic("add", variable, by);
      return;
    }
    asm.mov(rax, by);
    asm.arithmetic("add", variable, rax);
  }

  /** Runs `body` unless the last comparison had this result. */
  unless(condition: Condition, body: () => void): void {
    const after = new Label();
    this.asm.jump(condition, after);
    body();
    this.asm.place(after);
  }

  /** Runs `body` as often as a variable or register says, at least once, and counts it down. */
  repeat(count: Mem | Gpr, body: () => void): void {
    const again = new Label();
    this.asm.place(again);
    body();
    this.asm.arithmetic("sub", count, 1);
    this.asm.jump("ne", again);
  }

  /** Runs `body` as often as a variable says, perhaps never. */
  repeatIfAny(count: Mem, body: () => void): void {
    this.asm.arithmetic("cmp", count, 0);
    this.unless("e", () => this.repeat(count, body));
  }

  /** Runs `body` if a variable is not 0. */
  ifAny(variable: Mem, body: () => void): void {
    this.asm.arithmetic("cmp", variable, 0);
    this.unless("e", body);
  }

  /** Runs `body` as long as one variable is below another. Overwrites rax. */
  whileLess(variable: Mem, end: Mem, body: () => void): void {
    const [again, after] = [new Label(), new Label()];
    const { asm } = this;
    asm.place(again);
    asm.mov(rax, variable);
    asm.arithmetic("cmp", rax, end);
    asm.jump("ge", after);
    body();
    asm.jmp(again);
    asm.place(after);
  }

  /** Limits a register, as a number with a sign. Overwrites r11. */
  atMost(register: Gpr, limit: number): void {
    this.#limit("g", register, limit);
  }

  atLeast(register: Gpr, limit: number): void {
    this.#limit("l", register, limit);
  }

  #limit(condition: "g" | "l", register: Gpr, limit: number): void {
    const { asm } = this;
    asm.set(r11, limit);
    asm.arithmetic("cmp", register, r11);
    asm.cmov(condition, register, r11);
  }

  /** Divides rax by a number. Overwrites rcx, rdx. */
  divide(by: number): void {
    this.asm.set(rcx, by);
    this.asm.arithmetic("xor", rdx.low, rdx.low);
    this.asm.div(rcx);
  }

  /** Sets rax to its remainder. Overwrites rcx, rdx. */
  remainder(by: number): void {
    this.divide(by);
    this.asm.mov(rax, rdx);
  }

  /** Sets `from` and `to` to the part of `count` things that this thread has. */
  partition(count: number, from: Mem, to: Mem): void {
    const { asm } = this;
    for (const [variable, plus] of [[from, 0], [to, 1]] as const) {
      asm.mov(rax, this.thread);
      if (plus > 0) asm.arithmetic("add", rax, plus);
      asm.imul(rax, rax, count);
      asm.arithmetic("xor", rdx.low, rdx.low);
      asm.div(this.threads);
      asm.mov(variable, rax);
    }
  }

  /** Runs `body` and does not come back if the last comparison had this result. `body` is written later, and ends with {@link fail}. */
  divert(condition: Condition, body: () => void): void {
    const label = new Label();
    this.#rare.push({ label, body });
    this.asm.jump(condition, label);
  }

  /** Reports a fault with the whole numbers rsi and rdx, unless another thread has reported one, and leaves the function. Overwrites rax, rcx, rdi. */
  fail({ id }: Fault): void {
    const { asm } = this;
    asm.mov(rdi, at(this.table));
    asm.arithmetic("xor", rax.low, rax.low);
    asm.set(rcx, id + 1);
    asm.lockCompareExchange(at(rdi), rcx.low);
    asm.jump("ne", this.#end);
    asm.mov(at(rdi, 4), rsi.low);
    asm.mov(at(rdi, 8), rdx.low);
    asm.jmp(this.#end);
  }

  /** Leaves the function if this is not the first thread. */
  requireFirstThread(): void {
    this.asm.arithmetic("cmp", this.thread, 0);
    this.asm.jump("ne", this.#end);
  }

  /** Ends the function. @throws FrameError if its variables do not fit. */
  finish(): Uint8Array<ArrayBuffer> {
    const { asm } = this;
    asm.place(this.#end);
    asm.vzeroupper();
    asm.lea(rsp, at(rbp, -8 * saved.length));
    for (const register of saved.toReversed()) asm.pop(register);
    asm.pop(rbp);
    asm.ret();
    for (const { label, body } of this.#rare) {
      asm.place(label);
      body();
    }
    const bytes = Math.ceil(this.#bytes / 64) * 64 + 64;
    if (bytes > mostStackBytes - 1024) throw new FrameError(`a kernel has ${bytes} bytes of variables, more than stacks are made ready for`);
    this.#reserve(bytes);
    return asm.finish();
  }
}
