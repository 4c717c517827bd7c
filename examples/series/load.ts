import { Generator, normal, tensor, type Tensor } from "@nn/tensor";

/**
 * The load of a power grid for every hour, in megawatts, `[24 · days]`. It has two peaks a day, falls at weekends, and wanders with the weather, which no forecast
 * knows.
 */
export function drawLoad(days: number, seed: number): Tensor {
  const shocks = normal([24 * days], { std: 0.5, generator: new Generator(seed) }).toArray() as number[];
  let weather = 0;
  return tensor(shocks.map((shock, hour) => {
    const angle = (2 * Math.PI * hour) / 24;
    const ofDay = 60 - 10 * Math.cos(angle) - 5 * Math.cos(2 * angle - 1);
    const ofWeek = Math.floor(hour / 24) % 7 < 5 ? 1 : 0.75;
    // A random walk that returns to its mean.
    weather = 0.98 * weather + shock;
    return ofDay * ofWeek + weather;
  }));
}
