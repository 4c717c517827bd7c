import { at as entry, kernelKey, type Buffer, type KernelOptions, type Store } from "@nn/compiler/target";
import { at, type Mem } from "../assembler/memory.js";
import { r10, r11, r12, rax } from "../assembler/registers.js";
import type { MachineKernel } from "../machine-kernel.js";
import { KernelFunction } from "../functions/kernel-function.js";
import type { Level } from "../vectors/level.js";
import { VectorWriter } from "../vectors/vector-writer.js";
import { batchTerms, type BatchTerm } from "./batch.js";
import { Epilogue, isSupportedEpilogue } from "./epilogue.js";
import { Packer } from "./pack.js";
import { packingBytes, planOf, sizesOf, tilesIn, type MatmulKernel, type Plan, type Segment, type Sizes } from "./plan.js";
import { Tile, type TileStrides } from "./tile.js";

/** The stores of a product: those of its epilogue, or of its elements. */
function storesOf({ epilogue, output }: MatmulKernel): readonly Store[] {
  return epilogue?.stores ?? [{ buffer: output, at: { offset: 0, coefficients: [entry(output.shape, -1), 1] }, value: { kind: "accumulator", dtype: output.dtype } }];
}

/** How a product may be computed. */
export interface ProductOptions extends KernelOptions {
  /** Whether the right matrix lies packed in the scratch memory: see `packedOnce`. */
  readonly isPacked: boolean;
}

/** Machine code for a product, or `undefined` if there is no code for its dtype, its sizes or its epilogue. */
export function matmulCode(kernel: MatmulKernel, level: Level, options: ProductOptions): MachineKernel | undefined {
  const sizes = sizesOf(kernel);
  const { m, n, k } = sizes;
  // Distances within a matrix fit the 32 bits of immediates and displacements.
  const isNear = [k * m, n * k, m * n].every((size) => size < 2 ** 26) && Math.max(m, n, k) < 2 ** 22;
  if (kernel.output.dtype !== "float32" || k === 0 || !isNear) return undefined;
  if (!isSupportedEpilogue(storesOf(kernel)) || !kernel.inputs.every(({ shape }) => batchTerms(shape, kernel.output.shape).every(({ elements }) => 4 * elements < 2 ** 31))) return undefined;
  const plan = planOf(sizes, level, options.threads);
  const emitter = new MatmulEmitter(kernel, sizes, plan, level, options);
  return { code: emitter.emit(), scratchBytes: emitter.scratchBytes };
}

/** One block along k: how long it is, and which of the sums it begins and ends. */
interface Block {
  readonly length: number;
  readonly first: boolean;
  readonly last: boolean;
}

/**
 * A product by tiles (Goto and van de Geijn 2008): blocks of panels of the second matrix are packed, and every tile of rows meets every panel. Each
 * sum adds its products in their order along k, whatever the sizes of tiles and the number of threads.
 */
class MatmulEmitter {
  readonly #f = new KernelFunction();
  readonly #w: VectorWriter;
  readonly #packer: Packer;
  readonly #epilogue: Epilogue;
  readonly #kernel: MatmulKernel;
  readonly #sizes: Sizes;
  readonly #plan: Plan;
  readonly #options: ProductOptions;
  readonly #buffers: readonly Buffer[];
  /** The columns of a panel. */
  readonly #width: number;
  /** The panels that are as wide as a tile, and the columns of the last one if it is not. */
  readonly #fullPanels: number;
  readonly #rest: number;
  readonly #v;

  constructor(kernel: MatmulKernel, sizes: Sizes, plan: Plan, level: Level, options: ProductOptions) {
    this.#w = new VectorWriter(this.#f.asm, level);
    this.#packer = new Packer(this.#f, this.#w);
    this.#buffers = kernelKey(kernel).buffers;
    this.#kernel = kernel;
    this.#sizes = sizes;
    this.#plan = plan;
    this.#options = options;
    this.#width = plan.vectors * level.lanes;
    this.#fullPanels = Math.floor(sizes.n / this.#width);
    this.#rest = sizes.n % this.#width;
    this.#epilogue = new Epilogue(this.#f, this.#w, storesOf(kernel), (buffer) => this.#buffers.indexOf(buffer));
    const names = ["batch", "batchEnd", "a", "b", "firstRow", "panel", "panelFrom", "panelEnd", "tileFrom", "tileEnd", "aBlock", "bBlock", "panels", "fullPanels", "hasRest", "tiles", "aTile", "row", "bPanel", "column", "count", "packedB", "packedA", "partials", "partialsOfBatch", "middle"] as const;
    this.#v = Object.fromEntries(names.map((name) => [name, this.#f.variable()])) as { readonly [N in (typeof names)[number]]: Mem };
  }

