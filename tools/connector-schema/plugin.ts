/** What a worker answers about a connector class. */
import axios from "axios";
import { UserError } from "../../stack/console";

/** One key of a connector, as the validation endpoint describes it. */
export interface KeyDefinition {
  readonly name: string;
  readonly type: string;
  readonly default_value: string | null;
  readonly documentation: string;
  readonly importance: string;
}

export interface ValidatedKey {
  readonly definition: KeyDefinition | null;
  readonly value: {
    readonly name: string;
    readonly recommended_values: readonly string[];
    readonly errors: readonly string[];
  };
}

export class Plugin {
  private constructor(
    private readonly url: string,
    readonly className: string,
    readonly version: string,
  ) {}

  /** @throws UserError when there is no worker at the URL, or none with that class. */
  static async on(url: string, className: string): Promise<Plugin> {
    const answer = await axios
      .get<{ class: string; version: string }[]>(`${url}/connector-plugins`, { proxy: false })
      .catch((error: Error) => {
        throw new UserError(
          `Kafka Connect at ${url} does not answer: ${error.message}`,
          "Start a stack (`npm run up`), or name its worker with --url.",
        );
      });
    const plugin = answer.data.find((candidate) => candidate.class === className);
    if (plugin) return new Plugin(url, className, plugin.version);
    throw new UserError(`The worker at ${url} has no ${className}`, "Install the plugin on the worker.");
  }

  /** What the connector says about a config. The config given must be wrong, or it looks for a database. */
  async validate(config: Record<string, string>): Promise<ValidatedKey[]> {
    const { data } = await axios.put<{ configs: ValidatedKey[] }>(
      `${this.url}/connector-plugins/${this.className}/config/validate`,
      { name: "schema", "connector.class": this.className, ...config },
      { proxy: false },
    );
    return data.configs;
  }
}
