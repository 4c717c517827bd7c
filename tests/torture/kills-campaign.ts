import { spawn } from "node:child_process";
import { once } from "node:events";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Campaign } from "./campaign.js";
import { Random } from "./random.js";

const program = resolve(import.meta.dirname, "../../apps/mlp-classifier/dist/main.js");

/** How a run of the program ended. */
interface Ending {
  readonly status: number | null;
  readonly killed: boolean;
  readonly output: string;
}

/** Runs the trainer; with `killAfter`, for at most that many milliseconds. */
async function run(args: readonly string[], folder: string, killAfter?: number): Promise<Ending> {
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, NO_COLOR: "1" } });
  let output = "";
  child.stdout.on("data", (chunk) => (output += String(chunk)));
  child.stderr.on("data", (chunk) => (output += String(chunk)));
  const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), killAfter);
  const [status, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  clearTimeout(timer);
  return { status, killed: signal === "SIGKILL", output };
}

const hashOf = (file: string): string => createHash("sha256").update(readFileSync(file)).digest("hex");

/** The metrics of a run without its times. */
function metricsOf(folder: string): string {
  return readFileSync(join(folder, "metrics.jsonl"), "utf8").trim().split("\n").map((line) => {
    const entries = Object.entries(JSON.parse(line) as Record<string, unknown>).filter(([name]) => !/second|time/i.test(name));
    return JSON.stringify(entries);
  }).join("\n");
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
      const table = join(folder, "table.csv");
      const rows = random.list(4000, () => [random.fraction(), random.fraction()] as const);
      writeFileSync(table, `x,y,class\n${rows.map(([x, y]) => `${x},${y},${x * x + y * y < 0.6 ? "in" : "out"}\n`).join("")}`);
      const settings = ["--data", table, "--target", "class", "--epochs", "8", "--hidden", "16", "--batch-size", "8", "--seed", String(seed), "--optimizer", random.pick(["adam", "sgd"])];
      const whole = join(folder, "whole");
      const started = performance.now();
      const reference = await run(["train", ...settings, "--out", whole], folder);
      const duration = performance.now() - started;
      if (reference.status !== 0) return [`a training that nobody ended has status ${reference.status}: ${reference.output.slice(-300)}`];
      const cut = join(folder, "cut");
      const log: string[] = [];
      for (let attempt = 0; attempt < 60; attempt++) {
        const resuming = existsSync(join(cut, "config.json"));
        // Each kill comes later, so that the training ends at some point.
        const killAfter = attempt < 12 ? random.fraction() * duration * 1.1 : undefined;
        const ending = await run(resuming ? ["train", "--resume", cut] : ["train", ...settings, "--out", cut], folder, killAfter);
        log.push(`${resuming ? "resumed" : "started"}, ${ending.killed ? `killed after ${killAfter?.toFixed(0)} ms` : `status ${ending.status}`}`);
        // If the process is killed after everything is written, the training has ended, and there is nothing to resume.
        if (ending.killed && existsSync(join(cut, "report.html"))) break;
        if (ending.killed) continue;
        if (ending.status !== 0) return [`after ${log.join("; ")}: ${ending.output.slice(-400)}`];
        break;
      }
      const found: string[] = [];
      if (metricsOf(cut) !== metricsOf(whole)) found.push(`other metrics after ${log.join("; ")}:\n${metricsOf(cut)}\nin place of\n${metricsOf(whole)}`);
      if (hashOf(join(cut, "model.safetensors")) !== hashOf(join(whole, "model.safetensors"))) found.push(`another model after ${log.join("; ")}`);
      const left = readdirSync(cut).filter((name) => !readdirSync(whole).includes(name));
      if (left.length > 0) found.push(`left behind ${left.join(", ")} after ${log.join("; ")}`);
      return found;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
