import * as fc from "fast-check";
import { expect, it } from "vitest";
import { Reachability } from "../../src/lower/reachability.js";

it("a group depends on others also indirectly, in whatever order the dependencies are added", () => {
  const groups = 70;
  const pair = fc.tuple(fc.nat(groups - 1), fc.nat(groups - 1)).filter(([a, b]) => a !== b);
  fc.assert(fc.property(fc.array(pair, { maxLength: 120 }), (pairs) => {
    const reachability = new Reachability();
    for (let group = 0; group < groups; group++) reachability.add();
    const before = Array.from({ length: groups }, () => new Set<number>());
    for (const [a, b] of pairs) {
      const [earlier, later] = [Math.min(a, b), Math.max(a, b)];
      reachability.require(later, earlier);
      before[later]?.add(earlier);
    }
    // Needs point to lower numbers, so that these are closed in one walk upwards.
    for (const own of before) for (const each of own) for (const further of before[each] ?? []) own.add(further);
    const numbers = Array.from({ length: groups }, (_, group) => group);
    const found = numbers.map((later) => numbers.filter((group) => reachability.precedesAny(group, [{ number: later }])));
    expect(found).toEqual(before.map((own) => [...own].toSorted((a, b) => a - b)));
  }), { numRuns: 40 });
});
