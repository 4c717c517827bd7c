import { Generator } from "@nn/tensor";

/** Gives the generator from which a random item draws, the same one each time. It is made when it is first asked for, since most items are not random. */
export type ItemGenerator = () => Generator;

/** The generators of the items of a batch, by their places in the batch. */
export type ItemGenerators = (place: number) => ItemGenerator;

/**
 * The generator for reading one item. Its seed is a hash of the loader's seed, the epoch and the item's place in the epoch, so it depends neither on the batch size nor on
 * which thread reads the item.
 */
export function itemGenerator(seed: number, epoch: number, place: number): ItemGenerator {
  let made: Generator | undefined;
  return () => (made ??= new Generator(itemSeed(seed, epoch, place)));
}

function itemSeed(seed: number, epoch: number, place: number): number {
  const words = [seed, seed / 2 ** 32, epoch, epoch / 2 ** 32, place];
  const hashFrom = (start: number): number => words.reduce((hash, word) => mixed(hash ^ Math.floor(word)), start) >>> 0;
  return (hashFrom(0x243f6a88) >>> 11) * 2 ** 32 + hashFrom(0x13198a2e);
}

/** The finalizer of MurmurHash3 (Appleby 2011): each bit of the input changes half of the bits of the output. */
function mixed(word: number): number {
  let hash = word + 0x9e3779b9;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
