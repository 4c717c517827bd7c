import { at as entry, kernelKey, type Buffer, type KernelOptions } from "@nn/compiler/target";
import { stridesOf } from "@nn/tensor/extend";
import { at, type Mem } from "../assembler/memory.js";
import { r10, r11, rax, rcx, type Vec } from "../assembler/registers.js";
import { KernelFunction } from "../functions/kernel-function.js";
import type { MachineKernel } from "../machine-kernel.js";
import type { Segment } from "../matmul/plan.js";
import type { Level } from "../vectors/level.js";
import { VectorWriter, type Part } from "../vectors/vector-writer.js";
import { Epilogue, isSupportedEpilogue, waitingBuffer } from "./epilogue.js";
import { flatLength, flatVectors, type FlatVector } from "./flat.js";
import { geometryOf, inLine, inputPlane, lastAxis, outputPlane, patchOf, tapsOf, type ConvolutionKernel, type Geometry } from "./geometry.js";
import { ImageCopy } from "./image-copy.js";
import { isNear, planOf, type Plan } from "./plan.js";
import { tapNodes } from "./taps.js";
import { Tile } from "./tile.js";

/** The most memory that the copies of all threads may take: WebAssembly needs little for images that are larger. */
const mostScratchBytes = 2 ** 28;

/** How a convolution is computed. */
interface Computation {
  readonly geometry: Geometry;
  readonly plan: Plan;
  /** Bytes of a thread: for the copy of an image, and for the tables of the epilogue. */
  readonly copyBytes: number;
  readonly tableBytes: number;
}

function computationOf(kernel: ConvolutionKernel, level: Level, { threads }: KernelOptions): Computation | undefined {
  const { inputs, output, epilogue } = kernel;
  if (output.dtype !== "float32" || [...inputs, output].some(({ shape }) => shape.includes(0))) return undefined;
  const geometry = geometryOf(kernel);
  const plan = planOf(geometry, level, threads);
  if (plan === undefined || !isNear(geometry, plan.layout)) return undefined;
  if (epilogue !== undefined && !(isSupportedEpilogue(epilogue) && (plan.channels.length === 1 || waitingBuffer(epilogue) !== undefined))) return undefined;
  const copyBytes = ImageCopy.bytes(geometry, plan.layout);
  const tableBytes = epilogue === undefined ? 0 : Epilogue.tableBytes(epilogue, level.bytes);
  return (copyBytes + tableBytes) * threads > mostScratchBytes ? undefined : { geometry, plan, copyBytes, tableBytes };
}

/** Whether there is machine code for a convolution. */
export function hasConvolutionCode(kernel: ConvolutionKernel, level: Level, options: KernelOptions): boolean {
  return computationOf(kernel, level, options) !== undefined;
}

/** Machine code for a convolution, or `undefined` if there is none for its dtype, its sizes or its epilogue. */
export function convolutionCode(kernel: ConvolutionKernel, level: Level, options: KernelOptions): MachineKernel | undefined {
  const computation = computationOf(kernel, level, options);
  if (computation === undefined) return undefined;
  return { code: new ConvolutionEmitter(kernel, computation, level, options).emit(), scratchBytes: (computation.copyBytes + computation.tableBytes) * options.threads };
}

/** Where the operands of a tile are: variables. */
interface Places {
  readonly image: Mem;
  readonly weights: Mem;
  readonly target: Mem;
  /** The number of the first channel in the first table of the epilogue. */
  readonly tables: Mem;
}

/** The bytes from one thing to the next, for each operand. */
type Steps = { readonly [P in keyof Places]: number };

/** A vector of sums of a tile: where its image lies and what of it may be read, where it is stored, which lanes of it, and in which order. */
interface TileColumn {
  readonly image: number;
  readonly target: number;
  readonly read: Part | undefined;
  readonly part: Part | undefined;
  readonly order: readonly number[] | undefined;
}

/** The sizes of a tile, whether its sums are added to those of earlier channels, and whether those of later ones follow. */
interface TileSizes {
  readonly channels: number;
  readonly outputs: number;
  readonly lines: number;
  readonly columns: number;
  /** Where lines are walked as one: the positions before the tile. */
  readonly before: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/**
 * Cross-correlation by tiles of outputs and windows. The windows are vectors of the image itself, or of a copy with its padding; no matrix of patches is
 * written. Each sum has one order, whatever the number of threads.
 */
class ConvolutionEmitter {
  readonly #f = new KernelFunction();
  readonly #w: VectorWriter;
  readonly #geometry: Geometry;
  readonly #plan: Plan;
  readonly #options: KernelOptions;
  readonly #kernel: ConvolutionKernel;
  readonly #buffers: readonly Buffer[];
  readonly #computation: Computation;
  readonly #copy: ImageCopy;
  readonly #epilogue: Epilogue | undefined;
  readonly #from: Mem;
  readonly #to: Mem;

