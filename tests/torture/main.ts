import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Campaign } from "./campaign.js";
import { exportsCampaign } from "./exports-campaign.js";
import { killsCampaign } from "./kills-campaign.js";
import { pluginsCampaign } from "./plugins-campaign.js";
import { programsCampaign } from "./programs-campaign.js";
import { readersCampaign } from "./readers-campaign.js";

const campaigns: readonly Campaign[] = [exportsCampaign, programsCampaign, readersCampaign, killsCampaign, pluginsCampaign];

const { values } = parseArgs({ options: { minutes: { type: "string" }, rounds: { type: "string" }, seed: { type: "string" }, campaign: { type: "string", multiple: true } } });

function numberOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new TypeError(`torture: --${name} is "${text}", expected a number, at least 0`);
  return value;
}

const rounds = numberOf("rounds", values.rounds);
const minutes = numberOf("minutes", values.minutes) ?? (rounds === undefined ? 10 : Infinity);
const firstSeed = numberOf("seed", values.seed) ?? Date.now() % 2 ** 31;
const chosen = values.campaign === undefined ? campaigns : campaigns.filter(({ name }) => values.campaign?.includes(name));
if (chosen.length === 0) throw new TypeError(`torture: there is no such campaign; there are ${campaigns.map(({ name }) => name).join(", ")}`);

// Files written by mistake go to a temporary folder.
const folder = mkdtempSync(join(tmpdir(), "nn-torture-"));
process.chdir(folder);
process.on("exit", () => {
  process.chdir(tmpdir());
  rmSync(folder, { recursive: true, force: true });
});

const spent = new Map(chosen.map((campaign) => [campaign, { milliseconds: 0, rounds: 0 }]));
const deadline = performance.now() + minutes * 60_000;
let found = 0;
console.log(`torture: ${chosen.map(({ name }) => name).join(", ")} for ${rounds === undefined ? `${minutes} minutes` : `${rounds} rounds each`}, first seed ${firstSeed}`);
while (performance.now() < deadline) {
  // The campaign that has run for the shortest time is next.
  const [next] = [...spent].filter(([, { rounds: done }]) => done < (rounds ?? Infinity)).toSorted(([, a], [, b]) => a.milliseconds - b.milliseconds);
  if (next === undefined) break;
  const [campaign, record] = next;
  const seed = firstSeed + record.rounds;
  const started = performance.now();
  for (const finding of await campaign.round(seed)) {
    found += 1;
    console.log(`FOUND ${finding}\n  again: npm run torture -- --campaign ${campaign.name} --seed ${seed} --rounds 1`);
  }
  record.rounds += 1;
  record.milliseconds += performance.now() - started;
}
for (const [{ name, title }, { rounds: done, milliseconds }] of spent) console.log(`${name.padEnd(9)} ${String(done).padStart(7)} rounds in ${(milliseconds / 1000).toFixed(1)} s: ${title}`);
console.log(found === 0 ? "nothing found" : `${found} found`);
process.exitCode = found === 0 ? 0 : 1;
