import { expect, test } from "vitest";
import { programsCampaign } from "../torture/programs-campaign.js";

/** More of them: `npm run torture -- --campaign programs`. */
test("random programs compute the same eagerly and compiled, or fail alike and change nothing", async () => {
  const found: string[] = [];
  for (let seed = 0; seed < 150; seed++) found.push(...(await programsCampaign.round(seed)));
  expect(found).toEqual([]);
}, 300_000);
