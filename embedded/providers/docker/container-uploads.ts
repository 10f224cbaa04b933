import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { pack } from "tar-stream";
import { UNKNOWN } from "../../provider";
import type { Upload } from "./container-inputs";

/** A tar archive, to be unpacked at `/`, with the files owned by root. */
export async function uploadArchive(uploads: Upload[]): Promise<Buffer> {
  const archive = pack();
  for (const upload of uploads) {
    archive.entry(
      { name: upload.file.replace(/^\/+/, ""), mode: modeOf(upload), uid: 0, gid: 0, mtime: new Date() },
      await contentOf(upload),
    );
  }
  archive.finalize();
  return buffer(archive);
}

/** `permissions`, else 0744 for an `executable`, else 0644: as the real plugin has it. */
export function modeOf({ permissions, executable }: Upload): number {
  if (permissions !== undefined) return Number.parseInt(permissions, 8);
  return executable === true ? 0o744 : 0o644;
}

async function contentOf({ file, content, contentBase64, source }: Upload): Promise<Buffer> {
  if (content !== undefined) return Buffer.from(content, "utf8");
  if (contentBase64 !== undefined) return Buffer.from(contentBase64, "base64");
  try {
    return await readFile(source ?? "");
  } catch (error) {
    throw new Error(`upload ${file}: its source cannot be read: ${(error as Error).message}`);
  }
}

/** Adds to uploads from a file the hash of what is in it, so that a changed file is a changed input. */
export async function withSourceHashes(uploads: Upload[]): Promise<Upload[]> {
  return Promise.all(
    uploads.map(async (upload) => {
      // In a preview an upload, or its source, may be unknown still.
      if (upload.source === undefined || (upload.source as string) === UNKNOWN) return upload;
      if (upload.sourceHash !== undefined) return upload;
      const hash = createHash("sha256").update(await contentOf(upload));
      return { ...upload, sourceHash: hash.digest("hex") };
    }),
  );
}
