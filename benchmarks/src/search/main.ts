// Compares the samplers of @nn/search: `npm run bench:search -- [--seeds 20] [--trials 50] [--samplers "tpe;gp"] [--problems "branin;tuning"] [--keep FILE]`.
// Studies whose values are in the file of --keep are not run again, so a measurement may be interrupted.
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createStudy, gaussianProcessSampler, quasiRandomSampler, randomSampler, tpeSampler, type Sampler, type Space } from "@nn/search";
import { branin, hartmann6, type Problem } from "./problems.js";
import { tuning } from "./tuning.js";

const samplers: Readonly<Record<string, () => Sampler>> = {
  random: randomSampler,
  "quasi-random": quasiRandomSampler,
  tpe: tpeSampler,
  "tpe, one by one": () => tpeSampler({ multivariate: false }),
  gp: gaussianProcessSampler,
};

const problems: Readonly<Record<string, () => Promise<void>>> = { branin: () => compare(branin), hartmann6: () => compare(hartmann6), tuning: () => compare(tuning) };

const { values } = parseArgs({
  options: { seeds: { type: "string", default: "20" }, trials: { type: "string", default: "50" }, samplers: { type: "string" }, problems: { type: "string" }, keep: { type: "string" } },
});
const [seeds, trials] = [Number(values.seeds), Number(values.trials)];
const chosen = values.samplers?.split(";") ?? Object.keys(samplers);

/** The values of studies that were kept, by their problem, sampler, seed and number of trials. */
const kept = new Map<string, readonly number[]>(
  values.keep === undefined || !existsSync(values.keep) ? [] : readFileSync(values.keep, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line) as [string, number[]]),
);

/** The values of a study in the order of its trials; those of failed ones are null in JSON, and Infinity here. */
async function valuesOf<S extends Space>({ name, space, objective }: Problem<S>, sampler: Sampler, seed: number): Promise<readonly number[]> {
  const key = [name, sampler.name, seed, trials].join(", ");
  const known = kept.get(key);
  if (known !== undefined) return known.map((value) => value ?? Infinity);
  const study = await createStudy({ space, sampler, seed });
  await study.optimize(objective, { trials });
  const found = study.trials.map((trial) => (trial.state === "completed" ? trial.value : Infinity));
  if (values.keep !== undefined) appendFileSync(values.keep, `${JSON.stringify([key, found])}\n`);
  return found;
}

/** The q-th quantile of sorted numbers, of which there is one. */
const quantile = (sorted: readonly number[], q: number): number => sorted[Math.round(q * (sorted.length - 1))] ?? Number.NaN;

/** For each seed the distance of the best value from the minimum, and the values after each trial. */
async function regrets<S extends Space>(problem: Problem<S>, sampler: Sampler): Promise<{ readonly best: number[]; readonly soFar: number[][] }> {
  const soFar: number[][] = [];
  for (let seed = 0; seed < seeds; seed++) {
    let best = Infinity;
    soFar.push((await valuesOf(problem, sampler, seed)).map((value) => (best = Math.min(best, value - problem.minimum))));
  }
  return { best: soFar.map((curve) => curve.at(-1) ?? Number.NaN).toSorted((a, b) => a - b), soFar };
}

/** After how many trials the median over the seeds is at most a value. */
function trialsTo(soFar: readonly (readonly number[])[], value: number): string {
  for (let count = 1; count <= trials; count++) {
    if (quantile(soFar.map((curve) => curve[count - 1] ?? Infinity).toSorted((a, b) => a - b), 0.5) <= value) return String(count);
  }
  return "-";
}

async function compare<S extends Space>(problem: Problem<S>): Promise<void> {
  console.log(`\n${problem.name}: best of ${trials} trials${problem.minimum === 0 ? "" : " less the minimum"}, over ${seeds} seeds\n`);
  console.log("| sampler | median | quartiles | trials to the median of random |\n| --- | --- | --- | --- |");
  let reference: number | undefined;
  for (const name of chosen) {
    const sampler = samplers[name];
    if (sampler === undefined) throw new TypeError(`--samplers: there is no "${name}", expected some of ${Object.keys(samplers).join("; ")}, separated by semicolons`);
    const { best, soFar } = await regrets(problem, { ...sampler(), name });
    const median = quantile(best, 0.5);
    reference ??= median;
    console.log(`| ${name} | ${median.toPrecision(3)} | ${quantile(best, 0.25).toPrecision(3)} to ${quantile(best, 0.75).toPrecision(3)} | ${trialsTo(soFar, reference)} |`);
  }
}

for (const name of values.problems?.split(";") ?? Object.keys(problems)) {
  const run = problems[name];
  if (run === undefined) throw new TypeError(`--problems: there is no "${name}", expected some of ${Object.keys(problems).join("; ")}, separated by semicolons`);
  await run();
}
