import { normal, tensor, uniform, type Generator, type Tensor } from "@nn/tensor";

export const side = 24;

/** Whether a shape covers a point relative to its centre; y points down. */
const covers = {
  square: (x: number, y: number, size: number) => Math.max(Math.abs(x), Math.abs(y)) <= 0.9 * size,
  ring: (x: number, y: number, size: number) => Math.abs(Math.hypot(x, y) - 0.75 * size) <= 0.3 * size,
  cross: (x: number, y: number, size: number) => Math.min(Math.abs(x), Math.abs(y)) <= 0.3 * size && Math.max(Math.abs(x), Math.abs(y)) <= size,
  triangle: (x: number, y: number, size: number) => Math.abs(y) <= 0.9 * size && Math.abs(x) <= (y + size) / 2,
} as const;
const kinds = ["square", "ring", "cross", "triangle"] as const;
const sizes = { large: 5.5, small: 3.5 } as const;

interface Shape {
  readonly kind: keyof typeof covers;
  readonly size: keyof typeof sizes;
  /** From 0 to 1. Captions do not mention it. */
  readonly brightness: number;
  readonly x: number;
  readonly y: number;
}

/** One shape, or two (the left or upper one first), and the words that describe them. */
export interface Scene {
  readonly shapes: readonly Shape[];
  readonly caption: readonly string[];
}

/** All words of captions. */
export const words = ["a", ...Object.keys(sizes), ...kinds, "left", "of", "above"];
/** The words of "a large square left of a small cross". */
export const longest = 8;

/** Whether there are two shapes of one kind in different sizes. Training leaves these scenes out, to test whether the model composes captions from words. */
export const isHeldOut = ({ shapes: [first, second] }: Scene): boolean => first !== undefined && first.kind === second?.kind && first.size !== second.size;

/** Draws scenes: one third with one shape, the others with two. */
export function drawScenes(count: number, generator: Generator): Scene[] {
  const numbers = uniform([count, 16], { generator }).toArray() as number[][];
  return numbers.map((row) => {
    const random = row.values();
    const between = (low: number, high: number): number => low + (high - low) * (random.next().value ?? NaN);
    const choose = <T>(from: readonly T[]): T => from[Math.floor(between(0, from.length))] as T;
    const look = () => ({ kind: choose(kinds), size: choose(["large", "small"] as const), brightness: between(0.5, 1) });
    const describe = ({ kind, size }: ReturnType<typeof look>): string[] => ["a", size, kind];
    const layout = choose(["alone", "left of", "above"] as const);
    if (layout === "alone") {
      const shape = { ...look(), x: between(6, 18), y: between(6, 18) };
      return { shapes: [shape], caption: describe(shape) };
    }
    // Far apart along one axis, nearly level along the other.
    const level = between(8, 16);
    const point = (along: number, across: number) => (layout === "above" ? { x: across, y: along } : { x: along, y: across });
    const first = { ...look(), ...point(between(5, 6), level) };
    const second = { ...look(), ...point(between(17, 18), level + between(-2, 2)) };
    return { shapes: [first, second], caption: [...describe(first), ...layout.split(" "), ...describe(second)] };
  });
}

/** Scenes as noisy images `[N, 1, side, side]`. */
export function imagesOf(scenes: readonly Scene[], generator: Generator): Tensor {
  const pixels = scenes.flatMap(({ shapes }) => Array.from({ length: side * side }, (_, at) => {
    const [x, y] = [at % side, Math.floor(at / side)];
    return shapes.find((shape) => covers[shape.kind](x - shape.x, y - shape.y, sizes[shape.size]))?.brightness ?? 0;
  }));
  return tensor(pixels).reshape([-1, 1, side, side]).add(normal([scenes.length, 1, side, side], { std: 0.05, generator }));
}
