import { at as entry, kernelKey, type Buffer, type KernelOptions, type Store } from "@nn/compiler/target";
import { sizeOf } from "@nn/tensor/extend";
import type { Mem } from "../assembler/memory.js";
import { r10, r11, rax, rdx } from "../assembler/registers.js";
import { KernelFunction } from "../functions/kernel-function.js";
import type { MachineKernel } from "../machine-kernel.js";
import { Epilogue, isSupportedEpilogue } from "../matmul/epilogue.js";
import type { Level } from "../vectors/level.js";
import { VectorWriter } from "../vectors/vector-writer.js";
import type { InputPacker, PackedFormat, PackedKernel } from "./packed-format.js";
import { packingBytes, planOf, sizesOf, type Plan, type Sizes } from "./plan.js";
import { Tile } from "./tile.js";

/** The stores of a product: those of its epilogue, or of its elements. */
function storesOf({ epilogue, output }: PackedKernel): readonly Store[] {
  return epilogue?.stores ?? [{ buffer: output, at: { offset: 0, coefficients: [entry(output.shape, -1), 1] }, value: { kind: "accumulator", dtype: output.dtype } }];
}

/** Machine code for a product, or `undefined` if there is none for its sizes or its epilogue. */
export function packedProductsCode(kernel: PackedKernel, format: PackedFormat, level: Level, options: KernelOptions): MachineKernel | undefined {
  const sizes = sizesOf(kernel);
  const { matrices, m, n, k } = sizes;
  // Distances within a matrix fit the 32 bits of immediates and displacements.
  const isNear = [k * m, n * k, m * n].every((size) => size < 2 ** 26) && Math.max(m, n, k, matrices) < 2 ** 22;
  if (k === 0 || sizeOf(kernel.output.shape) === 0 || !isNear || !isSupportedEpilogue(storesOf(kernel))) return undefined;
  const emitter = new PackedProductsEmitter(kernel, sizes, format, level, options);
  return { code: emitter.emit(), scratchBytes: emitter.scratchBytes };
}

/** Rows of a tile that are alike: up to row `end`, tiles of `size` rows whose words are `step` bytes apart. */
interface Stretch {
  readonly end: number;
  readonly size: number;
  readonly step: number;
}

/**
 * A product of packed numbers by tiles. Rows of inputs are packed in blocks and meet all panels of weights; if the inputs are stored transposed, each of their panels
 * is packed and meets all rows of weights.
 */
class PackedProductsEmitter {
  readonly #f = new KernelFunction();
  readonly #w: VectorWriter;
  readonly #packer: InputPacker;
  readonly #epilogue: Epilogue;
  readonly #sizes: Sizes;
  readonly #plan: Plan;
  readonly #options: KernelOptions;
  readonly #format: PackedFormat;
  /** The words along k. */
  readonly #words: number;
  readonly #buffers: readonly Buffer[];
  readonly #inputs: readonly Mem[];
  /** The columns of a panel. */
  readonly #width: number;
  readonly #v;

  constructor(kernel: PackedKernel, sizes: Sizes, format: PackedFormat, level: Level, options: KernelOptions) {
    const f = this.#f;
    this.#w = new VectorWriter(f.asm, level);
    this.#packer = format.packer(f, this.#w);
    this.#buffers = kernelKey(kernel).buffers;
    this.#sizes = sizes;
    this.#plan = planOf(sizes, format, level, options.threads);
    this.#options = options;
    this.#format = format;
    this.#words = Math.ceil(sizes.k / format.perWord);
    this.#width = this.#plan.vectors * level.lanes;
    this.#inputs = kernel.inputs.map((buffer) => f.addressOf(this.#buffers.indexOf(buffer)));
    this.#epilogue = new Epilogue(f, this.#w, storesOf(kernel), (buffer) => this.#buffers.indexOf(buffer));
    const names = ["scratch", "from", "to", "block", "blockEnd", "row", "fullEnd", "outRow", "firstOut", "panel", "panelEnd", "fullPanels", "column", "rows", "columns", "unit", "unitEnd", "matrix", "packed", "source"] as const;
    this.#v = Object.fromEntries(names.map((name) => [name, f.variable()])) as { readonly [N in (typeof names)[number]]: Mem };
  }

