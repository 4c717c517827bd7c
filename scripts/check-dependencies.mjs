// Checks imports: the rules of `.dependency-cruiser.cjs`, and that no modules import one another in a cycle, types included.
// node scripts/check-dependencies.mjs FOLDER...
import { resolve } from "node:path";
import { cruise, format } from "dependency-cruiser";
import extractOptions from "dependency-cruiser/config-utl/extract-depcruise-options";
import { root } from "./steps.mjs";

/**
 * The modules whose types every module may import, including the modules that they import: a tensor has its operations as methods,
 * operations take and return tensors, and the interpreter uses both tensors and variables.
 */
const knownToAll = new Set(["packages/tensor/src/tensor.ts", "packages/tensor/src/variable.ts"]);

/** The imports of each module. */
function importsOf(modules) {
  const counts = ({ resolved, dependencyTypes }) => !(knownToAll.has(resolved) && dependencyTypes.includes("type-only"));
  return new Map(modules.map(({ source, dependencies }) => [source, dependencies.filter(counts).map(({ resolved }) => resolved)]));
}

/** Repeatedly removes modules that import none of the remaining ones. Each module that is left leads into a cycle. */
function leadingIntoCircles(imports) {
  const left = new Map(imports);
  const isFree = ([, imported]) => !imported.some((each) => left.has(each));
  for (let free = [...left].filter(isFree); free.length > 0; free = [...left].filter(isFree)) for (const [source] of free) left.delete(source);
  return left;
}

/** A cycle of modules, if there is one. */
function circleIn(imports) {
  const left = leadingIntoCircles(imports);
  const path = [];
  for (let [at] = left.keys(); at !== undefined; at = left.get(at).find((each) => left.has(each))) {
    if (path.includes(at)) return path.slice(path.indexOf(at));
    path.push(at);
  }
  return undefined;
}

/** Disjoint cycles of modules. The list is empty only if there is no cycle. */
function circlesIn(imports) {
  const left = new Map(imports);
  const circles = [];
  for (let circle = circleIn(left); circle !== undefined; circle = circleIn(left)) {
    circles.push(circle);
    for (const source of circle) left.delete(source);
  }
  return circles;
}

const options = await extractOptions(resolve(root, ".dependency-cruiser.cjs"));
const { output: result } = await cruise(process.argv.slice(2), options);
const { output: report, exitCode } = await format(result, { outputType: "err" });
// dependency-cruiser cannot check this: it looks at one cycle per import, so an allowed cycle can hide a forbidden one.
const circles = circlesIn(importsOf(result.modules));
if (exitCode > 0 || circles.length === 0) console.log(report);
for (const circle of circles) console.log(`  error no-circle: ${[...circle, circle[0]].join(" →\n      ")}`);
if (circles.length > 0) console.log("\nmove what modules in a circle share to a module below them");
process.exitCode = Math.min(exitCode + circles.length, 255);
