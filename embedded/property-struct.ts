/** Properties as gRPC messages carry them. */
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { isObject, withoutUndefined } from "./property-values";
import type { Properties } from "./provider";

export function toStruct(properties: Properties): Struct {
  return Struct.fromJavaScript(withoutUndefined(properties) as Parameters<typeof Struct.fromJavaScript>[0]);
}

export function fromStruct(struct: Struct | undefined): Properties {
  const properties = struct?.toJavaScript();
  return isObject(properties) ? properties : {};
}
