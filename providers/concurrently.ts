/** Work on many things, a few at a time. After an error nothing more is begun, and what runs has ended before it is thrown. */
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
  await allEnded(workers);
  return results;
}

/** As `Promise.all`, but when one fails the others have ended too: nothing goes on behind the caller's back. */
export async function allEnded<Results extends readonly unknown[] | []>(
  work: {
    readonly [Index in keyof Results]: Promise<Results[Index]>;
  },
): Promise<Results> {
  await Promise.allSettled(work);
  return (await Promise.all(work)) as unknown as Results;
}
