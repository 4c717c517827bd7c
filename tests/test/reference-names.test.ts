import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as layers from "@nn/layers";
import * as losses from "@nn/losses";
import * as metrics from "@nn/metrics";
import * as optim from "@nn/optim";
import * as tensor from "@nn/tensor";
import { describe, expect, it } from "vitest";
import { withoutMapping, withoutTarget } from "./reference/without-mapping.js";
import { calledModules } from "./reference/called-modules.js";
import { initializers } from "./reference/initializers.js";
import { losses as mappedLosses } from "./reference/losses.js";
import { metrics as mappedMetrics } from "./reference/metrics.js";
import { modules } from "./reference/modules.js";
import { operations } from "./reference/operations/table.js";
import { clippings, optimizers } from "./reference/optimizers.js";
import { schedules } from "./reference/schedulers.js";

// The fixtures use only some names of PyTorch and scikit-learn. The runner maps all names of the catalogue, and covers everything that is public here.

const mapped = new Set([
  ...[calledModules, modules, mappedLosses, mappedMetrics, operations, initializers, optimizers, clippings, schedules].flatMap((table) => Object.keys(table)),
  "nn.init.calculate_gain", "optim.LBFGS",
]);

const catalogue = readFileSync(new URL("../../docs/catalogue.md", import.meta.url), "utf8");

/** The names in the second column of the section's tables (the third of activations); what stands in brackets is only near to it. */
function namesOf(section: string): readonly string[] {
  const [, text = ""] = catalogue.split(`\n## ${section}\n`);
  const rows = (text.split("\n## ")[0] ?? "").split("\n").filter((line) => line.startsWith("| `") || line.startsWith("| any"));
  return rows.flatMap((row) => {
    const cells = row.split(" | ");
    const ours = cells[0] ?? "";
    const theirs = (section === "Activations" ? cells[2] : cells[1])?.replaceAll(/\[[^\]]*\]/g, "") ?? "";
    if (theirs.includes("the same") || theirs.startsWith("the same")) return [...ours.matchAll(/`(\w+)\(/g), ...ours.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name);
    return [...theirs.matchAll(/`([\w.]+)`/g)].map(([, name = ""]) => name);
  });
}

const prefixes: Readonly<Record<string, readonly string[]>> = {
  Layers: ["nn.", "", "nn.functional.", "nn.utils."], Activations: ["nn."], Initializers: ["nn.init."], Losses: ["nn.", ""], Metrics: ["sklearn.metrics.", "sklearn."], Optimizers: ["optim.", ""], Schedules: ["optim.lr_scheduler.", "optim."],
};

describe("the runner maps the names", () => {
  it.each(Object.keys(prefixes))("of the catalogue's %s", (section) => {
    const names = namesOf(section);
    expect(names.length).toBeGreaterThan(3);
    const unmapped = names.filter((name) => !(prefixes[section] ?? []).some((prefix) => mapped.has(prefix + name)) && !Object.hasOwn(withoutMapping, name));
    expect(unmapped).toEqual([]);
  });

  it("and the list of unmapped names contains no others", () => {
    expect(Object.keys(withoutMapping).filter((name) => ["", "nn.", "nn.init.", "optim.", "optim.lr_scheduler."].some((prefix) => mapped.has(prefix + name)))).toEqual([]);
  });
});

describe("what is public has a target", () => {
  const folder = new URL("reference", import.meta.url).pathname;
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts") && !name.endsWith("without-mapping.ts"));
  const words = new Set(files.flatMap((name) => readFileSync(join(folder, name), "utf8").match(/\w+/g) ?? []));

  it.each(Object.entries({ tensor, layers, losses, metrics, optim }))("of @nn/%s, or is in the list of exceptions", (name, exports) => {
    const reasons = withoutTarget[name as keyof typeof withoutTarget];
    const functions = Object.entries(exports).filter(([, value]) => typeof value === "function").map(([each]) => each);
    expect(functions.filter((each) => !words.has(each) && !Object.hasOwn(reasons, each))).toEqual([]);
    expect(Object.keys(reasons).filter((each) => !functions.includes(each))).toEqual([]);
  });
});