  constructor(kernel: ConvolutionKernel, computation: Computation, level: Level, options: KernelOptions) {
    const { geometry, plan } = computation;
    this.#w = new VectorWriter(this.#f.asm, level);
    this.#kernel = kernel;
    this.#computation = computation;
    this.#geometry = geometry;
    this.#plan = plan;
    this.#options = options;
    this.#buffers = kernelKey(kernel).buffers;
    this.#copy = new ImageCopy(this.#f, this.#w, geometry, plan.layout);
    this.#epilogue = kernel.epilogue && new Epilogue(this.#f, this.#w, kernel.epilogue, (buffer) => this.#buffers.indexOf(buffer));
    [this.#from, this.#to] = [this.#f.variable(), this.#f.variable()];
  }

  emit(): Uint8Array<ArrayBuffer> {
    const f = this.#f;
    const { images, groups } = this.#geometry;
    const { division, layout } = this.#plan;
    if (division === "nothing" && this.#options.threads > 1) f.requireFirstThread();
    this.#defineParts();
    const [part, end, copy, tables] = [f.variable(), f.variable(), f.variable(), f.variable()];
    this.#placeScratch(copy, tables);
    if (layout.copied) this.#copy.clear(copy);
    this.#epilogue?.prepare(tables);
    f.assign(part, 0);
    f.assign(end, images * groups);
    if (division === "parts") f.partition(images * groups, part, end);
    else if (division !== "nothing") f.partition(this.#plan[division].reduce((sum, { count }) => sum + count, 0), this.#from, this.#to);
    f.whileLess(part, end, () => {
      this.#part(part, copy, tables);
      f.increase(part, 1);
    });
    return f.finish();
  }

  get #lanes(): number {
    return this.#w.level.lanes;
  }

  /** Makes known the parts of vectors at the ends of lines. */
  #defineParts(): void {
    const { windows, taps } = lastAxis(this.#geometry);
    const { lanes, isFlat, layout } = this.#plan;
    const flat = isFlat ? [flatLength(this.#geometry, layout), ...this.#flatVectors.map((vector) => vector.lanes.length)] : [windows];
    const ends = [...(lanes === "windows" ? flat : [taps, 1]), ...(layout.copied ? ImageCopy.parts(this.#geometry, layout, this.#lanes) : [])];
    for (const end of ends) if (end % this.#lanes > 0) this.#w.definePart(end % this.#lanes);
  }

  /** Each thread has a copy and tables of its own. */
  #placeScratch(copy: Mem, tables: Mem): void {
    const { asm } = this.#f;
    const { copyBytes, tableBytes } = this.#computation;
    if (copyBytes + tableBytes === 0) return;
    asm.mov(rax, this.#f.thread);
    asm.imul(rax, rax, copyBytes + tableBytes);
    asm.arithmetic("add", rax, this.#f.addressOf(this.#buffers.length));
    asm.mov(copy, rax);
    asm.arithmetic("add", rax, copyBytes);
    asm.mov(tables, rax);
  }

  /** One group of an image. */
  #part(part: Mem, copy: Mem, tables: Mem): void {
    const f = this.#f;
    const { asm } = f;
    const { groups, channels, outputs } = this.#geometry;
    const { layout } = this.#plan;
    const { inputs: [input, weight], output } = this.#kernel;
    const places = { image: f.variable(), weights: f.variable(), target: f.variable(), tables: f.variable() };
    const place = (variable: Mem, base: Mem | undefined, elements: number, isGroup: boolean): void => {
      asm.mov(rax, part);
      if (isGroup) f.remainder(groups);
      asm.imul(rax, rax, 4 * elements);
      if (base !== undefined) asm.arithmetic("add", rax, base);
      asm.mov(variable, rax);
    };
    const addressOf = (buffer: Buffer): Mem => f.addressOf(this.#buffers.indexOf(buffer));
    place(places.image, addressOf(input), channels * inputPlane(this.#geometry), false);
    place(places.weights, addressOf(weight), outputs * patchOf(this.#geometry), true);
    // An epilogue adds the addresses of its buffers.
    place(places.target, this.#epilogue === undefined ? addressOf(output) : undefined, outputs * outputPlane(this.#geometry), false);
    if (this.#epilogue !== undefined) place(places.tables, tables, outputs, true);
    if (layout.copied) this.#copy.write(places.image, copy);
    this.#channels(layout.copied ? { ...places, image: copy } : places);
  }

  #channels(places: Places): void {
    const [plane = 0] = this.#imageSteps;
    this.#segments(this.#plan.channels, { image: 4 * plane, weights: 4 * tapsOf(this.#geometry), target: 0, tables: 0 }, places, false, (channels, own, number) => {
      this.#outputs(own, { channels, isFirst: number === 0, isLast: number === this.#plan.channels.length - 1 });
    });
  }

  #outputs(places: Places, sizes: Pick<TileSizes, "channels" | "isFirst" | "isLast">): void {
    const steps = { image: 0, weights: 4 * patchOf(this.#geometry), target: 4 * outputPlane(this.#geometry), tables: this.#epilogue === undefined ? 0 : 4 };
    this.#segments(this.#plan.outputs, steps, places, this.#plan.division === "outputs", (outputs, own) => this.#lines(0, own, { ...sizes, outputs }));
  }

  /** The elements of the image from one channel to the next, and along each axis. */
  get #imageSteps(): readonly number[] {
    return stridesOf([this.#geometry.channels, ...this.#plan.layout.shape]);
  }

  /** The bytes from one window to the next, along all axes but the last. */
  #windowSteps(axis: number): Steps {
    const { axes } = this.#geometry;
    return { image: 4 * entry(axes, axis).stride * entry(this.#imageSteps, axis + 1), weights: 0, target: 4 * entry(stridesOf(axes.map(({ windows }) => windows)), axis), tables: 0 };
  }

  #lines(axis: number, places: Places, sizes: Omit<TileSizes, "lines" | "columns" | "before">): void {
    const { axes } = this.#geometry;
    const { isFlat } = this.#plan;
    const steps = this.#windowSteps(axis);
    if (axis < axes.length - 2) {
      this.#segments([{ size: 1, count: entry(axes, axis).windows }], steps, places, false, (_, own) => this.#lines(axis + 1, own, sizes));
      return;
    }
    const step = this.#plan.lanes === "windows" ? 4 : 4 * lastAxis(this.#geometry).stride;
    this.#segments(this.#plan.lines, steps, places, this.#plan.division === "lines", (lines, ofLine) => {
      this.#segments(this.#plan.columns, { image: step, weights: 0, target: isFlat ? 0 : 4, tables: 0 }, ofLine, false, (columns, own, piece) => {
        const before = isFlat ? this.#plan.columns.slice(0, piece).reduce((sum, { size }) => sum + size, 0) : 0;
        this.#tile(own, { ...sizes, lines, columns, before });
      });
    });
  }

  /** Runs `body` for pieces of some things, one after another; `divided` among the threads. */
  #segments(segments: readonly Segment[], steps: Steps, places: Places, divided: boolean, body: (size: number, places: Places, segment: number) => void): void {
    const f = this.#f;
    const moved = (["image", "weights", "target", "tables"] as const).filter((name) => steps[name] !== 0).map((name) => ({ name, step: steps[name], from: places[name], to: f.variable() }));
    const own = { ...places, ...Object.fromEntries(moved.map(({ name, to }) => [name, to])) };
    const counter = f.variable();
    let [pieces, things] = [0, 0];
    segments.forEach(({ size, count }, number) => {
      if (divided) this.#share(pieces, count, counter);
      else f.asm.set(rax, 0);
      if (size > 1) f.asm.imul(rax, rax, size);
      if (things > 0) f.asm.arithmetic("add", rax, things);
      for (const { step, from, to } of moved) {
        f.asm.imul(rcx, rax, step);
        f.asm.arithmetic("add", rcx, from);
        f.asm.mov(to, rcx);
      }
      const piece = (): void => {
        body(size, own, number);
        for (const { step, to } of moved) f.increase(to, size * step);
      };
      if (divided) f.repeatIfAny(counter, piece);
      else if (count === 1) piece();
      else {
        f.assign(counter, count);
        f.repeat(counter, piece);
      }
      pieces += count;
      things += count * size;
    });
  }

  /** Sets rax to the first of `count` pieces, counted from `before` on, that this thread has, and `counter` to how many it has. */
  #share(before: number, count: number, counter: Mem): void {
    const f = this.#f;
    const { asm } = f;
    asm.mov(rax, this.#from);
    asm.arithmetic("sub", rax, before);
    f.atLeast(rax, 0);
    asm.mov(r10, this.#to);
    asm.arithmetic("sub", r10, before);
    f.atMost(r10, count);
    asm.arithmetic("sub", r10, rax);
    f.atLeast(r10, 0);
    asm.mov(counter, r10);
  }

  get #flatVectors(): readonly FlatVector[] {
    return flatVectors(this.#geometry, this.#plan.layout, this.#lanes);
  }

  /** The vectors of sums of one line of a tile. */
  #columnsOf(columns: number, before: number): readonly TileColumn[] {
    const { lanes, layout, isFlat } = this.#plan;
    const { stride } = lastAxis(this.#geometry);
    if (lanes === "taps") return Array.from({ length: columns }, (_, column) => ({ image: 4 * inLine(layout, column * stride), target: 4 * column, read: undefined, part: this.#w.definedPart(1), order: undefined }));
    return Array.from({ length: Math.ceil(columns / this.#lanes) }, (_, column) => {
      const distance = column * this.#w.level.bytes;
      const part = this.#partOf(columns - column * this.#lanes);
      // Beyond the end of a line there are other elements of a copy, but perhaps none of the input.
      const read = layout.copied ? undefined : part;
      if (!isFlat) return { image: distance, target: distance, read, part, order: undefined };
      const vector = entry(this.#flatVectors, before / this.#lanes + column);
      return { image: distance, target: 4 * vector.before, read, part: this.#partOf(vector.lanes.length), order: vector.lanes.every((lane, at) => lane === at) ? undefined : vector.lanes };
    });
  }

  #tile(places: Places, { channels, outputs, lines, columns, before, isFirst, isLast }: TileSizes): void {
    const w = this.#w;
    const { lanes } = this.#plan;
    const lineSteps = this.#windowSteps(this.#geometry.axes.length - 2);
    const inOneLine = this.#columnsOf(columns, before);
    const all = Array.from({ length: lines }, (_, line) => inOneLine.map((column) => ({ ...column, image: column.image + line * lineSteps.image, target: column.target + line * lineSteps.target }))).flat();
    const tile = new Tile(this.#f, w, { lanes, outputs, columns: all.map(({ image, read }) => ({ image, part: read })), weightStep: 4 * patchOf(this.#geometry), fused: this.#options.fused });
    tile.clear();
    tile.accumulate(places.image, places.weights, tapNodes(this.#geometry, this.#plan, channels, outputs * all.length, w));
    const [spare, mask] = [w.register(entry(tile.others, 0)), w.register(entry(tile.others, 1))];
    if (lanes === "taps") tile.each((sums) => this.#sumLanes(sums, spare));
    this.#f.asm.mov(r11, places.target);
    const epilogue = isLast ? this.#epilogue : undefined;
    epilogue?.beginTile(places.tables);
    const memoryOf = this.#waitingPlace();
    const free = [...tile.others];
    let masked: Part | undefined;
    tile.each((sums, output, column) => {
      const { target, part, order } = entry(all, column);
      const distance = 4 * output * outputPlane(this.#geometry) + target;
      if (order !== undefined) this.#order(sums, spare, order);
      if (!isFirst) this.#addTo(sums, spare, memoryOf(distance), part);
      if (epilogue !== undefined) {
        epilogue.store(sums.number, output, distance, free, part);
        free.push(sums.number);
        return;
      }
      if (part !== undefined && part.mask === undefined && part !== masked) w.load(mask, w.laneMask(part));
      masked = part ?? masked;
      w.store(memoryOf(distance), sums, part, mask);
    });
  }

  /** Where sums lie in memory, by their distance from the first one of a tile, whose place is in r11. With an epilogue, r11 is what is left of it without the buffer. */
  #waitingPlace(): (distance: number) => Mem {
    const { epilogue } = this.#kernel;
    const buffer = epilogue && waitingBuffer(epilogue);
    if (buffer === undefined || this.#plan.channels.length === 1) return (distance) => at(r11, distance);
    this.#f.asm.mov(rcx, this.#f.addressOf(this.#buffers.indexOf(buffer)));
    return (distance) => at(rcx, distance, r11, 1);
  }

  /** Puts some lanes before all others. */
  #order(sums: Vec, indices: Vec, lanes: readonly number[]): void {
    const { asm } = this.#w;
    this.#w.load(indices, this.#w.integers((lane) => lanes[lane] ?? 0));
    asm.vector("vpermps", sums, indices, sums);
  }

  #partOf(windows: number): Part | undefined {
    return windows < this.#lanes ? this.#w.definedPart(windows) : undefined;
  }

  /** Puts the sum of all lanes into each of them. */
  #sumLanes(sums: Vec, other: Vec): void {
    for (const swap of this.#w.swaps) {
      swap(other, sums);
      this.#w.asm.vector("vaddps", sums, sums, other);
    }
  }

  #addTo(sums: Vec, before: Vec, memory: Mem, part: Part | undefined): void {
    this.#w.load(before, memory, part);
    this.#w.asm.vector("vaddps", sums, before, sums);
  }
}