  /** Whether sums wait in memory between blocks along k. */
  get #hasPartials(): boolean {
    return this.#plan.blocks > 1;
  }

  get #packing(): { readonly a: number; readonly b: number } {
    return packingBytes(this.#plan, this.#w.level);
  }

  get scratchBytes(): number {
    const { a, b } = this.#packing;
    const regions = this.#plan.division === "batch" ? this.#options.threads : 1;
    return (a + b) * this.#options.threads + (this.#hasPartials ? this.#partialBytes * regions : 0);
  }

  get #partialBytes(): number {
    return Math.ceil((4 * this.#sizes.m * this.#sizes.n) / 64) * 64;
  }

  emit(): Uint8Array<ArrayBuffer> {
    const { batch } = this.#sizes;
    const { division, segments } = this.#plan;
    const v = this.#v;
    const f = this.#f;
    if (division === "nothing") f.requireFirstThread();
    this.#defineParts();
    this.#epilogue.prepare();
    this.#placeScratch();
    const range = (name: Plan["division"], count: number, from: Mem, to: Mem): void => {
      if (division === name) f.partition(count, from, to);
      else {
        f.assign(from, 0);
        f.assign(to, count);
      }
    };
    range("batch", batch, v.batch, v.batchEnd);
    range("columns", this.#fullPanels + Number(this.#rest > 0), v.panelFrom, v.panelEnd);
    range("rows", tilesIn(segments), v.tileFrom, v.tileEnd);
    f.whileLess(v.batch, v.batchEnd, () => {
      this.#beginBatch();
      f.assign(v.panel, v.panelFrom);
      f.whileLess(v.panel, v.panelEnd, () => {
        this.#panelBlock();
        f.increase(v.panel, v.panels);
      });
      f.increase(v.batch, 1);
    });
    return f.finish();
  }

  /** Makes known the parts of vectors that the last column and the ends of blocks need. */
  #defineParts(): void {
    const { lanes } = this.#w.level;
    const { n, k } = this.#sizes;
    const { blocks, blockLength, packA, packB } = this.#plan;
    const lengths = packA || (packB && this.#sizes.transposeB) ? [blockLength, k - (blocks - 1) * blockLength] : [];
    for (const length of [n, ...lengths]) if (length % lanes > 0) this.#w.definePart(length % lanes);
  }

  /** Each thread packs into memory of its own. */
  #placeScratch(): void {
    const { asm } = this.#f;
    const v = this.#v;
    const { a, b } = this.#packing;
    if (this.scratchBytes === 0) return;
    asm.mov(rax, this.#f.thread);
    asm.imul(rax, rax, a + b);
    asm.arithmetic("add", rax, this.#f.addressOf(this.#buffers.length));
    asm.mov(v.packedB, rax);
    asm.arithmetic("add", rax, b);
    asm.mov(v.packedA, rax);
    if (!this.#hasPartials) return;
    if (this.#plan.division === "batch") {
      asm.mov(rax, this.#f.thread);
      asm.imul(rax, rax, this.#partialBytes);
    } else asm.arithmetic("xor", rax.low, rax.low);
    asm.arithmetic("add", rax, this.#f.addressOf(this.#buffers.length));
    asm.arithmetic("add", rax, (a + b) * this.#options.threads);
    asm.mov(v.partials, rax);
  }

  /** Finds the matrices of a batch. */
  #beginBatch(): void {
    const { asm } = this.#f;
    const v = this.#v;
    const { m, n } = this.#sizes;
    const { inputs, output } = this.#kernel;
    [v.a, v.b].forEach((variable, number) => {
      this.#f.assign(variable, this.#f.addressOf(this.#buffers.indexOf(entry(inputs, number))));
      for (const term of batchTerms(entry(inputs, number).shape, output.shape)) this.#addTerm(variable, term);
    });
    asm.imul(rax, v.batch, m);
    asm.mov(v.firstRow, rax);
    if (!this.#hasPartials) return;
    asm.imul(rax, rax, -4 * n);
    asm.arithmetic("add", rax, v.partials);
    asm.mov(v.partialsOfBatch, rax);
  }

  /** Adds the bytes of `batch / divisor mod size` matrices. */
  #addTerm(variable: Mem, { divisor, size, elements, isLast }: BatchTerm): void {
    const { asm } = this.#f;
    asm.mov(rax, this.#v.batch);
    if (divisor > 1) this.#f.divide(divisor);
    if (!isLast) this.#f.remainder(size);
    asm.imul(rax, rax, 4 * elements);
    asm.arithmetic("add", variable, rax);
  }

  /** All that is done with a block of panels. */
  #panelBlock(): void {
    const f = this.#f;
    const v = this.#v;
    const { m, k, n, transposeA, transposeB } = this.#sizes;
    const { blocks, blockLength } = this.#plan;
    this.#countPanels();
    f.assign(v.aBlock, v.a);
    f.asm.imul(rax, v.panel, this.#width * 4 * (transposeB ? k : 1));
    f.asm.arithmetic("add", rax, v.b);
    f.asm.mov(v.bBlock, rax);
    const block = (each: Block): void => {
      if (this.#plan.packB && !this.#options.isPacked) this.#packPanels(each.length);
      this.#rowTiles(each);
      f.increase(v.aBlock, 4 * each.length * (transposeA ? m : 1));
      f.increase(v.bBlock, 4 * each.length * (transposeB ? 1 : n));
    };
    if (blocks > 1) block({ length: blockLength, first: true, last: false });
    if (blocks > 2) {
      f.assign(v.middle, blocks - 2);
      f.repeat(v.middle, () => block({ length: blockLength, first: false, last: false }));
    }
    block({ length: k - (blocks - 1) * blockLength, first: blocks === 1, last: true });
  }

  /** How many panels the block has, how many of them are as wide as a tile, and whether the last one is not. */
  #countPanels(): void {
    const f = this.#f;
    const { asm } = f;
    const v = this.#v;
    asm.mov(rax, v.panelEnd);
    asm.arithmetic("sub", rax, v.panel);
    f.atMost(rax, this.#plan.panelsPerBlock);
    asm.mov(v.panels, rax);
    if (this.#rest === 0) {
      asm.mov(v.fullPanels, rax);
      return;
    }
    // Without those after the last full one.
    asm.mov(r10, rax);
    asm.arithmetic("add", r10, v.panel);
    asm.arithmetic("sub", r10, this.#fullPanels);
    asm.arithmetic("xor", r11.low, r11.low);
    asm.arithmetic("cmp", r10, 0);
    asm.cmov("l", r10, r11);
    asm.mov(v.hasRest, r10);
    asm.arithmetic("sub", rax, r10);
    asm.mov(v.fullPanels, rax);
  }

  #packPanels(length: number): void {
    const f = this.#f;
    const v = this.#v;
    const { n, k, transposeB } = this.#sizes;
    f.assign(v.bPanel, v.packedB);
    f.assign(v.column, v.bBlock);
    f.assign(v.count, v.fullPanels);
    const pack = (columns: number): void => {
      if (transposeB) this.#packTransposed(length, columns);
      else {
        f.asm.mov(r10, v.column);
        f.asm.mov(r11, v.bPanel);
        this.#packer.copy({ count: length, stride: 4 * n }, columns, this.#plan.vectors);
      }
      f.increase(v.column, this.#width * 4 * (transposeB ? k : 1));
      f.increase(v.bPanel, length * this.#width * 4);
    };
    if (this.#fullPanels > 0) f.repeatIfAny(v.count, () => pack(this.#width));
    if (this.#rest > 0) f.ifAny(v.hasRest, () => pack(this.#rest));
  }

  #packTransposed(length: number, columns: number): void {
    const { asm } = this.#f;
    const { lanes } = this.#w.level;
    const { k } = this.#sizes;
    for (let start = 0; start < columns; start += lanes) {
      asm.mov(r10, this.#v.column);
      if (start > 0) asm.arithmetic("add", r10, start * k * 4);
      asm.mov(r12, this.#v.bPanel);
      if (start > 0) asm.arithmetic("add", r12, start * 4);
      this.#packer.transpose({ count: Math.min(lanes, columns - start), stride: k * 4 }, length, this.#width * 4);
    }
  }

  /** All tiles of rows, against the panels of the block. */
  #rowTiles(block: Block): void {
    let tile = 0;
    let row = 0;
    for (const segment of this.#plan.segments) {
      this.#segment(segment, tile, row, block);
      tile += segment.count;
      row += segment.count * segment.size;
    }
  }

  #segment({ size: rows, count }: Segment, firstTile: number, firstRow: number, block: Block): void {
    const f = this.#f;
    const { asm } = f;
    const v = this.#v;
    // rax: the first tile of this thread in the segment; r10: how many there are.
    asm.mov(rax, v.tileFrom);
    asm.arithmetic("sub", rax, firstTile);
    f.atLeast(rax, 0);
    asm.mov(r10, v.tileEnd);
    asm.arithmetic("sub", r10, firstTile);
    f.atMost(r10, count);
    asm.arithmetic("sub", r10, rax);
    f.atLeast(r10, 0);
    asm.mov(v.tiles, r10);
    asm.imul(rax, rax, rows);
    asm.arithmetic("add", rax, firstRow);
    asm.mov(r10, rax);
    asm.arithmetic("add", r10, v.firstRow);
    asm.mov(v.row, r10);
    asm.imul(rax, rax, this.#aRow);
    asm.arithmetic("add", rax, v.aBlock);
    asm.mov(v.aTile, rax);
    f.repeatIfAny(v.tiles, () => {
      this.#tilesOfRow(rows, block);
      f.increase(v.aTile, rows * this.#aRow);
      f.increase(v.row, rows);
    });
  }

  /** Bytes from one row of the product to the next in the first matrix. */
  get #aRow(): number {
    return this.#sizes.transposeA ? 4 : 4 * this.#sizes.k;
  }

  /** The tiles of some rows: one for each panel. */
  #tilesOfRow(rows: number, block: Block): void {
    const f = this.#f;
    const { asm } = f;
    const v = this.#v;
    const { packA, packB } = this.#plan;
    if (packA) {
      asm.mov(r10, v.aTile);
      asm.mov(r12, v.packedA);
      this.#packer.transpose({ count: rows, stride: this.#aRow }, block.length, this.#w.level.bytes);
    }
    asm.imul(rax, v.panel, this.#width);
    asm.mov(v.column, rax);
    f.assign(v.bPanel, packB ? v.packedB : v.bBlock);
    f.assign(v.count, v.fullPanels);
    if (this.#fullPanels > 0) {
      f.repeatIfAny(v.count, () => {
        this.#tile(rows, this.#width, block);
        f.increase(v.bPanel, packB ? block.length * this.#width * 4 : this.#width * 4);
        f.increase(v.column, this.#width);
      });
    }
    if (this.#rest > 0) f.ifAny(v.hasRest, () => this.#tile(rows, this.#rest, block));
  }

  get #strides(): TileStrides {
    const { m, n, transposeA } = this.#sizes;
    const { packA, packB } = this.#plan;
    const bStep = packB ? this.#width * 4 : n * 4;
    return packA ? { aRow: 4, aStep: this.#w.level.bytes, bStep } : { aRow: this.#aRow, aStep: transposeA ? 4 * m : 4, bStep };
  }

  #tile(rows: number, columns: number, { length, first, last }: Block): void {
    const { packA, packB } = this.#plan;
    const v = this.#v;
    const w = this.#w;
    const tile = new Tile(this.#f, w, { rows, columns, length, strides: this.#strides, fused: this.#options.fused, padded: packB });
    const partial = (row: number, vector: number): Mem => at(r10, 4 * row * this.#sizes.n + vector * w.level.bytes);
    tile.clear();
    tile.accumulate(packA ? v.packedA : v.aTile, v.bPanel);
    if (!first) this.#addPartials(tile, partial);
    if (last) {
      this.#epilogue.beginTile(v.row, v.column);
      const free = [...tile.others];
      tile.each((register, row, vector) => {
        this.#epilogue.store(row, vector, register, free, tile.partOf(vector));
        free.push(register);
      });
      return;
    }
    this.#pointToPartials();
    const mask = w.register(tile.others[0] ?? 0);
    if (tile.part !== undefined && tile.part.mask === undefined) w.load(mask, w.laneMask(tile.part));
    tile.each((register, row, vector) => w.store(partial(row, vector), w.register(register), tile.partOf(vector), mask));
  }

  /** Adds the sums of the blocks before. Long sums are sums of blocks, so that rounding errors stay small. */
  #addPartials(tile: Tile, partial: (row: number, vector: number) => Mem): void {
    const w = this.#w;
    const before = w.register(tile.others[0] ?? 0);
    this.#pointToPartials();
    tile.each((register, row, vector) => {
      w.load(before, partial(row, vector), tile.partOf(vector));
      w.asm.vector("vaddps", w.register(register), before, w.register(register));
    });
  }

  /** Sets r10 to where the sums of the tile wait. */
  #pointToPartials(): void {
    const { asm } = this.#f;
    const v = this.#v;
    asm.imul(r10, v.row, 4 * this.#sizes.n);
    asm.arithmetic("add", r10, v.partialsOfBatch);
    asm.mov(rax, v.column);
    asm.lea(r10, at(r10, 0, rax, 4));
  }
}
