/** The web pages that are worth a picture, of a stack with customers in its tables. */
import type { Page } from "playwright-core";
import type { StackOutputs } from "../../outputs";

/** How long the streaming job may take to write what was loaded. */
const PATIENCE_MILLISECONDS = 300_000;

/** MinIO's console: the files of the table customers1, once the streaming job has written one. */
export async function minioConsole(page: Page, outputs: StackOutputs): Promise<void> {
  const { minioConsoleUrl, minioRootUser, minioRootPassword, bucket } = outputs;
  await page.request.post(`${minioConsoleUrl}/api/v1/login`, {
    data: { accessKey: minioRootUser, secretKey: minioRootPassword },
  });
  const listing = `${minioConsoleUrl}/api/v1/buckets/${bucket}/objects?prefix=${encodeURIComponent("public/customers1/")}`;
  const deadline = Date.now() + PATIENCE_MILLISECONDS;
  while (!(await (await page.request.get(listing)).text()).includes(".parquet")) {
    if (Date.now() > deadline)
      throw new Error("the streaming job has not written customers1: look at its log");
    await page.waitForTimeout(500);
  }
  await page.goto(`${minioConsoleUrl}/browser/${bucket}`);
  // The licence, which a new visitor is shown.
  await page.getByRole("button", { name: "Acknowledge" }).click();
  for (const folder of ["public", "customers1"])
    await page.getByText(folder, { exact: true }).first().click();
  await page.getByText(".parquet").first().waitFor();
}

/** The Spark master's page, with the job's application. */
export async function sparkMaster(page: Page, { sparkMasterUiUrl }: StackOutputs): Promise<void> {
  await page.goto(sparkMasterUiUrl);
  await page.getByText("streaming_from_kafka_to_minio").first().waitFor();
}

/** The job's page about its streaming query: its rates and durations, once there are some. */
export async function streamingQuery(page: Page, { sparkDriverUiUrl }: StackOutputs): Promise<void> {
  await page.goto(`${sparkDriverUiUrl}/StreamingQuery/`);
  await page.locator('a[href*="statistics"]').first().click();
  await page.locator("svg").first().waitFor();
}
