import * as layers from "@nn/layers";
import * as linalg from "@nn/linalg";
import * as losses from "@nn/losses";
import * as metrics from "@nn/metrics";
import * as optim from "@nn/optim";
import * as tensor from "@nn/tensor";
import { describe, expect, it } from "vitest";
import { distributions } from "../../plain/distributions.js";
import { linalgEntries } from "../../plain/linalg.js";
import { lossEntries } from "../../plain/losses.js";
import { metricEntries } from "../../plain/metrics.js";
import { optimizerEntries } from "../../plain/optimizers.js";
import { clippingEntries, scheduleEntries } from "../../plain/schedules.js";
import { allLayerEntries, tensorEntries } from "../../plain/tables.js";
import { wrapperEntries } from "../../plain/wrappers.js";
import { withoutPlain } from "../../plain/without-plain.js";

/** A metric's function and its accumulator are tried together. `Mean` has no function. */
const { mean: ofMean, ...withFunction } = metricEntries;
const metricNames = { ...withFunction, ...Object.fromEntries(Object.values(metricEntries).map(({ accumulator }) => [accumulator, ofMean])) };

const packages = [
  { name: "tensor", exports: tensor, entries: { ...tensorEntries, ...distributions } },
  { name: "layers", exports: layers, entries: allLayerEntries },
  { name: "linalg", exports: linalg, entries: linalgEntries },
  { name: "losses", exports: losses, entries: lossEntries },
  { name: "metrics", exports: metrics, entries: metricNames },
  { name: "optim", exports: optim, entries: { ...optimizerEntries, ...wrapperEntries, ...scheduleEntries, ...clippingEntries } },
] as const;

describe.each(packages)("what @nn/$name computes has a plain implementation", ({ name, exports, entries }) => {
  const reasons = withoutPlain[name];
  const functions = Object.entries(exports).filter(([, value]) => typeof value === "function").map(([each]) => each);

  it("or is in the list of exceptions, with the reason", () => {
    expect(functions.filter((each) => !Object.hasOwn(entries, each) && !Object.hasOwn(reasons, each))).toEqual([]);
  });

  it("and the list contains nothing else", () => {
    expect(Object.keys(reasons).filter((each) => Object.hasOwn(entries, each) || !functions.includes(each))).toEqual([]);
  });

  it("and every plain implementation belongs to an export", () => {
    expect(Object.keys(entries).filter((each) => !functions.includes(each))).toEqual([]);
  });
});
