/** By what everything of ours in Docker is told apart. */

/** Label whose value is the stack; everything of ours in Docker has it. */
export const STACK_LABEL = "cdc.stack";
/** Label of volumes: the checkout that made them. */
export const CHECKOUT_LABEL = "cdc.checkout";
/** Label whose value is the service's name. */
export const SERVICE_LABEL = "cdc.service";
