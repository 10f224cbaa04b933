/** Answers of the service over HTTP: read-only, without secrets. */
import * as http from "node:http";

/** @param pages by path: what each answers */
export function serve(port: number, pages: Readonly<Record<string, () => string>>): http.Server {
  const server = http.createServer((request, response) => {
    const page = request.method === "GET" ? pages[request.url ?? ""] : undefined;
    if (!page) {
      response.writeHead(404).end();
      return;
    }
    const type = request.url === "/metrics" ? "text/plain; version=0.0.4; charset=utf-8" : "application/json";
    response.writeHead(200, { "Content-Type": type }).end(page());
  });
  return server.listen(port);
}
