/** The console, of a stack that is up: in a real browser, by keyboard, and for who has no business there. */
import axios, { type AxiosInstance } from "axios";
import execa from "execa";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureChromium, LAUNCH } from "../../stack/chromium";
import type { View } from "../../tools/console/view";
import { eventually, type TestStack } from "./platform";

/** `WRITE_DOCS=1` takes it. */
const PICTURE = "docs/pictures/console.png";
const NODES = ["postgresql", "connector", "kafka", "job", "lake"];
const BESIDE = ["supervisor", "zookeeper", "spark-master", "spark-worker", "proof"];

/** Asks as a browser that has signed in. */
export async function signedIn(stack: TestStack): Promise<AxiosInstance> {
  const { consoleUrl, consoleToken } = await stack.outputs();
  const form = new URLSearchParams({ token: String(consoleToken) });
  const { headers } = await axios.post(`${consoleUrl}/login`, form, {
    maxRedirects: 0,
    validateStatus: (status) => status === 303,
  });
  const [cookie = ""] = headers["set-cookie"] ?? [];
  return axios.create({ baseURL: consoleUrl, headers: { Cookie: cookie.split(";")[0] } });
}

/** The tests, of a stack of which all is well. */
export function describeConsole(stack: TestStack): void {
  let browser: Browser;
  let page: Page;
  const url = `http://localhost:${stack.port(9465)}`;
  /** What the browser asked for, and what it had to complain of. */
  const asked: string[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    await ensureChromium();
    browser = await chromium.launch(LAUNCH);
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.on("request", (request) => asked.push(request.url()));
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
  });

  afterAll(async () => {
    await browser?.close();
  });

  const focused = () => page.locator(":focus");

  describe("the console", () => {
    it("tells nobody anything without its token, by another name, or for a form of another site", async () => {
      const any = { validateStatus: () => true, maxRedirects: 0 };
      for (const path of ["/", "/view", "/nodes/postgresql"])
        expect((await axios.get(url + path, any)).status, path).toBe(401);
      const token = String((await stack.outputs()).consoleToken);
      const login = (given: string, headers: Record<string, string> = {}) =>
        axios.post(`${url}/login`, new URLSearchParams({ token: given }), { ...any, headers });
      expect((await login(`${token.slice(1)}0`)).status).toBe(403);
      expect((await login(token, { Origin: "http://evil.example" })).status).toBe(403);
      expect((await login(token, { Host: "evil.example" })).status).toBe(421);
      const known = await signedIn(stack);
      expect((await known.get("/view", { ...any, headers: { Host: "evil.example" } })).status).toBe(421);
    });

    it("shows who types the token the whole flow, by keyboard alone", async () => {
      await page.goto(url);
      await page.keyboard.type(String((await stack.outputs()).consoleToken));
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: `Stack ${stack.name}` }).waitFor();
      await eventually(
        "all is well",
        180,
        async () => page.getByRole("status").first().textContent(),
        (text) => text?.startsWith("All is well") ?? false,
      );
      for (const id of [...NODES, ...BESIDE]) {
        const mark = page.locator(`#node-${id}`).getByRole("img");
        expect(await mark.getAttribute("aria-label"), id).toMatch(
          id === "supervisor" ? /cannot be seen/ : /^well$/,
        );
      }
      // What is written all the time flows, on the edges and in the charts.
      await eventually(
        "a rate",
        60,
        async () => page.locator(".edge .rate").allInnerTexts(),
        (texts) => texts.filter((text) => /^[1-9][\d,.]* messages\/s$/.test(text)).length >= 2,
      );
      const chart = page.getByRole("img", { name: /^Throughput, messages\/s: now into Kafka [\d,.]+/ });
      await eventually(
        "a line",
        60,
        () => chart.locator("path.line-0").getAttribute("d"),
        (drawn) => /M[\d.]+ [\d.]+L/.test(drawn ?? ""),
      );

      for (let press = 0; press < 20; press++) {
        await page.keyboard.press("Tab");
        if ((await focused().getAttribute("id")) === "node-kafka") break;
      }
      await page.keyboard.press("Enter");
      const details = page.getByRole("region", { name: "Kafka" });
      await details.getByText("kafka:9092").waitFor();
      expect(await focused().textContent()).toBe("Kafka");
      await details.getByText(/Configuration \(\d+\), without secrets/).click();
      await details.getByText("dbserver2.public.orders").waitFor();
      await details.getByText(/docker logs --tail 100 e2e-proof-kafka/).waitFor();
      await page.keyboard.press("Escape");
      expect(await focused().getAttribute("id")).toBe("node-kafka");
      expect(await page.locator("#details").count()).toBe(0);
    });

    it("finds a table by its name, and says up to when it is proven", async () => {
      const rows = page.getByRole("row").filter({ has: page.getByRole("rowheader") });
      expect(await rows.count()).toBe(3);
      await page.getByRole("searchbox").fill("ORD");
      await eventually(
        "one row",
        10,
        () => rows.count(),
        (count) => count === 1,
      );
      expect(await rows.first().textContent()).toContain("public.orders");
      await eventually(
        "proven",
        180,
        () => rows.first().textContent(),
        (text) => /20\d\d-\d\d-\d\d \d\d:\d\d:\d\d/.test(text ?? ""),
      );
      await page.getByRole("searchbox").fill("no such table");
      await page.getByText("0 of 3").waitFor();
      await page.getByRole("searchbox").fill("");
    });

    it("can be read in the light and in the dark, and on a narrow screen", async () => {
      const backgrounds = new Set<string>();
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        const found = await page.evaluate(contrasts);
        backgrounds.add(found.background);
        expect(found.low, colorScheme).toEqual([]);
      }
      expect(backgrounds.size).toBe(2);
      await page.emulateMedia({ colorScheme: "light" });
      await page.setViewportSize({ width: 400, height: 800 });
      const [seen, whole] = await page.evaluate(sizes);
      expect(whole).toBeLessThanOrEqual(seen);
      await page.setViewportSize({ width: 1280, height: 900 });
      if (process.env.WRITE_DOCS) {
        await page.locator("#node-connector").click();
        await page
          .getByRole("region", { name: "Debezium connector" })
          .getByText("debezium-postgres-connector")
          .first()
          .waitFor();
        await page.screenshot({ path: PICTURE, fullPage: true });
        await page.keyboard.press("Escape");
      }
    });

    it("shows a part that is down by another shape, with the command that helps, and when it is back", async () => {
      const connect = stack.container("kafka-connect");
      const mark = page.locator("#node-connector").getByRole("img");
      const shape = () => mark.locator("path").getAttribute("d");
      const before = await shape();
      await execa("docker", ["stop", "--time", "1", connect]);
      try {
        await page.getByText(`docker start ${connect}`).first().waitFor({ timeout: 60_000 });
        expect(await mark.getAttribute("aria-label")).toBe("no answer");
        expect(await shape()).not.toBe(before);
        expect(await page.getByRole("status").first().textContent()).toMatch(/^NOT WELL/);
      } finally {
        await execa("docker", ["start", connect]);
      }
      await eventually(
        "well again",
        180,
        async () => page.getByRole("status").first().textContent(),
        (text) => text?.startsWith("All is well") ?? false,
      );
    });

    it("has no secret in any of its answers, and answers for each of its nodes", async () => {
      const { consoleToken, lakeSecretKey, lakeAccessKey, postgresqlPassword, sparkAuthenticationSecret } =
        await stack.outputs();
      const known = await signedIn(stack);
      const { data: view } = await known.get<View>("/view");
      const answers = new Map([["view", JSON.stringify(view)]]);
      for (const { id } of view.nodes) {
        // Spark's pages take their time on a busy machine, the first one above all.
        const told = await eventually(
          id,
          60,
          async () => JSON.stringify((await known.get(`/nodes/${id}`)).data),
          (text) => !text.includes("No answer"),
        );
        answers.set(id, told);
      }
      expect([...answers.keys()]).toEqual(["view", ...NODES, ...BESIDE]);
      expect(answers.get("connector")).toContain("table.include.list");
      expect(answers.get("job")).toContain("Executor 0 on spark-worker");
      expect(answers.get("zookeeper")).toContain("Zookeeper version");
      for (const [place, text] of [...answers, ["page", await page.content()] as const])
        for (const secret of [
          consoleToken,
          lakeSecretKey,
          lakeAccessKey,
          postgresqlPassword,
          sparkAuthenticationSecret,
        ])
          expect(text.includes(JSON.stringify(secret).slice(1, -1)), place).toBe(false);
    });

    it("loads nothing from elsewhere, and no browser complains", async () => {
      expect(asked.filter((one) => !one.startsWith(`${url}/`))).toEqual([]);
      // The form before the token was typed.
      expect(complaints.filter((text) => !/status of 401/.test(text))).toEqual([]);
    });

    it("stays within its memory", async () => {
      const format = "{{.State.OOMKilled}} {{.RestartCount}}";
      const { stdout } = await execa("docker", ["inspect", "--format", format, stack.container("console")]);
      expect(stdout).toBe("false 0");
    });
  });
}

