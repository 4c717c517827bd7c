import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { isTemporaryName } from "@nn/files";
import type { Campaign } from "./campaign.js";
import { run, type Ending, type Moment } from "./killed-process.js";
import { Random } from "./random.js";

const program = resolve(import.meta.dirname, "../../apps/mlp-classifier/dist/main.js");

/** Most kills of one training. */
const mostKills = 8;

const train = (args: readonly string[], folder: string, moment?: Moment): Promise<Ending> => run([program, "train", ...args], folder, moment);

const hashOf = (file: string): string => createHash("sha256").update(readFileSync(file)).digest("hex");

/** The metrics of a run without its times. */
function metricsOf(folder: string): string {
  return readFileSync(join(folder, "metrics.jsonl"), "utf8").trim().split("\n").map((line) => {
    const entries = Object.entries(JSON.parse(line) as Record<string, unknown>).filter(([name]) => !/second|time/i.test(name));
    return JSON.stringify(entries);
  }).join("\n");
}

/** Whether the result on the test examples, the last thing of a training, is recorded. */
function isComplete(folder: string): boolean {
  const records = join(folder, "records.jsonl");
  return existsSync(records) && readFileSync(records, "utf8").includes('"test.accuracy"');
}

/** What a training does, apart from its folder. */
function settingsFor(random: Random, table: string, seed: number): readonly string[] {
  const dropout = random.chance(0.5) ? ["--dropout", "0.2"] : [];
  const batchNorm = random.chance(0.3) ? ["--batch-norm"] : [];
  const early = random.chance(0.3) ? ["--patience", "2"] : [];
  return [
    "--data", table, "--target", "class", "--epochs", String(3 + random.below(4)), "--hidden", "8", "--batch-size", String(random.pick([16, 50])), "--seed", String(seed),
    "--optimizer", random.pick(["adam", "adamw", "sgd", "rmsprop"]), "--schedule", random.pick(["constant", "cosine", "plateau"]), ...dropout, ...batchNorm, ...early,
  ];
}

/** What was done to a training, how its last process ended, and whether the training is complete. */
interface Course {
  readonly log: string;
  readonly last: Ending;
  readonly complete: boolean;
}

/** Kills a training again and again, and resumes it until it ends or fails. */
async function killAndResume(cut: string, settings: readonly string[], random: Random, changes: number): Promise<Course> {
  const log: string[] = [];
  for (let attempt = 0; ; attempt++) {
    const resuming = existsSync(join(cut, "config.json"));
    const moment = attempt < mostKills ? { changes: 1 + random.below(changes), milliseconds: random.fraction() * 4 } : undefined;
    const ending = await train(resuming ? ["--resume", cut] : [...settings, "--out", cut], cut, moment);
    log.push(`${resuming ? "resumed" : "started"}, ${ending.killed ? `killed ${moment?.milliseconds.toFixed(1)} ms after change ${moment?.changes}` : `status ${ending.status}`}`);
    // If the process is killed after everything is written, the training has ended, and there is nothing to resume.
    const complete = ending.killed ? isComplete(cut) : ending.status === 0;
    if (complete || !ending.killed) return { log: log.join("; "), last: ending, complete };
  }
}

/** Kills trainings at random moments and resumes them until they end. The result must equal that of an uninterrupted training bit by bit. */
export const killsCampaign: Campaign = {
  name: "kills",
  title: "trainings killed at random moments and resumed, against one that was not",
  async round(seed) {
    if (!existsSync(program)) throw new Error(`torture: ${program} is not there; build the application first`);
    const random = new Random(seed);
    const folder = mkdtempSync(join(tmpdir(), "nn-kills-"));
    try {
      const [table, whole, cut] = [join(folder, "table.csv"), join(folder, "whole"), join(folder, "cut")];
      for (const each of [whole, cut]) mkdirSync(each);
      const rows = random.list(1000, () => [random.fraction(), random.fraction()] as const);
      writeFileSync(table, `x,y,class\n${rows.map(([x, y]) => `${x},${y},${x * x + y * y < 0.6 ? "in" : "out"}\n`).join("")}`);
      const settings = settingsFor(random, table, seed);
      const reference = await train([...settings, "--out", whole], whole);
      if (reference.status !== 0) return [`a training that nobody ended has status ${reference.status}: ${reference.output.slice(-300)}`];
      const { log, last, complete } = await killAndResume(cut, settings, random, reference.changes);
      if (!complete) return [`${settings.join(" ")}: after ${log}: ${last.output.slice(-400)}`];
      const found: string[] = [];
      if (metricsOf(cut) !== metricsOf(whole)) found.push(`other metrics after ${log}:\n${metricsOf(cut)}\nin place of\n${metricsOf(whole)}`);
      if (hashOf(join(cut, "model.safetensors")) !== hashOf(join(whole, "model.safetensors"))) found.push(`another model after ${log}`);
      // Only a process that is killed leaves its locks, and what it was writing.
      const left = readdirSync(cut).filter((name) => !readdirSync(whole).includes(name) && !(last.killed && (name.endsWith(".lock") || isTemporaryName(name))));
      if (left.length > 0) found.push(`left behind ${left.join(", ")} after ${log}`);
      return found;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
