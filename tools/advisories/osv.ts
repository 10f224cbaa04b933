/** Advisories of what the images are made of, from OSV (https://google.github.io/osv.dev/api/). */
import axios from "axios";
import type { PinnedPackage } from "./pinned";
import type { Advisory, Answer } from "./source";

const SOURCE = "OSV";
const TIMEOUT_MS = 20_000;

interface Details {
  readonly id: string;
  readonly aliases?: string[];
  readonly summary?: string;
}

export async function osv(
  packages: readonly PinnedPackage[],
  api = "https://api.osv.dev/v1",
): Promise<Answer> {
  const http = axios.create({ baseURL: api, timeout: TIMEOUT_MS });
  try {
    const queries = packages.map(({ ecosystem, name, version }) => ({
      package: { ecosystem, name },
      version,
    }));
    const { data } = await http.post("/querybatch", { queries });
    const found = (data.results as { vulns?: { id: string }[] }[]).map(({ vulns }) => vulns ?? []);
    const ids = [...new Set(found.flat().map(({ id }) => id))];
    const details = new Map(
      await Promise.all(
        ids.map(async (id): Promise<[string, Details]> => [id, (await http.get(`/vulns/${id}`)).data]),
      ),
    );
    const advisories = packages.flatMap((each, index) =>
      (found[index] ?? []).map(({ id }) => advisory(each, details.get(id) ?? { id })),
    );
    return { source: SOURCE, advisories };
  } catch (error) {
    return { source: SOURCE, unreachable: (error as Error).message };
  }
}

function advisory({ name, version }: PinnedPackage, { id, aliases, summary }: Details): Advisory {
  return { ids: [id, ...(aliases ?? [])], about: `${name} ${version}`, summary: summary ?? "" };
}