  get scratchBytes(): number {
    return packingBytes(this.#sizes, this.#format, this.#plan) * this.#options.threads;
  }

  emit(): Uint8Array<ArrayBuffer> {
    const f = this.#f;
    const { lanes } = this.#w.level;
    const { k, m, n, transposed } = this.#sizes;
    if (this.#plan.division === "nothing") f.requireFirstThread();
    for (const length of transposed ? [m] : [n, k]) if (length % lanes > 0) this.#w.definePart(length % lanes);
    this.#epilogue.prepare();
    f.asm.mov(rax, f.thread);
    f.asm.imul(rax, rax, packingBytes(this.#sizes, this.#format, this.#plan));
    f.asm.arithmetic("add", rax, f.addressOf(this.#buffers.length));
    f.asm.mov(this.#v.scratch, rax);
    if (transposed) this.#transposed();
    else this.#straight();
    return f.finish();
  }

  /** The part of `count` things that this thread has, if the threads divide them. */
  #range(division: Plan["division"], count: number, from: Mem, to: Mem): void {
    const f = this.#f;
    if (division === this.#plan.division) f.partition(count, from, to);
    else {
      f.assign(from, 0);
      f.assign(to, count);
    }
  }

  /** Blocks of rows, each against all panels of weights. */
  #straight(): void {
    const f = this.#f;
    const v = this.#v;
    const { m, n } = this.#sizes;
    const { rows, blockRows } = this.#plan;
    this.#range("rows", Math.ceil(m / rows), v.from, v.to);
    this.#range("columns", Math.ceil(n / this.#width), v.panel, v.panelEnd);
    f.assign(v.unit, v.panel);
    for (const [variable, of] of [[v.block, v.from], [v.to, v.to]] as const) {
      f.asm.imul(rax, of, rows);
      f.atMost(rax, m);
      f.asm.mov(variable, rax);
    }
    f.assign(v.firstOut, 0);
    f.whileLess(v.block, v.to, () => {
      this.#least(v.blockEnd, v.block, blockRows, v.to);
      this.#packRows();
      f.assign(v.panel, v.unit);
      this.#panels(n, (columns) => this.#tiles(v.block, v.blockEnd, m, columns));
      f.assign(v.block, v.blockEnd);
    });
  }

  /** `variable = min(from + plus, limit)`. */
  #least(variable: Mem, from: Mem, plus: number, limit: Mem): void {
    const { asm } = this.#f;
    asm.mov(rax, from);
    asm.arithmetic("add", rax, plus);
    asm.mov(rdx, limit);
    asm.arithmetic("cmp", rax, rdx);
    asm.cmov("g", rax, rdx);
    asm.mov(variable, rax);
  }

  /** Packs the rows of the block. */
  #packRows(): void {
    const f = this.#f;
    const { asm } = f;
    const v = this.#v;
    const { k } = this.#sizes;
    asm.imul(rax, v.block, 4 * k);
    asm.arithmetic("add", rax, this.#input(0));
    asm.mov(v.source, rax);
    f.assign(v.packed, v.scratch);
    f.assign(v.row, v.block);
    f.whileLess(v.row, v.blockEnd, () => {
      asm.mov(r10, v.source);
      asm.mov(r11, v.packed);
      this.#packer.row(k);
      f.increase(v.source, 4 * k);
      f.increase(v.packed, this.#plan.packedStride);
      f.increase(v.row, 1);
    });
  }

  #input(number: number): Mem {
    return entry(this.#inputs, number);
  }

  /** All panels from `panel` to `panelEnd`, of which the last may have fewer columns. */
  #panels(columns: number, body: (columns: number) => void): void {
    const f = this.#f;
    const v = this.#v;
    const whole = Math.floor(columns / this.#width);
    const rest = columns % this.#width;
    const each = (count: number): void => {
      f.asm.imul(rax, v.panel, this.#width);
      f.asm.mov(v.column, rax);
      this.#pieces(count).forEach((piece, number, pieces) => {
        if (number > 0) f.increase(v.column, entry(pieces, number - 1));
        body(piece);
      });
      f.increase(v.panel, 1);
    };
    f.assign(v.fullPanels, whole);
    this.#least(v.fullPanels, v.fullPanels, 0, v.panelEnd);
    if (whole > 0) f.whileLess(v.panel, v.fullPanels, () => each(this.#width));
    if (rest > 0) f.whileLess(v.panel, v.panelEnd, () => each(rest));
  }

  /** Columns of weights in whole panels, and those in a narrower one. Columns of inputs are one piece. */
  #pieces(columns: number): readonly number[] {
    const { panel } = this.#format;
    if (this.#sizes.transposed || panel === undefined) return [columns];
    return [columns - (columns % panel), columns % panel].filter((count) => count > 0);
  }

  /** The stretches of `count` rows. Rows of weights lie in panels, of which the last may be narrower. */
  #stretches(count: number): readonly Stretch[] {
    const { rows } = this.#plan;
    const { transposed } = this.#sizes;
    const { panel, inputParts } = this.#format;
    const last = count % rows;
    const inWhole = transposed && panel !== undefined ? count - (count % panel) : 0;
    const step = transposed ? 4 * (count - inWhole) : 4 * inputParts;
    return [{ end: inWhole, size: rows, step: 4 * (panel ?? 0) }, { end: count - last, size: rows, step }, { end: count, size: last, step }]
      .filter(({ end }, at, all) => end > (at === 0 ? 0 : entry(all, at - 1).end));
  }

  /** Sets rax to the address of the words of a column of weights. Overwrites rdx. */
  #weightsAt(column: Mem): void {
    const { asm } = this.#f;
    const { panel } = this.#format;
    asm.mov(rax, column);
    if (panel !== undefined) {
      // A panel begins after all words of the columns before it.
      asm.arithmetic("and", rax, -panel);
      asm.mov(rdx, column);
      asm.arithmetic("sub", rdx, rax);
      asm.imul(rax, rax, this.#words);
      asm.arithmetic("add", rax, rdx);
    }
    asm.imul(rax, rax, 4);
    asm.arithmetic("add", rax, this.#input(1));
  }

  /** The tiles of a panel, for the rows from `from` to `to`. Only the last one of all `count` rows may have fewer. */
  #tiles(from: Mem, to: Mem, count: number, columns: number): void {
    const f = this.#f;
    const { asm } = f;
    const v = this.#v;
    const { transposed } = this.#sizes;
    f.assign(v.row, from);
    f.assign(v.rows, v.scratch);
    if (transposed) f.assign(v.columns, v.scratch);
    else {
      this.#weightsAt(v.column);
      asm.mov(v.columns, rax);
    }
    for (const { end, size, step } of this.#stretches(count)) {
      f.assign(v.fullEnd, end);
      this.#least(v.fullEnd, v.fullEnd, 0, to);
      f.whileLess(v.row, v.fullEnd, () => {
        if (transposed) {
          this.#weightsAt(v.row);
          asm.mov(v.rows, rax);
        }
        this.#tile(size, columns, step);
        if (!transposed) f.increase(v.rows, size * this.#plan.packedStride);
        f.increase(v.row, size);
      });
    }
  }

  #tile(rows: number, columns: number, rowStep: number): void {
    const f = this.#f;
    const v = this.#v;
    const { level } = this.#w;
    const { n, transposed } = this.#sizes;
    const { panel, products } = this.#format;
    const { packedStride, vectors } = this.#plan;
    const width = panel === undefined ? n : Math.min(panel, columns);
    const side = transposed
      ? { row: 4, columnStep: packedStride, part: vectors * level.bytes, vectorAt: (at: number) => at * level.bytes }
      : { row: packedStride, columnStep: 4 * width, part: 4, vectorAt: (at: number) => offsetOf(at * level.lanes, panel ?? n, this.#words) };
    const tile = new Tile(f, this.#w, { rows, columns, words: this.#words, rowStep, ...side, weightsInLanes: !transposed, padded: transposed, products });
    tile.compute(v.rows, v.columns);
    f.asm.mov(rax, v.row);
    f.asm.arithmetic("add", rax, v.firstOut);
    f.asm.mov(v.outRow, rax);
    this.#epilogue.beginTile(v.outRow, v.column);
    const free = [...tile.others];
    tile.each((register, row, vector) => {
      this.#epilogue.store(row, vector, register, free, tile.partOf(vector));
      free.push(register);
    });
  }

  /** Panels of inputs, each against all rows of weights. */
  #transposed(): void {
    const f = this.#f;
    const { asm } = f;
    const v = this.#v;
    const { matrices, m, k, n } = this.#sizes;
    const panels = Math.ceil(m / this.#width);
    this.#range("batch", matrices * panels, v.unit, v.unitEnd);
    f.assign(v.from, 0);
    f.assign(v.to, n);
    f.whileLess(v.unit, v.unitEnd, () => {
      asm.mov(rax, v.unit);
      f.divide(panels);
      asm.mov(v.panel, rdx);
      asm.arithmetic("add", rdx, 1);
      asm.mov(v.panelEnd, rdx);
      asm.imul(rdx, rax, n);
      asm.mov(v.firstOut, rdx);
      asm.imul(rax, rax, k * m);
      asm.mov(v.matrix, rax);
      this.#panels(m, (columns) => {
        asm.mov(rax, v.matrix);
        asm.arithmetic("add", rax, v.column);
        asm.imul(rax, rax, 4);
        asm.arithmetic("add", rax, this.#input(0));
        asm.mov(r10, rax);
        asm.mov(r11, v.scratch);
        const vectors = Math.ceil(columns / this.#w.level.lanes);
        const rest = columns % this.#w.level.lanes;
        this.#packer.panel(k, 4 * m, this.#plan.packedStride, vectors, rest === 0 ? undefined : this.#w.definedPart(rest));
        this.#tiles(v.from, v.to, n, columns);
      });
      f.increase(v.unit, 1);
    });
  }
}

/** Where a column lies, from the first column of a panel on, in bytes. */
function offsetOf(column: number, panel: number, words: number): number {
  const inPanel = column % panel;
  return 4 * ((column - inPanel) * words + inPanel);
}
