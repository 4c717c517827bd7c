import { parseArgs } from "node:util";

/** Ends the program with what is wrong on its command line. */
export function refuse(problem) {
  console.error(problem);
  process.exit(2);
}

/** The options and other words of the command line. An option that is not known ends the program. */
export function commandLine(options, { allowPositionals = false } = {}) {
  try {
    return parseArgs({ options, allowPositionals });
  } catch (error) {
    return refuse(error.message);
  }
}

/** A text option of `commandLine`. */
export const text = (otherwise) => ({ type: "string", ...(otherwise === undefined ? {} : { default: otherwise }) });

/** The names in the list of an option. */
export function chosen(option, list, names) {
  const words = list.split(",").map((word) => word.trim());
  const unknown = words.find((word) => !names.includes(word));
  return unknown === undefined ? words : refuse(`--${option}: there is no ${unknown}; there are ${names.join(", ")}`);
}

/** The number of an option, such as "--steps 3". */
export function count(option, value) {
  const number = Number(value);
  return Number.isSafeInteger(number) && number > 0 ? number : refuse(`--${option}: expected a whole number above 0, got ${value}`);
}
