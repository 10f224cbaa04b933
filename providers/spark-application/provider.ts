import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type * as pulumi from "@pulumi/pulumi";
import { withoutValues } from "../check-failures";
import { ContainerDown, ContainerGone, SparkClient } from "./client";
import { codeFiles, codeHash } from "./code";
import { deploymentOf, serviceFiles } from "./deployment";
import { differenceOf } from "./difference";
import { driverError } from "./driver-error";
import { applicationState, startProgress } from "./driver-state";
import {
  type ApplicationState,
  checkInputs,
  type SparkApplicationInputs,
  type SparkApplicationOutputs,
} from "./inputs";

export type SparkApplicationProvider = Required<Omit<pulumi.dynamic.ResourceProvider, "configure">>;

/** What the provider needs of the container; tests bring their own. */
export type ClientOf = (containerName: string) => Pick<SparkClient, keyof SparkClient>;

const POLL_MILLISECONDS = 500;

/**
 * Thrown when the application is in the container but its driver does not run. The engine records it with these
 * properties, so that a later run repairs or deletes it, and shows the reasons.
 */
export class ApplicationNotRunning extends Error {
  constructor(
    readonly id: string,
    readonly properties: SparkApplicationOutputs,
    readonly reasons: string[],
  ) {
    super(reasons.join("\n"));
  }
}

/** The provider of the Spark application resource. Progress goes to standard error, which the engine shows. */
export function createProvider(
  clientOf: ClientOf = (containerName) => new SparkClient(containerName),
  pollMilliseconds = POLL_MILLISECONDS,
): SparkApplicationProvider {
  async function apply(inputs: SparkApplicationInputs): Promise<SparkApplicationOutputs> {
    const { applicationName: name, codeFolder } = inputs;
    const client = clientOf(inputs.containerName);
    const files = codeFiles(codeFolder);
    if (codeHash(codeFolder) !== inputs.codeHash)
      throw new Error(
        `application ${name}: the code in ${codeFolder}/ changed during the deployment; run it again`,
      );
    const there = await client.state(name);
    try {
      if (there?.wantedUp && isDeepStrictEqual(there.deployment, deploymentOf(inputs))) {
        // As wanted, only not running when last seen: its supervisor is at it.
        if (there.failures > 0) await client.start(name);
      } else {
        if (there) {
          say(name, "stopping its driver after the running micro-batch");
          await client.stop(name);
        }
        await client.putCode(inputs.installFolder, files);
        await client.putService(name, serviceFiles(inputs));
        await client.start(name);
      }
      await waitUntilRunning(client, inputs);
      return { ...inputs, state: "RUNNING" };
    } catch (error) {
      // Not left to fail over and over: the next deployment starts it again.
      const state = await client
        .stop(name)
        .then((): ApplicationState => "STOPPED")
        .catch((): ApplicationState => "RESTARTING");
      const reason = `application ${name}: ${error instanceof Error ? error.message : String(error)}`;
      throw new ApplicationNotRunning(idOf(inputs), { ...inputs, state }, [reason]);
    }
  }

  async function waitUntilRunning(
    client: Pick<SparkClient, "state" | "log">,
    inputs: SparkApplicationInputs,
  ): Promise<void> {
    const { applicationName: name, startTimeoutSeconds, containerName } = inputs;
    const deadline = Date.now() + startTimeoutSeconds * 1_000;
    const logCommand = `docker exec ${containerName} application log ${name}`;
    let said = "";
    for (;;) {
      const driver = await client.state(name);
      if (!driver) throw new Error(`it disappeared from container ${containerName} while it was starting`);
      const progress = startProgress(driver);
      if (progress.outcome === "ready") return;
      if (progress.outcome === "failed") {
        const error = progress.error ?? driverError(await client.log(name));
        throw new Error(`its driver failed: ${error}\n  Its log: ${logCommand}`);
      }
      if (Date.now() > deadline) {
        const error = driver.lastRun
          ? (driver.lastRun.error ?? driverError(await client.log(name)))
          : undefined;
        throw new Error(
          `it did not run within ${startTimeoutSeconds} s (startTimeoutSeconds); it still waited for ${progress.for}` +
            `${error ? `\n  Its last failure: ${error}` : ""}\n  Its log: ${logCommand}`,
        );
      }
      if (progress.for !== said) say(name, `waiting for ${progress.for}`);
      said = progress.for;
      await sleep(pollMilliseconds);
    }
  }

  return {
    async check(_olds, news) {
      const { inputs, failures } = checkInputs(news);
      return { inputs, failures: withoutValues(failures) };
    },

    async diff(_id, olds: SparkApplicationOutputs, news: SparkApplicationInputs) {
      return differenceOf(olds, news);
    },

    async create(inputs: SparkApplicationInputs) {
      return { id: idOf(inputs), outs: await apply(inputs) };
    },

    async update(_id, _olds, news: SparkApplicationInputs) {
      return { outs: await apply(news) };
    },

    async read(id, properties: SparkApplicationOutputs) {
      try {
        const driver = await clientOf(properties.containerName).state(properties.applicationName);
        if (!driver) return { id: "", props: {} };
        const { state: _state, ...known } = properties;
        const inputs = { ...known, ...driver.deployment };
        return { id, inputs, props: { ...inputs, state: applicationState(driver) } };
      } catch (error) {
        if (error instanceof ContainerGone) return { id: "", props: {} };
        if (error instanceof ContainerDown) return { id, props: { ...properties, state: "STOPPED" } };
        throw error;
      }
    },

    async delete(_id, { containerName, applicationName }: SparkApplicationOutputs) {
      try {
        await clientOf(containerName).remove(applicationName);
      } catch (error) {
        // With the container everything of the application is gone, or will be: nothing of it is outside.
        if (error instanceof ContainerGone) return;
        if (error instanceof ContainerDown) {
          console.error(
            `application ${applicationName} is still in container ${containerName}, which is not running`,
          );
          return;
        }
        throw error;
      }
    },
  };
}

/** What `ModuleProvider("spark-application")` calls. */
export const provider = createProvider();

function idOf({ containerName, applicationName }: SparkApplicationInputs): string {
  return `${containerName}/${applicationName}`;
}

function say(name: string, text: string): void {
  console.error(`application ${name}: ${text}`);
}
