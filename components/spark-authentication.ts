/** Who may run programs on the Spark cluster: whoever knows its secret, which master, workers, drivers and executors share. */
import type * as pulumi from "@pulumi/pulumi";
import { derivedSecret } from "./derived-secret";

/** The secret of one stack's cluster. Made from the lake's secret key, which its drivers have anyway. */
export function clusterSecret(stack: string, lakeSecretKey: pulumi.Input<string>): pulumi.Output<string> {
  return derivedSecret(lakeSecretKey, stack, "spark.authenticate");
}

/** Settings of every process of Spark: a master or worker without them takes programs from anyone. */
export function authentication(secret: string) {
  return {
    "spark.authenticate": true,
    "spark.authenticate.secret": secret,
    // Takes programs by HTTP; it knows no secret.
    "spark.master.rest.enabled": false,
    // Nobody signs in to the pages, and a page of any other site can send a form there.
    "spark.ui.killEnabled": false,
    "spark.master.ui.decommission.allow.mode": "DENY",
  };
}
