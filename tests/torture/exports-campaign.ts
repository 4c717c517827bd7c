import { readdirSync, rmSync } from "node:fs";
import { callOf, findingOf, validArguments, type Callable } from "../exports/check.js";
import { entries, held, reportOf, type Entry } from "../exports/entries.js";
import { samplesOf, validCalls } from "../exports/samples.js";
import { signaturesOf, type Signature } from "../exports/signatures.js";
import { wrongValues } from "../exports/wrong-values.js";
import type { Campaign } from "./campaign.js";
import { Random } from "./random.js";

interface Target {
  readonly signature: Signature;
  readonly target: Callable;
  valid?: Promise<readonly unknown[] | undefined>;
}

/** Calls in a round. */
const calls = 200;

/** Functions that hand a batch on to a model, which refuses it in its own name. Their tests call them with wrong arguments, one at a time. */
const handsOn = new Set(["inspectModel"]);

let targets: readonly Target[] | undefined;

function allTargets(): readonly Target[] {
  return (targets ??= held.flatMap((name) => {
    const { exports, leftOut }: Entry = entries[name];
    return signaturesOf(reportOf(name)).filter((each) => !Object.hasOwn(leftOut, each.name) && !handsOn.has(each.name)).map((signature) => ({ signature, target: exports[signature.name] as Callable }));
  }));
}

/** A value of any kind, also nested. */
function anyValue(random: Random, depth: number): unknown {
  if (depth > 0 && random.chance(0.15)) return random.list(random.below(4), () => anyValue(random, depth - 1));
  if (depth > 0 && random.chance(0.15)) return Object.fromEntries(random.list(1 + random.below(2), () => [random.pick(["a", "shape", "length", "then", "size"]), anyValue(random, depth - 1)]));
  return random.pick(random.chance(0.2) ? [-0, 1e308, -Infinity, 1e-320, "", "\u0000", new Uint8Array(0)] : wrongValues);
}

/** Calls exports with several wrong arguments at once. Every refusal must begin with the name of the call. */
export const exportsCampaign: Campaign = {
  name: "exports",
  title: "exports called with several wrong arguments at a time",
  async round(seed) {
    const random = new Random(seed);
    const found: string[] = [];
    for (let at = 0; at < calls; at++) {
      const each = random.pick(allTargets());
      const { signature, target } = each;
      each.valid ??= Promise.resolve(validCalls[signature.name]?.() ?? validArguments(signature, target, 3000));
      const valid = (await each.valid) ?? [];
      const args = signature.parameters.map((parameter, position) => {
        if (parameter.name === "operation") return valid[position];
        if (random.chance(0.4)) return position < valid.length ? valid[position] : undefined;
        return random.chance(0.4) ? random.pick(samplesOf(parameter.kind)) : anyValue(random, 2);
      });
      // A file that one call writes by mistake must not be read by the next.
      for (const file of readdirSync(".")) rmSync(file, { recursive: true, force: true });
      const finding = findingOf(signature, args, await callOf(signature, target, args));
      if (finding !== undefined) found.push(finding);
    }
    return found;
  },
};
