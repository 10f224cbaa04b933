import type * as pulumi from "@pulumi/pulumi";
import { impatientClient } from "./client";
import { deploy } from "./deploy";
import { differenceOf, otherCluster } from "./difference";
import { addressOf } from "./import-id";
import { type ConnectorInputs, type ConnectorOutputs, checkInputs } from "./inputs";
import { liveConfig } from "./live-config";
import { describeRequest, isNewRequest } from "./offsets";
import { outputsOf } from "./outputs";
import { type Pacing, usualPacing } from "./pacing";
import { redactor } from "./redaction";
import { remove } from "./remove";
import { type CapturedDatabase, postgresql } from "./replication";
import { readSettledStatus } from "./running";
import { validate } from "./validation";

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
    async check(olds: Partial<ConnectorInputs>, news) {
      const { inputs, failures } = checkInputs(news);
      if (failures.length > 0) return { inputs, failures };
      const wanted = inputs as unknown as ConnectorInputs;
      const hide = redactor(wanted);
      const findings = (await validate(olds, wanted, pacing, captured)).map((finding) => ({
        ...finding,
        text: hide(finding.text),
      }));
      for (const { property, text } of findings.filter(({ severity }) => severity === "warning")) {
        console.error(`warning: connector ${wanted.name}: ${property}: ${text}`);
      }
      const errors = findings.filter(({ severity }) => severity === "error");
      return { inputs, failures: errors.map(({ property, text }) => ({ property, reason: text })) };
    },

    async diff(_id, olds: ConnectorOutputs, news: ConnectorInputs) {
      const warning = otherCluster(olds, news);
      if (warning) console.error(`warning: ${warning}`);
      if (isNewRequest(olds.offsets, news.offsets)) console.error(describeRequest(olds.name, news.offsets));
      return differenceOf(olds, news);
    },

    async create(inputs: ConnectorInputs) {
      return { id: inputs.name, outs: await deploy(inputs, undefined, pacing, captured) };
    },

    async update(_id, olds: ConnectorOutputs, news: ConnectorInputs) {
      return { outs: await deploy(news, olds, pacing, captured) };
    },

    async read(id, properties: ConnectorOutputs) {
      const known = properties.connectUrl ? properties : { ...properties, ...addressOf(id) };
      const { name } = known;
      const connect = impatientClient(known.connectUrl, pacing);
      const live = await connect.readConfig(name);
      if (!live) return { id: "", props: {} };
      const status = await readSettledStatus(connect, name, pacing);
      const config = liveConfig(live, known.config);
      const { state: _state, tasks: _tasks, type: _type, ...inputs } = { ...known, name, config };
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
