import { describe, expect, test } from "vitest";
import { ModuleBuilder } from "../../src/assembler/module-builder.js";
import { f32 } from "../../src/assembler/operators.js";
import { LinearMemory, MemoryExhaustedError } from "../../src/memory/linear-memory.js";
import { instantiate } from "../assembler/run.js";

describe.each([true, false])("shared: %s", (shared) => {
  test("modules work on it, and views see their results", () => {
    const memory = new LinearMemory({ shared });
    expect(Object.prototype.toString.call(memory.buffer)).toBe(shared ? "[object SharedArrayBuffer]" : "[object ArrayBuffer]");
    const module = new ModuleBuilder({ memory: memory.declaration });
    module.function({ name: "double", params: { x: "i32" }, export: true }, (b, { x }) =>
      b.f32.store(x, f32.mul(f32.load(x), 2)),
    );
    const address = memory.allocate(12);
    memory.f32(address, 3).set([1.5, 2, 3]);
    instantiate(module, memory.imports)["double"]?.(address);
    expect(memory.f32(address, 3)).toEqual(Float32Array.of(3, 2, 3));
  });

  test("it grows when it is full, and keeps its contents", () => {
    const memory = new LinearMemory({ shared, initialBytes: 0 });
    expect(memory.statistics.reserved).toBe(65536);
    const first = memory.allocate(4);
    memory.i32(first, 1)[0] = 42;
    const second = memory.allocate(10_000_000);
    const bytes = memory.u8(second, 10_000_000);
    bytes.fill(7);
    expect(bytes.at(-1)).toBe(7);
    expect(memory.i32(first, 1)[0]).toBe(42);
    expect(memory.statistics).toMatchObject({ used: 64 + 10_000_000, blocks: 2 });
    expect(memory.statistics.reserved).toBeGreaterThanOrEqual(10_000_064);
    memory.free(second);
    memory.free(first);
    expect(memory.statistics).toMatchObject({ used: 0, peak: 10_000_064, blocks: 0, freeBlocks: 1 });
  });

  test("it may be used up to its limit, and reports when that is reached", () => {
    const memory = new LinearMemory({ shared, maximumBytes: 2 ** 20, initialBytes: 2 ** 18 });
    expect(memory.statistics.limit).toBe(2 ** 20);
    const large = memory.allocate(2 ** 20 - 128);
    memory.allocate(64);
    let thrown: unknown;
    try {
      memory.allocate(1000);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(MemoryExhaustedError);
    expect(thrown).toMatchObject({ requested: 1000, used: 2 ** 20 - 64, limit: 2 ** 20 });
    expect(String(thrown)).toMatchInlineSnapshot(
      `"MemoryExhaustedError: allocate: no space for 1000 bytes: 1048512 of 1048576 bytes are used, and the largest free block has 0; use smaller batches or a smaller model, or free memory that is not needed"`,
    );
    memory.free(large);
    expect(memory.allocate(1000)).toBe(large);
  });
});

test("addresses have the requested alignment, at least 64", () => {
  const memory = new LinearMemory();
  for (const alignment of [1, 16, 64, 128, 4096, 65536]) {
    memory.allocate(1);
    expect(memory.allocate(100, alignment) % Math.max(alignment, 64)).toBe(0);
  }
});

test("by default it may grow to 4 GiB, less the last granule", () => {
  const memory = new LinearMemory();
  expect(memory.statistics.limit).toBe(2 ** 32);
  expect(() => memory.allocate(2 ** 32 - 64)).toThrow(MemoryExhaustedError);
});

test("views of all types", () => {
  const memory = new LinearMemory();
  const address = memory.allocate(16);
  memory.u8(address, 16).set([0, 0, 128, 63, 0, 0, 0, 192, 0, 0, 0, 0, 0, 0, 240, 63]);
  expect(memory.f32(address, 2)).toEqual(Float32Array.of(1, -2));
  expect(memory.f64(address + 8, 1)).toEqual(Float64Array.of(1));
  expect(memory.i32(address + 4, 1)).toEqual(Int32Array.of(-(2 ** 30)));
});

test("it refuses wrong arguments", () => {
  const memory = new LinearMemory({ initialBytes: 0 });
  const address = memory.allocate(8);
  memory.free(address);
  const messages = [
    () => memory.free(address),
    () => memory.free(3),
    () => memory.allocate(-1),
    () => memory.allocate(1.5),
    () => memory.allocate(8, 48),
    () => memory.f32(2, 1),
    () => memory.f32(65532, 2),
    () => new LinearMemory({ initialBytes: 100, maximumBytes: 10 }),
    () => new LinearMemory({ maximumBytes: 2 ** 33 }),
  ].map((use) => {
    try {
      use();
      return "no error";
    } catch (error) {
      return String(error);
    }
  });
  expect(messages).toMatchInlineSnapshot(`
    [
      "MemoryError: free: no block is allocated at address 64; was it freed already?",
      "MemoryError: free: no block is allocated at address 3; was it freed already?",
      "MemoryError: allocate: expected a whole number of bytes, got -1",
      "MemoryError: allocate: expected a whole number of bytes, got 1.5",
      "MemoryError: allocate: expected an alignment that is a power of two, got 48",
      "MemoryError: f32: expected an address that is a multiple of 4, got 2",
      "MemoryError: f32: 2 elements at address 65532 exceed the memory of 65536 bytes",
      "MemoryError: LinearMemory: expected 0 <= initialBytes <= maximumBytes <= 4294967296, got 100 and 10",
      "MemoryError: LinearMemory: expected 0 <= initialBytes <= maximumBytes <= 4294967296, got 1048576 and 8589934592",
    ]
  `);
});
