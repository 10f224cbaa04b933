import { distance } from "fastest-levenshtein";

/** Beyond this share of its length that has to change, a word is another word. */
const MOST_CHANGED = 0.4;

/** The candidate that the word was most likely meant to be, if there is a likely one. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  return closest(word, candidates, (candidate) => Math.max(word.length, candidate.length) * MOST_CHANGED);
}

/** The candidate that differs so little from the word that this is a slip of the finger, if there is one. */
export function misspelt(word: string, candidates: Iterable<string>): string | undefined {
  return closest(word, candidates, (candidate) => (candidate.length < 8 ? 1 : 2));
}

function closest(
  word: string,
  candidates: Iterable<string>,
  limit: (candidate: string) => number,
): string | undefined {
  let found: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const changes = distance(word.toLowerCase(), candidate.toLowerCase());
    if (changes <= limit(candidate) && changes < least) {
      found = candidate;
      least = changes;
    }
  }
  return found;
}
