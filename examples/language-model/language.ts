/** Sentences such as "two owls that one fox sees sleep.": verbs agree with their nouns in number, also with words between them. */
const nouns = [["cat", "cats"], ["owl", "owls"], ["fox", "foxes"], ["bird", "birds"]];
const actions = [["sees", "see"], ["hears", "hear"]];
const states = [["sleeps", "sleep"], ["sings", "sing"]];
const numbers = ["one", "two"];

/** The number of options of each of seven choices. */
const options = [2, 4, 2, 2, 2, 4, 2];

/** The sentence for seven choices. Without a clause, its choices have no effect. */
function sentence([number = 0, noun = 0, state = 0, clause = 0, other = 0, seer = 0, action = 0]: readonly number[]): string {
  const inserted = clause === 0 ? "" : ` that ${numbers[other]} ${nouns[seer]?.[other]} ${actions[action]?.[other]}`;
  return `${numbers[number]} ${nouns[noun]?.[number]}${inserted} ${states[state]?.[number]}.`;
}

/** The sentences of all combinations of choices. Half of them have no clause, and occur several times. */
export const sentences = options.reduce<number[][]>((made, count) => made.flatMap((choices) => Array.from({ length: count }, (_, choice) => [...choices, choice])), [[]]).map(sentence);

/** The entropy of a random sentence, in nats: no model can be better. */
export const entropy = Math.log(2 * 4 * 2) + Math.log(2) + 0.5 * Math.log(2 * 4 * 2);
