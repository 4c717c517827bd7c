// Compares the samplers of @nn/search: `npm run bench:search -- [--seeds 20] [--trials 50] [--samplers tpe,gp]`.
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

const { values } = parseArgs({ options: { seeds: { type: "string", default: "20" }, trials: { type: "string", default: "50" }, samplers: { type: "string" } } });
const [seeds, trials] = [Number(values.seeds), Number(values.trials)];
const chosen = values.samplers?.split(";") ?? Object.keys(samplers);

/** The q-th quantile of sorted numbers, of which there is one. */
const quantile = (sorted: readonly number[], q: number): number => sorted[Math.round(q * (sorted.length - 1))] ?? Number.NaN;

/** For each seed the distance of the best value from the minimum, and the values after each trial. */
async function regrets<S extends Space>({ space, objective, minimum }: Problem<S>, sampler: () => Sampler): Promise<{ readonly best: number[]; readonly soFar: number[][] }> {
  const soFar: number[][] = [];
  for (let seed = 0; seed < seeds; seed++) {
    const study = await createStudy({ space, sampler: sampler(), seed });
    await study.optimize(objective, { trials });
    let best = Infinity;
    soFar.push(study.trials.map((trial) => (best = Math.min(best, trial.state === "completed" ? trial.value - minimum : Infinity))));
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
    const { best, soFar } = await regrets(problem, sampler);
    const median = quantile(best, 0.5);
    reference ??= median;
    console.log(`| ${name} | ${median.toPrecision(3)} | ${quantile(best, 0.25).toPrecision(3)} to ${quantile(best, 0.75).toPrecision(3)} | ${trialsTo(soFar, reference)} |`);
  }
}

await compare(branin);
await compare(hartmann6);
await compare(tuning);
