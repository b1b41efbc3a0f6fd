/* kit.mjs: Debian's Chromium, and what is looked at on every page: errors of the console, the content security policy, axe-core, width. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { mkdir } from "../support/world.mjs";

const require = createRequire(import.meta.url);
const { chromium } = require("playwright-core");
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const SHOTS = process.env.LILONG_SHOTS ? mkdir(process.env.LILONG_SHOTS) : null;

export const PHONE = { viewport: { width: 375, height: 812 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true, locale: "zh-CN", timezoneId: "Asia/Shanghai" };
export const PC = { viewport: { width: 1366, height: 768 }, locale: "zh-CN", timezoneId: "Asia/Shanghai" };

export function launch() {
    return chromium.launch({
        executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
        args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"],
    });
}

/* A device of somebody's. `wrong` collects what must not happen on it. */
export async function device(browser, base, name, options = PHONE) {
    const context = await browser.newContext({ baseURL: base, ...options });
    const page = await context.newPage(), wrong = [];
    page.setDefaultTimeout(20000);
    page.setDefaultNavigationTimeout(20000);
    const expected = new Set(); /* statuses that a step provokes on purpose */
    page.on("console", (m) => {
        if (m.type() === "error" && !(/the server responded with a status of (\d+)/.exec(m.text()) && expected.has(/status of (\d+)/.exec(m.text())[1]))) {
            wrong.push(`${name}, ${page.url()}: ${m.text()} ${m.location()?.url || ""}`);
        }
    });
    page.on("pageerror", (e) => wrong.push(`${name}, ${page.url()}: ${e.message}`));
    page.on("response", (r) => { if (r.status() >= 500) { wrong.push(`${name}: ${r.request().method()} ${r.url()} answered ${r.status()}`); } });
    page.on("request", (r) => { if (!r.url().startsWith(base) && !/^(data|blob|about):/.test(r.url())) { wrong.push(`${name}: asks a foreign host: ${r.url()}`); } });
    return { name, context, page, wrong, expected, base, js: options.javaScriptEnabled !== false, close: () => context.close() };
}

/* Does what leads to another page, and waits for it. */
export async function turn(d, act) {
    const arrived = d.page.waitForEvent("domcontentloaded");
    arrived.catch(() => 0);
    await act();
    await arrived;
    await d.page.waitForLoadState("load");
}
export const press = (d, selector) => turn(d, () => d.page.locator(selector).first().click());
export async function go(d, path) {
    const a = await d.page.goto(path, { waitUntil: "load" });
    assert.ok(a.status() < 400, `${d.name}: ${path} answered ${a.status()}`);
    return a;
}

let number = 0;
export async function shot(d, name, { full = true } = {}) {
    if (!SHOTS) { return; }
    number++;
    await d.page.screenshot({ path: join(SHOTS, `${String(number).padStart(2, "0")}-${name}.png`), fullPage: full });
}

export async function as(d, person, next) {
    await go(d, "/demo" + (next ? `?next=${encodeURIComponent(next)}` : ""));
    await press(d, `form[action="/demo"]:has(input[name="person"][value="${person}"]) button`);
}

/* ---- accessibility ---------------------------------------------------------------------------------------------- */

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];
/* Of this page as it stands: violations of WCAG 2.0-2.2 A and AA, and whether it is wider than the screen. */
export async function look(page) {
    if (!(await page.evaluate("typeof axe"))?.startsWith?.("object")) { await page.evaluate(AXE); }
    const r = await page.evaluate(async (tags) => {
        const found = await window.axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] });
        const wide = [];
        const width = document.documentElement.clientWidth;
        if (document.documentElement.scrollWidth > width) {
            for (const e of document.querySelectorAll("body *")) {
                const b = e.getBoundingClientRect();
                if (b.width && b.right > width + 1) {
                    let clipped = false;
                    for (let p = e.parentElement; p; p = p.parentElement) { const o = getComputedStyle(p).overflowX; if (o === "auto" || o === "scroll" || o === "hidden") { clipped = true; break; } }
                    if (!clipped) { wide.push(`${e.tagName.toLowerCase()}.${e.className} reaches ${Math.round(b.right)}`); }
                }
            }
            if (!wide.length) { wide.push(`scrollWidth ${document.documentElement.scrollWidth}`); }
        }
        return { violations: found.violations.map((v) => `${v.id} (${v.impact}): ${v.nodes.slice(0, 3).map((n) => n.target.join(" ") + " " + (n.any[0]?.message || n.all[0]?.message || n.none[0]?.message || "")).join(" | ")}`), wide: wide.slice(0, 5), h1: document.querySelectorAll("h1").length, lang: document.documentElement.lang, title: document.title };
    }, TAGS);
    const said = r.violations;
    if (r.wide.length) { said.push(`wider than the screen: ${r.wide.join(", ")}`); }
    if (r.h1 !== 1) { said.push(`${r.h1} h1`); }
    if (!r.title.trim()) { said.push("no title"); }
    return said;
}
