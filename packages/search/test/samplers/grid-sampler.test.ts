import { expect, it } from "vitest";
import { choice, conditional, createStudy, float, gridSampler, int, type Space } from "../../src/index.js";

async function allOf(space: Space, points?: number | Record<string, number>): Promise<unknown[]> {
  const study = await createStudy({ space, sampler: gridSampler({ points }) });
  await study.optimize(() => 0, { trials: 1000 });
  return study.trials.map(({ parameters }) => parameters);
}

it("tries all combinations, varying the last parameter first", async () => {
  expect(await allOf({ a: int(1, 2), b: choice(["x", "y", "z"]) })).toEqual([
    { a: 1, b: "x" }, { a: 1, b: "y" }, { a: 1, b: "z" }, { a: 2, b: "x" }, { a: 2, b: "y" }, { a: 2, b: "z" },
  ]);
});

it("includes both ends of real intervals", async () => {
  expect(await allOf({ a: float(0, 1), b: float(1, 100, { log: true }) }, { a: 2, b: 3 })).toEqual(
    [0, 1].flatMap((a) => [1, 10, 100].map((b) => ({ a, b: expect.closeTo(b, 10) }))));
});

it("combines each branch only with its own parameters", async () => {
  const space = { o: conditional({ adam: { b: int(1, 2) }, sgd: { m: int(1, 3), n: conditional({ yes: { w: int(7, 8) }, no: {} }) }, none: {} }), z: choice([true, false]) };
  const found = await allOf(space);
  // 2 (adam) + 3 · (2 + 1) (sgd) + 1 (none), times 2.
  expect(found).toHaveLength(24);
  expect(new Set(found.map((each) => JSON.stringify(each))).size).toBe(24);
  expect(found[4]).toEqual({ o: { kind: "sgd", m: 1, n: { kind: "yes", w: 7 } }, z: true });
  expect(found.at(-1)).toEqual({ o: { kind: "none" }, z: false });
});

it("refuses real numbers without points, and unknown names", async () => {
  await expect(allOf({ a: float(0, 1) })).rejects.toThrow('gridSampler: the space has the float "a", of which a grid needs a number of points');
  await expect(allOf({ learningRate: float(0, 1) }, { learningrate: 3 })).rejects.toThrow('did you mean "learningRate"?');
  expect(() => gridSampler({ points: 1 })).toThrow("gridSampler: points is 1, expected a whole number from 2");
});

it("reports when there are no more points", async () => {
  const study = await createStudy({ space: { a: int(1, 1) }, sampler: gridSampler() });
  await study.tell(await study.ask(), 1);
  await expect(study.ask()).rejects.toThrow("all combinations have been tried");
});

it("counts through ranges that are too large to list", async () => {
  const first = async (space: Space, points?: number): Promise<unknown[]> => {
    const study = await createStudy({ space, sampler: gridSampler({ points }) });
    await study.optimize(() => 0, { trials: 3 });
    return study.trials.map(({ parameters }) => parameters);
  };
  const most = Number.MAX_SAFE_INTEGER;
  expect(await first({ a: int(0, 1e12), b: int(5, 1e12) })).toEqual([{ a: 0, b: 5 }, { a: 0, b: 6 }, { a: 0, b: 7 }]);
  expect(await first({ a: int(1, 1e12), b: choice(["x", "y"]) })).toEqual([{ a: 1, b: "x" }, { a: 1, b: "y" }, { a: 2, b: "x" }]);
  expect(await first({ a: int(1, 1e9, { log: true }) })).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
  expect(await first({ a: int(-most, most), o: conditional({ p: { n: int(0, most) }, q: {} }) })).toEqual([0, 1, 2].map((n) => ({ a: -most, o: { kind: "p", n } })));
  expect(await first({ a: float(0, 1) }, 1e15)).toEqual([0, 1, 2].map((k) => ({ a: k / (1e15 - 1) })));
});
