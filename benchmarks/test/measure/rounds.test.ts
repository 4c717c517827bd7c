import { describe, expect, test } from "vitest";
import type { Answers, Request } from "../../src/competitor/protocol.js";
import { interleave, orderOf, planRounds, type Runner } from "../../src/measure/rounds.js";
import { quick } from "../../src/measure/settings.js";

describe("order of a round", () => {
  test("alternates between forwards and backwards", () => {
    expect([0, 1, 2, 3].map((round) => orderOf(round, 2).join(""))).toEqual(["01", "10", "10", "01"]);
  });

  test("contains each competitor once, and gives it every position equally often", () => {
    const rounds = Array.from({ length: 6 }, (_, round) => orderOf(round, 3));
    for (const order of rounds) expect(order.toSorted((a, b) => a - b)).toEqual([0, 1, 2]);
    const positions = [0, 1, 2].map((id) => rounds.map((order) => order.indexOf(id)).toSorted((a, b) => a - b));
    expect(positions).toEqual(Array.from({ length: 3 }, () => [0, 0, 1, 1, 2, 2]));
  });

  test("works for one competitor and for none", () => {
    expect(orderOf(5, 1)).toEqual([0]);
    expect(orderOf(5, 0)).toEqual([]);
  });
});

test("the number of runs in a round follows from the time of one run", () => {
  const settings = { ...quick, rounds: 10, slot: 100 };
  expect(planRounds(1, settings)).toEqual({ count: 100, rounds: 10 });
  expect(planRounds(0.000_001, settings)).toEqual({ count: 1_000_000, rounds: 10 });
  expect(planRounds(1000, settings)).toEqual({ count: 1, rounds: 4 });
  expect(planRounds(60_000, settings)).toEqual({ count: 1, rounds: 3 });
});

/** A competitor that says that each run took it so long, and notes when it was asked. */
function pretend(name: string, each: number, rounds: number, log: string[]): Runner {
  const request = <R extends Request>(asked: R): Promise<Answers[R["do"]]> => {
    log.push(name);
    const count = asked.do === "run" ? asked.count : 0;
    const timing: unknown = { wall: each * count, processor: each * count, total: each * count };
    return Promise.resolve(timing as Answers[R["do"]]);
  };
  return { process: { request }, threads: 1, count: 4, rounds };
}

test("competitors take turns, and slow ones only in the first rounds", async () => {
  const log: string[] = [];
  const runners = [pretend("a", 1, 4, log), pretend("b", 2, 2, log)];
  const { series } = await interleave(runners, { ...quick, rounds: 4, maxWait: 0 });
  expect(log.join("")).toBe("abbaaa");
  expect(series).toEqual([[1, 1, 1, 1], [2, 2, undefined, undefined]]);
});
