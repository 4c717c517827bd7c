import { ArgumentError, ShapeError } from "../errors.js";
import { formatShape, type Shape } from "../shape.js";

/** An equation applied to given shapes: a label for each axis of each operand and of the result. */
export interface EinsumLabels {
  readonly operands: readonly (readonly string[])[];
  readonly output: readonly string[];
}

/** A term between commas, such as `b...ij`, split at its ellipsis. */
interface Term {
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly hasEllipsis: boolean;
}

/**
 * Reads an equation such as `"bij,bjk->bik"`. Axes that `...` stands for get labels that count from the right (`...1` is the last axis),
 * so that they align as in broadcasting. Without `->`, the result has the ellipsis, then all labels that occur once, in alphabetical
 * order.
 * @throws ArgumentError if the equation cannot be read, or the number of operands or a label is wrong.
 * @throws ShapeError if an operand has the wrong rank, or a label stands for different sizes.
 */
export function labelAxes(equation: string, shapes: readonly Shape[]): EinsumLabels {
  const refuse = (why: string): never => {
    throw new ArgumentError(`einsum: "${equation}": ${why}`);
  };
  const sides = equation.replaceAll(/\s/g, "").split("->");
  if (sides.length > 2) refuse("more than one ->");
  const [inputs = "", result] = sides;
  const terms = inputs.split(",").map((text) => parseTerm(text, refuse));
  if (terms.length !== shapes.length) refuse(`names ${terms.length} operands but ${shapes.length} were given`);
  const operands = terms.map((term, at) => labelsOf(term, shapes[at] ?? [], at, equation));
  const named = operands.flat();
  const ellipsis = [...new Set(named.filter((label) => label.length > 1))].toSorted((a, b) => Number(b.slice(3)) - Number(a.slice(3)));
  requireOneSize(operands, shapes, equation);
  if (result === undefined) {
    const once = named.filter((label) => label.length === 1 && named.indexOf(label) === named.lastIndexOf(label));
    return { operands, output: [...ellipsis, ...once.toSorted()] };
  }
  if (result.includes(",")) refuse("the result has a comma");
  const { before, after, hasEllipsis } = parseTerm(result, refuse);
  const output = [...before, ...(hasEllipsis ? ellipsis : []), ...after];
  for (const label of output) {
    if (!named.includes(label)) refuse(`the result has the label ${label}, which no operand has`);
    if (output.indexOf(label) !== output.lastIndexOf(label)) refuse(`the result has the label ${label} twice`);
  }
  return { operands, output };
}

function parseTerm(text: string, refuse: (why: string) => never): Term {
  const parts = text.split("...");
  if (parts.length > 2) refuse("more than one ... in one operand");
  const [before = "", after = ""] = parts;
  const wrong = [...before, ...after].find((label) => !/^[A-Za-z]$/.test(label));
  if (wrong !== undefined) refuse(`"${wrong}" is not a label; labels are single letters`);
  return { before: [...before], after: [...after], hasEllipsis: parts.length === 2 };
}

function labelsOf({ before, after, hasEllipsis }: Term, shape: Shape, operand: number, equation: string): string[] {
  const covered = shape.length - before.length - after.length;
  if (covered < 0 || (!hasEllipsis && covered > 0)) {
    const labels = before.length + after.length;
    throw new ShapeError(`einsum: "${equation}": operand ${operand} has ${labels} labels${hasEllipsis ? " and ..." : ""} but shape ${formatShape(shape)}`);
  }
  return [...before, ...Array.from({ length: covered }, (_, at) => `...${covered - at}`), ...after];
}

/** Checks that each label stands for one size. In another operand it may also be 1, which broadcasts; within one operand all sizes must be equal. */
function requireOneSize(operands: readonly (readonly string[])[], shapes: readonly Shape[], equation: string): void {
  const sizes = new Map<string, number>();
  operands.forEach((labels, operand) => {
    labels.forEach((label, axis) => {
      const size = shapes[operand]?.[axis] ?? 1;
      const first = labels.indexOf(label);
      const known = (first < axis ? shapes[operand]?.[first] : sizes.get(label)) ?? size;
      const broadcasts = first === axis && (size === 1 || known === 1);
      if (known !== size && !broadcasts) {
        const what = label.length > 1 ? `axis ${label.slice(3)} from the right of ...` : label;
        throw new ShapeError(`einsum: "${equation}": ${what} stands for the sizes ${known} and ${size}, shapes ${shapes.map(formatShape).join(", ")}`);
      }
      if ((sizes.get(label) ?? 1) === 1) sizes.set(label, size);
    });
  });
}
