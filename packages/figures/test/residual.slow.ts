import { describe, expect, test } from "vitest";
import { residual, type DepthView, type ResidualView } from "../src/tasks/residual.js";
import { trained } from "./trained.js";

const after = (depth: number, steps: number): ResidualView => trained(residual({ depth }), steps);

const last = ({ losses }: DepthView): number => losses.at(-1) ?? NaN;
const arriving = ({ gradients }: DepthView): number => (gradients[0] ?? NaN) / (gradients.at(-1) ?? NaN);

describe("residual connections", () => {
  test("21 convolutions learn with them, and do not without: no gradient arrives", () => {
    const start = after(21, 0);
    expect(start.plain.gradients).toHaveLength(21);
    expect(arriving(start.plain)).toBeLessThan(1e-5);
    expect(arriving(start.residual)).toBeGreaterThan(0.1);
    const { plain, residual: other, steps } = after(21, 40);
    expect(steps).toBe(40);
    expect(last(plain)).toBeGreaterThan(2.25);
    expect(last(other)).toBeLessThan(0.5);
  });

  test("five convolutions learn without them too", () => {
    const { plain } = after(5, 60);
    expect(last(plain)).toBeLessThan(0.5);
    expect(arriving(plain)).toBeGreaterThan(0.001);
  });
});
