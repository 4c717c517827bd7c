import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { competitorIds, competitors, type CompetitorId } from "./competitors.js";
import { installPeers } from "./install.js";
import { home, Launcher } from "./launcher.js";
import { measureFresh } from "./measure/fresh.js";
import { measureTimed } from "./measure/timed.js";
import { help, OptionError, parseOptions, type Options } from "./options.js";
import { describeMachine } from "./report/machine.js";
import { report, reportTargets } from "./report/report.js";
import { reportWorkload } from "./report/workloads.js";
import type { Result } from "./results.js";

/** The requested competitors that are installed. */
function participants({ peers }: Options, launcher: Launcher): ReadonlyMap<CompetitorId, string | undefined> {
  const wanted = competitorIds.filter((id) => id === "nn" || id === "roofline" || peers.includes(id));
  return new Map(wanted.map((id) => [id, launcher.versionOf(id)]));
}

async function measure(options: Options, launcher: Launcher, there: ReadonlySet<CompetitorId>): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const workload of options.workloads) {
    const ofWorkload: Result[] = [];
    for (const one of workload.cases.filter(({ name }) => options.cases === undefined || name.includes(options.cases))) {
      const ids = one.competitors.filter((id) => there.has(id));
      process.stderr.write(`> ${[workload.name, one.name].filter(Boolean).join(", ")}: ${ids.map((id) => competitors[id].title).join(", ")} ... `);
      const started = performance.now();
      if (workload.kind === "timed") ofWorkload.push(await measureTimed(workload, one, ids, launcher, options.settings));
      else ofWorkload.push(...(await measureFresh(workload, one, ids, launcher, options.settings)));
      process.stderr.write(`${((performance.now() - started) / 1000).toFixed(1)} s\n`);
    }
    if (ofWorkload.length > 0) console.log(`\n${reportWorkload(workload, ofWorkload)}\n`);
    results.push(...ofWorkload);
  }
  return results;
}

function revision(): string | undefined {
  const git = (...args: readonly string[]) => spawnSync("git", args, { cwd: home, encoding: "utf8" });
  const { status, stdout } = git("rev-parse", "--short", "HEAD");
  if (status !== 0) return undefined;
  return git("status", "--porcelain", "--", "../packages").stdout === "" ? stdout.trim() : `${stdout.trim()} with changes`;
}

async function main(args: readonly string[]): Promise<void> {
  const options = parseOptions(args);
  if (options === undefined) {
    console.log(help);
    return;
  }
  const machine = describeMachine();
  const needsPeers = options.peers.some((id) => competitors[id].package !== undefined || competitors[id].node !== undefined);
  if (options.install && needsPeers && !installPeers()) console.error("some libraries could not be installed; continuing without them");
  const launcher = new Launcher(options.python);
  const versions = participants(options, launcher);
  const missing = [...versions].filter(([, version]) => version === undefined).map(([id]) => competitors[id].title);
  if (missing.length > 0) console.error(`not installed and left out: ${missing.join(", ")}`);
  const there = new Set([...versions].flatMap(([id, version]) => (version === undefined ? [] : [id])));

  const results = await measure(options, launcher, there);
  console.log(reportTargets(results));
  const file = options.output ?? (options.complete ? join(home, "RESULTS.md") : undefined);
  if (file === undefined) return;
  const told = args.filter((word, at) => !word.startsWith("--output") && args[at - 1] !== "--output");
  const command = ["npm run bench", ...(told.length > 0 ? ["--", ...told] : [])].join(" ");
  const measured = options.workloads.filter(({ name }) => results.some(({ workload }) => workload === name));
  const date = new Date().toISOString().slice(0, 10);
  writeFileSync(file, report({ date, command, revision: revision(), settings: options.settings, machine, versions, workloads: measured, results }));
  console.error(`> written to ${file}`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof OptionError)) throw error;
  console.error(`${error.message}\n\n${help}`);
  process.exitCode = 2;
}
