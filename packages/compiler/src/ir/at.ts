import { GraphError } from "../errors.js";

/**
 * The element at an index that has to be there; negative indices count from the end.
 * @throws GraphError if it is not: a wrong axis ends in an error, not in a wrong number.
 */
export function at<T>(list: readonly T[], index: number): T {
  const found = list.at(index);
  if (found === undefined) throw new GraphError(`there is no element ${index} in a list of ${list.length}`);
  return found;
}
