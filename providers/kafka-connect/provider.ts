import type * as pulumi from "@pulumi/pulumi";
import { impatientClient } from "./client";
import { normaliseConfig } from "./config";
import { deploy } from "./deploy";
import { differenceOf, otherCluster } from "./difference";
import { type ConnectorInputs, type ConnectorOutputs, checkInputs } from "./inputs";
import { outputsOf } from "./outputs";
import { type Pacing, usualPacing } from "./pacing";
import { redactor } from "./redaction";
import { remove } from "./remove";
import { type CapturedDatabase, postgresql } from "./replication";
import { readSettledStatus } from "./running";

export type ConnectorProvider = Required<Omit<pulumi.dynamic.ResourceProvider, "configure">>;

/**
 * The provider of the connector resource. Reports that are no errors (what a delete had to leave behind) go to
 * standard error, which the engine shows.
 */
export function createProvider(
  pacing: Pacing = usualPacing,
  captured: CapturedDatabase = postgresql,
): ConnectorProvider {
  return {
    async check(_olds, news) {
      return checkInputs(news);
    },

    async diff(_id, olds: ConnectorOutputs, news: ConnectorInputs) {
      const warning = otherCluster(olds, news);
      if (warning) console.error(`warning: ${warning}`);
      return differenceOf(olds, news);
    },

    async create(inputs: ConnectorInputs) {
      return { id: inputs.name, outs: await deploy(inputs, "create", pacing, captured) };
    },

    async update(_id, _olds, news: ConnectorInputs) {
      return { outs: await deploy(news, "update", pacing, captured) };
    },

    async read(id, properties: ConnectorOutputs) {
      const name = properties.name ?? id;
      const connect = impatientClient(properties.connectUrl, pacing);
      const live = await connect.readConfig(name);
      if (!live) return { id: "", props: {} };
      const status = await readSettledStatus(connect, name, pacing);
      const config = normaliseConfig(live);
      const { state: _state, tasks: _tasks, type: _type, ...inputs } = { ...properties, name, config };
      return { id, inputs, props: outputsOf(inputs, status) };
    },

    async delete(_id, properties: ConnectorOutputs) {
      const hide = redactor(properties);
      for (const left of await remove(properties, pacing, captured)) console.error(hide(left));
    },
  };
}

/** What `ModuleProvider("kafka-connect")` calls. */
export const provider = createProvider();
