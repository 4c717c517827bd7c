import { randomIntegers, type Generator } from "@nn/tensor";

/** The kind of a noun. No sentence states it, but animals and people do different things, in different places. */
export const beings = ["animal", "person"] as const;
export type Being = (typeof beings)[number];

type Fitting = Readonly<Record<Being | "both", readonly string[]>>;
const nouns: Readonly<Record<Being, readonly string[]>> = {
  animal: ["bear", "cat", "cow", "dog", "fox", "goat", "hare", "horse", "otter", "pig", "sheep", "wolf"],
  person: ["baker", "clerk", "doctor", "farmer", "judge", "miller", "nurse", "painter", "pilot", "poet", "singer", "tailor"],
};
const adjectives: Fitting = { animal: ["furry", "lean", "tame", "wild"], person: ["clever", "honest", "polite", "rich"], both: ["old", "young"] };
export const verbs: Fitting = { animal: ["chased", "licked", "scratched", "sniffed"], person: ["called", "greeted", "paid", "thanked"], both: ["followed", "heard"] };
const places: Fitting = { animal: ["barn", "forest", "meadow", "swamp"], person: ["kitchen", "library", "office", "shop"], both: ["garden", "street"] };

export const words = ["the", "was", "by", "in", ...[nouns, adjectives, verbs, places].flatMap((each) => Object.values(each).flat())];
/** The words of "the old fox was heard by the young baker in the garden". */
export const longest = 12;

/** A sentence, and the kind of its actor. */
export interface Sentence {
  readonly text: string;
  readonly actor: Being;
}

/** Options of {@link drawSentences}. */
export interface SentenceOptions {
  /** Whether adjectives, verbs and places fit animals and people alike, so that only the noun shows which kind acts; default false. */
  readonly neutral?: boolean;
  readonly generator: Generator;
}

/** Draws sentences in the active and in the passive voice. */
export function drawSentences(count: number, { neutral = false, generator }: SentenceOptions): Sentence[] {
  const numbers = randomIntegers([count, 16], { low: 0, high: 2 ** 20, generator }).toArray() as number[][];
  return numbers.map((row) => {
    const choices = row.values();
    const choose = <T>(from: readonly T[]): T => from[(choices.next().value ?? NaN) % from.length] as T;
    const fit = (table: Fitting, being: Being): string => choose(neutral ? table.both : [...table[being], ...table.both]);
    const phrase = (being: Being): string[] => ["the", ...choose([[], [fit(adjectives, being)]]), choose(nouns[being])];
    const actor = choose(beings);
    const [subject, verb, object] = [phrase(actor), fit(verbs, actor), phrase(choose(beings))];
    const clause = choose([[...subject, verb, ...object], [...object, "was", verb, "by", ...subject]]);
    return { text: [...clause, ...choose([[], ["in", "the", fit(places, actor)]])].join(" "), actor };
  });
}
