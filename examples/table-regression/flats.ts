import { csvLine } from "@nn/data";
import { Generator, normal, uniform } from "@nn/tensor";

/** What a square metre costs in each district, in euros a month. */
const districts = { Centre: 17, Harbour: 14, Hillside: 13, Old_Town: 15, Meadows: 11 } as const;

const names = ["area", "rooms", "floor", "built", "district", "balcony", "rent"] as const;

/**
 * Flats and their rents in euros a month, as the text of a CSV file. A square metre costs less in a large flat, and more in a new or an old house than in one of the
 * sixties; nobody likes the ground floor. For one flat in fifteen the year is not known.
 */
export function flats(count: number, seed: number): string {
  const generator = new Generator(seed);
  const numbers = uniform([count, 6], { generator }).toArray() as [number, number, number, number, number, number][];
  const noise = normal([count], { std: 40, generator }).toArray() as number[];
  const rows = numbers.map(([size, division, height, age, place, luck], at) => {
    const area = Math.round(25 + 115 * size ** 1.5);
    const rooms = Math.max(1, Math.round(area / (22 + 14 * division)));
    const floor = Math.floor(6 * height);
    const built = Math.round(1900 + 120 * age);
    const [district, price] = Object.entries(districts)[Math.floor(5 * place)] ?? ["Centre", districts.Centre];
    const balcony = luck < 0.55 ? "yes" : "no";
    const perMetre = price * (area / 60) ** -0.18 * (1 + 0.25 * ((built - 1965) / 60) ** 2) * (floor === 0 ? 0.9 : 1 + 0.02 * floor) * (balcony === "yes" ? 1.04 : 1);
    const rent = Math.round(perMetre * area + (noise[at] ?? 0));
    return [area, rooms, floor, luck > 0.933 ? "" : built, district, balcony, rent];
  });
  return [names, ...rows].map((row) => csvLine(row)).join("");
}
