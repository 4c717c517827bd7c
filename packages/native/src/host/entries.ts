import type { Assembler } from "../assembler/assembler.js";
import { at, Label, Mem } from "../assembler/memory.js";
import { r8, r9, rax, rcx, rdi, rdx, rsi, rsp, xmm } from "../assembler/registers.js";
import { mostStackBytes } from "../functions/kernel-function.js";

/** Where a system passes arguments, and which registers a function leaves as they were. */
export type Convention = "System V" | "Windows";

/** The vector registers whose low halves functions of Windows leave as they were. */
const kept = [6, 7, 8, 9, 10, 11, 12, 13, 14, 15] as const;

/** Memory for them. With two registers pushed and the address to return to, it makes the stack a multiple of 16 bytes. */
const keptBytes = 16 * kept.length + 8;

/** A page of Windows. Stacks grow when the page below them is touched, so that no page may be left out. */
const stackPage = 4096;

/**
 * The functions of (thread, threads) that a system calls, before kernels that are written in the convention of System V: arguments in rdi, rsi and rdx, and
 * rbx, rbp and r12 to r15 left as they were. Windows passes arguments in rcx and rdx, and also wants rdi, rsi and the low halves of ten vector registers left
 * (Microsoft, x64 calling convention); a bridge that all entries share sees to it.
 */
export class Entries {
  readonly #asm: Assembler;
  readonly #convention: Convention;
  readonly #bridge = new Label();

  constructor(asm: Assembler, convention: Convention) {
    this.#asm = asm;
    this.#convention = convention;
  }

  /** Writes the entry of a kernel, which gets its table as a third argument. */
  enter(kernel: Label, table: Label): void {
    const asm = this.#asm;
    if (this.#convention === "System V") {
      asm.lea(rdx, new Mem(table));
      asm.jmp(kernel);
      return;
    }
    asm.lea(r8, new Mem(table));
    asm.lea(r9, new Mem(kernel));
    asm.jmp(this.#bridge);
  }

  /** Writes what the entries share. */
  finish(): void {
    if (this.#convention === "System V") return;
    const asm = this.#asm;
    asm.place(this.#bridge);
    asm.push(rdi);
    asm.push(rsi);
    asm.arithmetic("sub", rsp, keptBytes);
    kept.forEach((number, at16) => asm.vector("vmovups_store", at(rsp, 16 * at16), xmm(number)));
    for (let below = stackPage; below <= mostStackBytes; below += stackPage) asm.mov(rax, at(rsp, -below));
    asm.mov(rdi, rcx);
    asm.mov(rsi, rdx);
    asm.mov(rdx, r8);
    asm.call(r9);
    kept.forEach((number, at16) => asm.vector("vmovups", xmm(number), at(rsp, 16 * at16)));
    asm.arithmetic("add", rsp, keptBytes);
    asm.pop(rsi);
    asm.pop(rdi);
    asm.ret();
  }
}
