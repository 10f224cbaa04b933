/** Other checkouts, other addresses of Docker, and what image builds leave in it. */
import { describeBuildContainers } from "./build-containers";
import { describeDockerAddresses } from "./docker-addresses";
import { describeOtherCheckouts } from "./other-checkouts";
import { standingStack } from "./standing-stack";

const { stack } = standingStack();

describeOtherCheckouts(stack);
describeDockerAddresses(stack);
describeBuildContainers(stack);
