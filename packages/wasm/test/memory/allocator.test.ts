import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Allocator, granule } from "../../src/memory/allocator.js";

const space = 1 << 20;

/** Something to do: take so many bytes at this alignment, or give back the n-th block that is held. */
const action = fc.oneof(
  fc.record({
    bytes: fc.oneof(fc.nat(300), fc.nat(20_000)),
    alignment: fc.constantFrom(64, 64, 64, 256, 4096),
  }),
  fc.record({ free: fc.nat() }),
);

interface Held {
  readonly address: number;
  readonly bytes: number;
  readonly alignment: number;
}

const rounded = (bytes: number): number => Math.max(granule, Math.ceil(bytes / granule) * granule);

/** Carries out the actions: what is held at the end, and all that was ever handed out. */
function carryOut(
  allocator: Allocator,
  actions: readonly { readonly free?: number; readonly bytes?: number; readonly alignment?: number }[],
) {
  const handedOut: Held[] = [];
  let held: Held[] = [];
  for (const { free, bytes = 0, alignment = granule } of actions) {
    const freed = free === undefined ? undefined : held[free % Math.max(held.length, 1)];
    if (freed !== undefined && allocator.free(freed.address)) held = held.filter((other) => other !== freed);
    const address = free === undefined ? allocator.allocate(bytes, alignment) : undefined;
    if (address === undefined) continue;
    handedOut.push({ address, bytes, alignment });
    held.push({ address, bytes, alignment });
  }
  return { held, handedOut };
}

const inside = ({ address, bytes, alignment }: Held): boolean =>
  address % alignment === 0 && address >= granule && address + bytes <= space;

/** Blocks that begin before the one at the next lower address has ended. */
function overlapping(held: readonly Held[]): Held[] {
  const inOrder = held.toSorted((a, b) => a.address - b.address);
  return inOrder.filter(({ address }, at) => {
    const before = inOrder[at - 1];
    return before !== undefined && before.address + Math.max(before.bytes, 1) > address;
  });
}

describe("any run of allocations and frees", () => {
  test("keeps blocks apart, aligned and inside, and leaves one block when all is freed", () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 120 }), (actions) => {
        const allocator = new Allocator(granule);
        allocator.extendTo(space);
        const { held, handedOut } = carryOut(allocator, actions);
        expect(handedOut.filter((block) => !inside(block))).toEqual([]);
        expect(overlapping(held)).toEqual([]);
        const used = held.reduce((sum, { bytes }) => sum + rounded(bytes), 0);
        expect(allocator.statistics).toMatchObject({ used, blocks: held.length });
        for (const { address } of held) allocator.free(address);
        expect(allocator.statistics).toMatchObject({
          used: 0,
          blocks: 0,
          freeBlocks: 1,
          largestFree: space - granule,
        });
      }),
      { numRuns: 200 },
    );
  });
});

test("100 000 allocations and frees leave nothing allocated, and reuse fragments", () => {
  const allocator = new Allocator(granule);
  allocator.extendTo(64 << 20);
  const held: number[] = [];
  let state = 1;
  const draw = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // Numerical Recipes' linear congruential generator
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let turn = 0; turn < 100_000; turn++) {
    if (held.length > 500 || (held.length > 0 && draw(2) === 0)) {
      const at = draw(held.length);
      const address = held[at];
      if (address !== undefined) allocator.free(address);
      held[at] = held.at(-1) ?? 0;
      held.pop();
    } else {
      const address = allocator.allocate(draw(100_000), 64);
      if (address === undefined) throw new Error(`no room left in turn ${turn}`);
      held.push(address);
    }
  }
  for (const address of held) expect(allocator.free(address)).toBe(true);
  expect(allocator.statistics).toMatchObject({ used: 0, blocks: 0, freeBlocks: 1, largestFree: (64 << 20) - granule });
});

test("freed neighbours become one block, in whatever order", () => {
  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
    [0, 2, 1],
    [1, 0, 2],
  ]) {
    const allocator = new Allocator(granule);
    allocator.extendTo(granule * 4);
    const blocks = [0, 1, 2].map(() => allocator.allocate(granule, granule) ?? 0);
    expect(blocks).toEqual([64, 128, 192]);
    expect(allocator.allocate(1, granule)).toBeUndefined();
    for (const at of order) allocator.free(blocks[at] ?? 0);
    expect(allocator.allocate(3 * granule, granule)).toBe(64);
  }
});

test("a free block at the end grows when the space is extended", () => {
  const allocator = new Allocator(granule);
  allocator.extendTo(granule * 4);
  const first = allocator.allocate(granule, granule);
  expect(allocator.endFor(granule * 5, granule)).toBe(granule * 7);
  allocator.extendTo(granule * 7);
  expect(allocator.allocate(granule * 5, granule)).toBe(granule * 2);
  expect(allocator.free(first ?? 0)).toBe(true);
  expect(allocator.free(first ?? 0)).toBe(false);
});
