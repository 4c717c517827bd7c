// Checks who imports whom: the rules of `.dependency-cruiser.cjs`, and that no modules import one another in a circle, types included.
// node scripts/check-dependencies.mjs FOLDER...
import { resolve } from "node:path";
import { cruise, format } from "dependency-cruiser";
import extractOptions from "dependency-cruiser/config-utl/extract-depcruise-options";
import { root } from "./steps.mjs";

/**
 * The modules whose types everything may import, also what they import themselves: a tensor has its operations as methods, operations take and
 * make tensors, and the interpreter gives both tensors and variables their meaning.
 */
const knownToAll = new Set(["packages/tensor/src/tensor.ts", "packages/tensor/src/variable.ts"]);

/** What each module imports. */
function importsOf(modules) {
  const counts = ({ resolved, dependencyTypes }) => !(knownToAll.has(resolved) && dependencyTypes.includes("type-only"));
  return new Map(modules.map(({ source, dependencies }) => [source, dependencies.filter(counts).map(({ resolved }) => resolved)]));
}

/** The modules left when those that import none of the others are removed, again and again. Each of them leads into a circle. */
function leadingIntoCircles(imports) {
  const left = new Map(imports);
  const isFree = ([, imported]) => !imported.some((each) => left.has(each));
  for (let free = [...left].filter(isFree); free.length > 0; free = [...left].filter(isFree)) for (const [source] of free) left.delete(source);
  return left;
}

/** A circle of modules, if there is one. */
function circleIn(imports) {
  const left = leadingIntoCircles(imports);
  const path = [];
  for (let [at] = left.keys(); at !== undefined; at = left.get(at).find((each) => left.has(each))) {
    if (path.includes(at)) return path.slice(path.indexOf(at));
    path.push(at);
  }
  return undefined;
}

/** Circles that share no module; there are none only if there is no circle at all. */
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
// Not a rule of dependency-cruiser: it looks at one circle for each import, so a permitted circle hides a forbidden one.
const circles = circlesIn(importsOf(result.modules));
if (exitCode > 0 || circles.length === 0) console.log(report);
for (const circle of circles) console.log(`  error no-circle: ${[...circle, circle[0]].join(" →\n      ")}`);
if (circles.length > 0) console.log("\nmove what modules in a circle share to a module below them");
process.exitCode = Math.min(exitCode + circles.length, 255);
