import { build } from "esbuild";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Campaign } from "./campaign.js";
import { run, type Ending } from "./killed-process.js";
import { Random } from "./random.js";
import type { TrainingSettings } from "./training-settings.js";

/** Most kills of one training. */
const mostKills = 3;

/** So many different trainings there are: what one that nobody kills gives is computed once for each. */
const trainings = 8;

const folder = mkdtempSync(join(tmpdir(), "nn-plugins-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

const references = new Map<number, Promise<Ending>>();
let program: Promise<string> | undefined;
let kills = 0;

/** The program as one file, built once. */
async function built(): Promise<string> {
  const outfile = join(folder, "program.mjs");
  await build({ entryPoints: [resolve(import.meta.dirname, "../torture/training-program.ts")], bundle: true, platform: "node", format: "esm", conditions: ["@nn/source"], outfile, logLevel: "warning" });
  return outfile;
}

function settingsFor(seed: number): TrainingSettings {
  const random = new Random(seed);
  return {
    seed, epochs: 3 + random.below(4), batchSize: random.pick([7, 16]), accumulate: 1 + random.below(3),
    every: random.chance(0.7) ? { steps: 1 + random.below(6) } : { epochs: 1 },
    patience: random.pick([1, 9]), average: random.pick(["exponential", "stochastic"]), compile: random.chance(0.3),
  };
}

async function train(name: string, settings: TrainingSettings, moment?: Parameters<typeof run>[2]): Promise<Ending> {
  program ??= built();
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  return run([await program, path, JSON.stringify(settings)], path, moment);
}

/** The parts of a result that are not as expected. */
function differences(output: string, expected: string): string {
  const [found, wanted] = [output, expected].map((text) => JSON.parse(text) as Readonly<Record<string, unknown>>);
  return Object.keys(wanted ?? {}).flatMap((name) => {
    const [is, should] = [JSON.stringify(found?.[name]), JSON.stringify(wanted?.[name])];
    return is === should ? [] : [`${name} is ${is.slice(0, 500)} in place of ${should.slice(0, 500)}`];
  }).join("; ");
}

/** Kills trainings with every plugin of `@nn/train` on, and continues them until they end. What comes out must equal that of one that nobody killed, to the bit. */
export const pluginsCampaign: Campaign = {
  name: "plugins",
  get title() {
    return `trainings with every plugin on, killed ${kills} times at random moments, against ones that were not`;
  },
  async round(seed) {
    const [number, random] = [seed % trainings, new Random(seed)];
    const settings = settingsFor(number);
    const whole = references.get(number) ?? train(`whole-${number}`, settings);
    references.set(number, whole);
    const expected = await whole;
    if (expected.status !== 0) return [`a training that nobody ended has status ${expected.status}: ${expected.output.slice(-400)}`];
    const [cut, log]: [string, string[]] = [`cut-${seed}`, []];
    for (let attempt = 0; ; attempt++) {
      const moment = attempt < mostKills ? { changes: 1 + random.below(expected.changes), milliseconds: random.fraction() * 4 } : undefined;
      const ending = await train(cut, settings, moment);
      if (ending.killed) kills += 1;
      log.push(ending.killed ? `killed ${moment?.milliseconds.toFixed(1)} ms after change ${moment?.changes}` : `status ${ending.status}`);
      if (ending.killed) continue;
      rmSync(join(folder, cut), { recursive: true });
      if (ending.status === 0 && ending.output === expected.output) return [];
      return [`${JSON.stringify(settings)}: after ${log.join("; ")}: ${ending.status === 0 ? differences(ending.output, expected.output) : ending.output.slice(0, 1000)}`];
    }
  },
};
