type Fields = Iterable<readonly [name: string, value: unknown]>;

/** The fields of a module, some of them under other names in the state dictionary. */
export function* renamedFields(fields: Fields, names: Readonly<Record<string, string>>): Generator<readonly [name: string, value: unknown]> {
  for (const [name, value] of fields) yield [names[name] ?? name, value];
}
