/** What the streaming job notes of a table beside it in the lake (spark/cdc/lake/table_notes.py). */
import { z } from "zod";
import type { Bucket } from "./bucket";

export const notesShape = z.looseObject({
  setAside: z.looseObject({ reason: z.string(), since: z.string().optional() }).optional(),
  needsRows: z.string().optional(),
  noKey: z.looseObject({ reason: z.string().nullish() }).optional(),
  resnapshot: z.unknown().optional(),
});
export type Notes = z.infer<typeof notesShape>;

export const NOTES_FOLDER = "_table_notes";
const ENDING = ".json";

/** Notes of all tables, by `schema.table`; an object that stays as it is, is read once. */
export class TableNotes {
  private known = new Map<string, { readonly version: string; readonly notes: Notes }>();

  constructor(
    private readonly bucket: Bucket,
    private readonly lakeRoot: string,
  ) {}

  async read(): Promise<ReadonlyMap<string, Notes>> {
    const folder = `${this.lakeRoot}/${NOTES_FOLDER}/`;
    const found = [...(await this.bucket.objects(folder.slice(0, -1)))].filter(([url]) =>
      url.endsWith(ENDING),
    );
    const read = await Promise.all(
      found.map(async ([url, { size, modified }]) => {
        const version = `${size} ${modified?.toISOString()}`;
        const before = this.known.get(url);
        if (before?.version === version) return [url, before] as const;
        const notes = notesShape.parse(JSON.parse(await this.bucket.text(url)));
        return [url, { version, notes }] as const;
      }),
    );
    this.known = new Map(read);
    return new Map(
      read.map(([url, { notes }]) => [
        url.slice(folder.length, -ENDING.length).split("/").map(decodeURIComponent).join("."),
        notes,
      ]),
    );
  }
}
