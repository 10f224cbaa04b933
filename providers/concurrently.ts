/** Work on many things, a few at a time. */
export async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item, worker: number) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(items.length);
  let next = 0;
  const workers = Array.from({ length: Math.min(atOnce, items.length) }, async (_, worker) => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index] as Item, worker).catch((error) => {
        next = items.length;
        throw error;
      });
    }
  });
  await Promise.all(workers);
  return results;
}
