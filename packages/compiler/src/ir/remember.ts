/** `find`, which is asked once for each key: several stages ask the same of what does not change. */
export function remember<K extends WeakKey, V extends object>(find: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, V>();
  return (key) => {
    const value = known.get(key) ?? find(key);
    known.set(key, value);
    return value;
  };
}
