import { Generator, randomIntegers } from "@nn/tensor";

const good = ["funny", "clever", "touching", "brilliant", "charming", "gripping"];
const bad = ["boring", "silly", "clumsy", "dreadful", "noisy", "shallow"];
const subjects = ["the film", "the plot", "the music", "the ending", "the cast", "the book"];
const verbs = ["was", "is", "seemed"];
const degrees = ["", "", "very", "rather"];
const negations = ["", "", "not", "never", "hardly"];

/** All words of the reviews. */
export const words = [...new Set([good, bad, subjects, verbs, degrees, negations, ["but", "and", "although"]].flat().flatMap((text) => text.split(" ")))].filter((word) => word !== "");

/** A review, and whether it praises. */
export interface Review {
  readonly text: string;
  readonly praises: boolean;
}

/**
 * Reviews of two clauses. A negation turns a clause round ("not boring"), and where the two disagree, the one after "but" and the one without "although" count. So the
 * same words may praise or not: their order decides.
 */
export function drawReviews(count: number, seed: number): Review[] {
  const generator = new Generator(seed);
  const draws = randomIntegers([count, 16], { high: 840, generator }).toArray() as number[][];
  return draws.map((numbers) => {
    let at = 0;
    const one = <T>(of: readonly T[]): T => of[(numbers[at++] ?? 0) % of.length] as T;
    const clause = (): Review => {
      const isGood = one([true, false]);
      const negation = one(negations);
      const text = [one(subjects), one(verbs), negation, one(degrees), one(isGood ? good : bad)].filter((word) => word !== "").join(" ");
      return { text, praises: isGood === (negation === "") };
    };
    const [first, second] = [clause(), clause()];
    if (first.praises === second.praises) return { text: `${first.text} and ${second.text}`, praises: first.praises };
    return one([
      { text: `${first.text} but ${second.text}`, praises: second.praises },
      { text: `although ${first.text} ${second.text}`, praises: second.praises },
      { text: `${first.text} although ${second.text}`, praises: first.praises },
    ]);
  });
}
