import { describe, expect, test } from "vitest";
import { batchSizes, lastEpoch, networkRace, type NetworkRaceView, type Runner, type ScheduleName } from "../src/tasks/network-race.js";
import { optimizerNames } from "../src/tasks/optimizers.js";
import { surfaceRace, surfaces, type RacerView, type SurfaceName, type SurfaceRaceSettings, type SurfaceRaceView } from "../src/tasks/surface-race.js";
import { trained } from "./trained.js";

function raceOn(surface: SurfaceName, settings: Partial<SurfaceRaceSettings> = {}, steps = 300): SurfaceRaceView {
  const { start, rates } = surfaces[surface];
  return trained(surfaceRace({ surface, start, rates, ...settings }), steps);
}

const last = ({ heights }: RacerView): number => heights.at(-1) ?? NaN;

describe("a race on a surface", () => {
  test("in the ravine SGD zigzags, and momentum and those that divide by the size of the gradient arrive before it", () => {
    const { racers } = raceOn("ravine");
    const turns = ({ path }: RacerView): number => path.slice(1, 21).filter(([, y], at) => y * (path[at]?.[1] ?? 0) < 0).length;
    expect(turns(racers.SGD)).toBeGreaterThan(15);
    expect(turns(racers.Adam)).toBeLessThan(3);
    for (const name of ["momentum", "NAG", "Adagrad", "RMSprop", "Adam"] as const) expect(racers[name].arrival ?? Infinity).toBeLessThan(racers.SGD.arrival ?? Infinity);
    for (const name of optimizerNames) expect(racers[name].arrival).toBe(racers[name].heights.findLastIndex((height) => height >= 0.001) + 1);
  });

  test("speed rolls through the hollows, and SGD stays in the first", () => {
    const { racers } = raceOn("hollows");
    for (const name of ["momentum", "NAG", "Adam"] as const) expect(last(racers[name])).toBeLessThan(0.001);
    expect(last(racers.SGD)).toBeGreaterThan(0.3);
    expect(racers.SGD.path.at(-1)).toEqual(racers.Adagrad.path.at(-1)?.map((value): unknown => expect.closeTo(value, 2)));
  });
});

describe("a race of networks", () => {
  const raced = (runners: readonly Runner[], schedule: ScheduleName = "constant", epochs = lastEpoch): NetworkRaceView => trained(networkRace({ runners, schedule }), epochs);
  const batches = batchSizes.map((batchSize): Runner => ({ optimizer: "SGD", learningRate: 0.3, batchSize }));

  test("small batches are ahead after as many epochs, and make more steps", () => {
    const { losses, steps, epochs } = raced(batches, "constant", 20);
    const [full = NaN, mini = NaN, single = NaN] = losses.map((each) => each.at(-1) ?? NaN);
    expect([epochs, ...steps]).toEqual([20, 20, 160, 2560]);
    expect(mini).toBeLessThan(full);
    expect(single).toBeLessThan(full);
    expect(new Set(losses.map(([first]) => first)).size).toBe(1);
  });

  test("dividing the rate by ten takes the noise from small batches", () => {
    const roughness = (losses: readonly number[]): number => losses.slice(1).reduce((sum, loss, at) => sum + Math.abs(loss - (losses[at] ?? NaN)), 0) / (losses.length - 1);
    const single: readonly Runner[] = [{ optimizer: "SGD", learningRate: 0.3, batchSize: 1 }];
    const losses = raced(single, "steps").losses[0] ?? [];
    const half = lastEpoch / 2;
    expect(roughness(losses.slice(half + 1))).toBeLessThan(0.2 * roughness(losses.slice(half - 15, half)));
    expect(losses.at(-1)).toBeLessThan(raced(single).losses[0]?.at(-1) ?? NaN);
  });
});