/** In the page: how wide it is seen, and how wide it is. */
function sizes(): [number, number] {
  // biome-ignore lint/suspicious/noExplicitAny: globals of the page
  const { document } = globalThis as any;
  return [document.documentElement.clientWidth, document.documentElement.scrollWidth];
}

/** In the page: texts with a contrast below 4.5 to 1 (WCAG 2, 1.4.3), and the background. */
function contrasts(): { background: string; low: string[] } {
  // biome-ignore lint/suspicious/noExplicitAny: globals of the page
  const { document, getComputedStyle } = globalThis as any;
  const numbers = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (color: string) => {
    const [red = 0, green = 0, blue = 0] = numbers(color).map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  // biome-ignore lint/suspicious/noExplicitAny: an element
  const behind = (element: any): string => {
    const { backgroundColor } = getComputedStyle(element);
    const isClear = numbers(backgroundColor)[3] === 0;
    return isClear && element.parentElement ? behind(element.parentElement) : backgroundColor;
  };
  // biome-ignore lint/suspicious/noExplicitAny: elements with a text of their own
  const texts = [...document.querySelectorAll("body *")].filter((element: any) =>
    // biome-ignore lint/suspicious/noExplicitAny: a node
    [...element.childNodes].some((node: any) => node.nodeType === 3 && node.textContent.trim() !== ""),
  );
  const low = texts.flatMap((element) => {
    const [one, other] = [luminance(getComputedStyle(element).color), luminance(behind(element))];
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    return contrast < 4.5
      ? [`${element.tagName} ${element.textContent.slice(0, 40)}: ${contrast.toFixed(1)}`]
      : [];
  });
  return { background: getComputedStyle(document.body).backgroundColor, low };
}
