/** The body of an error answer of Connect's REST interface, as far as it is one. */
export interface ErrorBody {
  readonly error_code?: number;
  readonly message?: string;
}

/** How often an answer 500 that Connect does not explain as passing is asked for again. */
export const UNEXPLAINED_500_REPEATS = 4;

/**
 * Network errors after which a later try may go through: the worker is starting, restarting or busy.
 * An unknown host is not among them: waiting does not mend a mistyped name.
 */
const PASSING_NETWORK_ERRORS = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "ETIMEDOUT",
  "EPIPE",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ERR_NETWORK",
]);

export function isPassingNetworkError(code: string | undefined): boolean {
  return code !== undefined && PASSING_NETWORK_ERRORS.has(code);
}

/**
 * Connect's own word that it has no such connector. While a worker starts, its web server answers 404 for
 * everything, without Connect's body or with the framework's `HTTP 404 Not Found`.
 */
export function saysNotFound(status: number, body: unknown): boolean {
  const { error_code, message } = errorBody(body);
  return status === 404 && error_code === 404 && !message?.startsWith("HTTP 404");
}

/** Whether the same call is worth repeating after this answer, which was the `repeats`-th of its kind. */
export function isPassingAnswer(status: number, body: unknown, repeats: number): boolean {
  if (status === 404) return !saysNotFound(status, body);
  if (status === 409 || status === 429 || (status > 500 && status < 505)) return true;
  if (status !== 500) return false;
  const message = errorBody(body).message ?? "";
  if (/Failed to find any class/.test(message)) return false;
  if (/rebalanc|timed out|forward|stale|leader|starting up|momentarily/i.test(message)) return true;
  return repeats < UNEXPLAINED_500_REPEATS;
}

/** Whether Connect gave up waiting for its own work, which may nevertheless get done. */
export function isServerTimeout(status: number | undefined, body: unknown): boolean {
  return status === 500 && /timed out/i.test(errorBody(body).message ?? "");
}

/** What Connect says about an error, in as few lines as it allows. */
export function answerText(status: number, body: unknown): string {
  const message = errorBody(body).message;
  if (!message) return `HTTP ${status} without an explanation`;
  const plugins =
    /^(?:[\w.]+Exception: )?Failed to find any class that implements Connector and which name matches ([^,]+),/.exec(
      message,
    );
  if (!plugins) return message;
  const known = [...message.matchAll(/PluginDesc\{klass=class ([\w.$]+)/g)].map((match) => match[1]);
  const list = [...new Set(known)].filter((name) => !name?.includes(".tools.")).join(", ");
  return `connector.class ${plugins[1]} is not installed on the worker; installed are: ${list || "none"}`;
}

function errorBody(body: unknown): ErrorBody {
  return typeof body === "object" && body !== null ? (body as ErrorBody) : {};
}
