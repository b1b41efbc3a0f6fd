/* kit.mjs: Debian's Chromium, and what is looked at on every page: errors of the console, the content security policy, axe-core, width. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { ROOT, mkdir } from "../support/world.mjs";

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
/* What depends on colours alone: all that dark mode can change. And what depends on the width of the screen. */
export const COLOURS = ["color-contrast", "link-in-text-block"];
export const LAYOUT = ["color-contrast", "target-size", "scrollable-region-focusable"];
/* Texts of the catalogue that are whole sentences or words of a page by themselves. */
export function catalogue(language) {
    const dir = join(ROOT, "i18n", language), words = new Set();
    for (const file of readdirSync(dir)) {
        for (const m of readFileSync(join(dir, file), "utf8").matchAll(/^[a-z][\w.-]* = (.*)$/gm)) { if (!/[{|]/.test(m[1])) { words.add(m[1].trim()); } }
    }
    return words;
}
/* What would stand on a page only if it spoke the other language. */
export const outward = (other, own) => [...catalogue(other)].filter((w) => !own.has(w) && (/[\u4e00-\u9fff]/.test(w) ? w.length > 1 : w.length > 3 && /[a-z]{3}/.test(w)));

/* Of this page as it stands: violations of WCAG 2.0-2.2 A and AA (or of `rules`), whether it is wider than the screen, its h1, title and language.
 * foreign: words that must not stand there; small: what is tapped is that high at least. */
export async function look(page, rules = null, { foreign = [], small = 0 } = {}) {
    if (await page.evaluate("typeof axe") !== "object") { await page.evaluate(AXE); }
    return page.evaluate(async ([tags, only, foreign, small]) => {
        const found = only?.length === 0 ? { violations: [] } : await window.axe.run(document, { runOnly: only ? { type: "rule", values: only } : { type: "tag", values: tags }, resultTypes: ["violations"] });
        const said = found.violations.map((v) => `${v.id} (${v.impact}): ${v.nodes.slice(0, 3).map((n) => n.target.join(" ") + " " + (n.any[0]?.message || n.all[0]?.message || n.none[0]?.message || "")).join(" | ")}`);
        const wide = [], width = document.documentElement.clientWidth;
        if (document.documentElement.scrollWidth > width) {
            for (const e of document.querySelectorAll("body *")) {
                const b = e.getBoundingClientRect();
                if (b.width && b.right > width + 1) {
                    let clipped = false;
                    for (let p = e.parentElement; p; p = p.parentElement) { const o = getComputedStyle(p).overflowX; if (o === "auto" || o === "scroll" || o === "hidden") { clipped = true; break; } }
                    if (!clipped) { wide.push(`${e.tagName.toLowerCase()}.${e.className} reaches ${Math.round(b.right)}`); }
                }
            }
            said.push(`wider than ${width}: ${wide.slice(0, 5).join(", ") || `scrollWidth ${document.documentElement.scrollWidth}`}`);
        }
        const h1 = document.querySelectorAll("h1");
        if (h1.length !== 1) { said.push(`${h1.length} h1`); }
        if (!document.title.trim()) { said.push("no title"); }
        if (!/^(zh-CN|en)$/.test(document.documentElement.lang)) { said.push("no language"); }
        /* The first view: what the page is about, and the first thing on it, are there without scrolling. */
        const main = document.querySelector("main"), bar = document.querySelector(".demo-bar")?.getBoundingClientRect().height || 0; /* of the demo world alone: no part of the product */
        const top = (e) => (e ? Math.round(e.getBoundingClientRect().top + scrollY - bar) : 0);
        const first = main && [...main.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, .card, .cells, table, h2, p")].find((e) => e.getBoundingClientRect().height > 0);
        if (h1[0] && !h1[0].classList.contains("sr") && top(h1[0]) > innerHeight - 100) { said.push(`the h1 stands at ${top(h1[0])} of ${innerHeight}`); }
        if (top(first) > innerHeight - 40) { said.push(`the first thing of the page stands at ${top(first)} of ${innerHeight}`); }
        /* Where one is: in one place at most of each row of links. */
        for (const nav of document.querySelectorAll("nav")) { const here = nav.querySelectorAll('[aria-current="page"]').length; if (here > 1) { said.push(`${here} places at once in nav.${nav.className}`); } }
        /* Words that the catalogue has not filled in. */
        const raw = /\{[a-z_]+\}|\b(undefined|NaN|null)\b/.exec(document.body.innerText);
        if (raw) { said.push(`raw text: ${raw[0]}`); }
        /* Words of the other language: what people wrote is theirs, but no text of the product's own. */
        const other = new Set(foreign), met = new Set();
        if (other.size) {
            const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            for (let n = walk.nextNode(); n; n = walk.nextNode()) { if (!n.parentElement.closest(".demo-bar, script, textarea, .text, .entry, .cell, .desk-row, [lang]") && other.has(n.data.trim())) { met.add(n.data.trim()); } }
            for (const e of document.querySelectorAll("[aria-label], [title], [alt], [placeholder], [data-confirm]")) { for (const a of ["aria-label", "title", "alt", "placeholder", "data-confirm"]) { if (other.has((e.getAttribute(a) || "").trim())) { met.add(e.getAttribute(a)); } } }
            for (const v of Object.values(document.getElementById("words")?.dataset || {})) { if (other.has(v)) { met.add(v); } }
        }
        if (met.size) { said.push(`of the other language: ${[...met].slice(0, 6).join(" · ")}`); }
        if (small) {
            const low = new Map();
            for (let e of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
                if (e.closest(".sr, .demo-bar, [hidden], .skip, dialog:not([open]), details:not([open]) > :not(summary)")) { continue; }
                const what = e;
                if (/^(checkbox|radio|file)$/.test(e.type)) { e = e.closest("label") || (e.type !== "file" && document.querySelector(`label[for="${e.id}"]`)) || e; }
                const style = getComputedStyle(e);
                let b = e.getBoundingClientRect();
                if (b.width < 2 || b.height < 2 || style.visibility === "hidden") { continue; }
                if (e.tagName === "A" && style.display === "inline" && getComputedStyle(e, "::after").position !== "absolute") { continue; } /* a word in a sentence */
                if (getComputedStyle(e, "::after").position === "absolute" && style.position === "static" && e.offsetParent) { b = e.offsetParent.getBoundingClientRect(); }
                const around = getComputedStyle(e, "::after"); /* a target that is larger than what is drawn */
                if (around.position === "absolute" && style.position === "relative" && around.content !== "none") { b = { width: b.width, height: b.height - Math.min(0, parseFloat(around.top) || 0) - Math.min(0, parseFloat(around.bottom) || 0) }; }
                if (b.height < small - 0.5 || b.width < small - 0.5) { low.set(what.className + what.tagName, `${Math.round(b.width)}×${Math.round(b.height)}: ${what.tagName.toLowerCase()}.${what.className} «${what.textContent.trim().slice(0, 20)}»`); }
            }
            said.push(...[...low.values()].slice(0, 5));
        }
        /* Words that are cut off. */
        for (const e of document.querySelectorAll("h1, h2, h3, label, legend, th, td, .btn, .chip, .state, .badge, .tabbar span, .board, .side-item span, .cell-side, .field-error, .hint")) {
            const style = getComputedStyle(e);
            if (e.closest(".sr, [hidden], details:not([open]) > :not(summary)") || !e.clientWidth || style.overflowX === "visible") { continue; }
            if (e.scrollWidth > e.clientWidth + 1) { said.push(`cut off: ${e.tagName.toLowerCase()}.${e.className} «${e.textContent.trim().slice(0, 40)}»`); break; }
        }
        return said;
    }, [TAGS, rules, foreign, small]);
}

/* Sends a form as it stands, past what the browser checks and what our script does, with something wrong in it. It has to come again with 422; every
 * field of `fields` is marked, its mistake stands beside it in the reader's language and can be seen, and what was typed is still there. */
export async function bad(d, form, set, fields, { zh = true, button = null } = {}) {
    const said = [], f = d.page.locator(form).first();
    if (!await f.count()) { return [`there is no ${form}`]; }
    const action = await f.getAttribute("action");
    const kept = await f.evaluate((e, [values, pressed]) => {
        const typed = {};
        for (const [name, value] of Object.entries(values)) {
            const all = [...e.elements].filter((x) => x.name === name && x.type !== "hidden");
            if (!all.length) { throw new Error(`${e.action} has no field ${name}`); }
            for (const x of all) {
                if (/^(radio|checkbox)$/.test(x.type)) { x.checked = x.value === value; } else if (x.tagName === "SELECT" && ![...x.options].some((o) => o.value === value)) { x.append(new Option(value, value)); x.value = value; } else { x.value = value; typed[name] = x.value; }
            }
        }
        for (const x of e.elements) { if (x.name && !x.name.startsWith("_") && /^(text|date|datetime-local|textarea|search)$/.test(x.type)) { typed[x.name] = x.value; } if (x.type === "tel" || x.name === "who") { delete typed[x.name]; } } /* a telephone number is not sent back */
        if (pressed) { const [name, value] = pressed.split("="); const h = document.createElement("input"); h.type = "hidden"; h.name = name; h.value = value; e.append(h); }
        return typed;
    }, [set, button]);
    const answer = d.page.waitForResponse((r) => r.request().method() === "POST" && r.request().isNavigationRequest());
    await turn(d, () => f.evaluate((e) => HTMLFormElement.prototype.submit.call(e)));
    const status = (await answer).status();
    if (status !== 422) { return [`answered ${status} instead of 422, at ${d.page.url()}`]; }
    if (!await d.page.locator("#errors").count()) { said.push("no summary of what is wrong"); }
    said.push(...await d.page.evaluate(([action, fields, kept, zh]) => {
        const out = [], chinese = /[\u4e00-\u9fff]/;
        const f = [...document.querySelectorAll("form")].filter((x) => x.getAttribute("action") === action).find((x) => fields.every((n) => x.elements[n]) && x.querySelector("[aria-invalid], .field-error")) || [...document.querySelectorAll("form")].find((x) => x.getAttribute("action") === action && fields.every((n) => x.elements[n]));
        if (!f) { return [`the form ${action} did not come again`]; }
        for (const name of fields) {
            const found = f.elements[name], e = found instanceof RadioNodeList ? found[0] : found;
            const box = e.closest(".field, fieldset") || e.parentElement, words = box.querySelector(".field-error") || f.querySelector(`[id="${name}-error"]`);
            if (!words) { out.push(`${name}: no words at the field; the summary says «${document.getElementById("errors")?.innerText.replace(/\s+/g, " ")}»`); continue; }
            if (!words.getClientRects().length) { out.push(`${name}: its words cannot be seen`); }
            if (chinese.test(words.textContent.replace(/[“「«][^”」»]*[”」»]/g, "")) !== zh) { out.push(`${name}: «${words.textContent}»`); }
            if (!/^(radio|checkbox)$/.test(e.type) && e.tagName !== "FIELDSET" && e.getAttribute("aria-invalid") !== "true") { out.push(`${name} is not marked`); }
            const link = document.querySelector(`#errors a[href^="#${name}"]`);
            if (!link || !document.getElementById(link.getAttribute("href").slice(1))) { out.push(`${name}: the summary's link leads nowhere`); }
        }
        const marked = [...document.querySelectorAll(".field-error")].filter((e) => e.closest("form") !== f);
        if (marked.length) { out.push(`another form is marked: ${marked[0].id}`); }
        for (const [name, value] of Object.entries(kept)) {
            const x = f.elements[name];
            if (x && !(x instanceof RadioNodeList) && x.value.replace(/\r\n/g, "\n").trim() !== value.trim()) { out.push(`${name}: typed «${value.slice(0, 20)}», came back «${x.value.slice(0, 20)}»`); }
        }
        return out;
    }, [action, fields, kept, zh]));
    return said;
}

/* Care mode: text of 18 px at least; what is tapped is 60 px high and wide, unless it is a word in a sentence. The demo world's bar is no part of the product. */
export function care(page) {
    return page.evaluate(() => {
        const small = new Map(), low = new Map();
        const seen = (e) => { const b = e.getBoundingClientRect(), s = getComputedStyle(e); return b.width > 1 && b.height > 1 && s.visibility !== "hidden" && b.right > 0 && b.bottom + scrollY > 0; };
        const name = (e) => `${e.tagName.toLowerCase()}${e.className && typeof e.className === "string" ? "." + e.className.trim().replace(/\s+/g, ".") : ""} in ${e.parentElement.tagName.toLowerCase()}.${e.parentElement.className}`;
        const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        for (let n = walk.nextNode(); n; n = walk.nextNode()) {
            const e = n.parentElement;
            if (!n.data.trim() || e.closest(".sr, .demo-bar, [hidden], svg, script, option, dialog:not([open])") || !seen(e)) { continue; }
            const size = parseFloat(getComputedStyle(e).fontSize);
            if (size > 0 && size < 17.99) { small.set(name(e), `${Math.round(size * 10) / 10} px: ${name(e)} «${n.data.trim().slice(0, 20)}»`); }
        }
        for (let e of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
            if (e.closest(".sr, .demo-bar, [hidden], .skip, dialog:not([open])")) { continue; }
            const what = e;
            if (/^(checkbox|radio|file)$/.test(e.type)) { e = e.closest("label") || (e.type !== "file" && document.querySelector(`label[for="${e.id}"]`)) || e; }
            if (!seen(e)) { continue; }
            const style = getComputedStyle(e);
            if (e.tagName === "A" && style.display === "inline" && e.parentElement.textContent.trim() !== e.textContent.trim() && getComputedStyle(e, "::after").position !== "absolute") { continue; }
            let b = e.getBoundingClientRect();
            if (getComputedStyle(e, "::after").position === "absolute" && style.position === "static" && e.offsetParent) { b = e.offsetParent.getBoundingClientRect(); }
            if (b.height < 59.5 || b.width < 59.5) { low.set(name(what), `${Math.round(b.width)}×${Math.round(b.height)}: ${name(what)} «${e.textContent.trim().slice(0, 16)}»`); }
        }
        return [...[...small.values()].slice(0, 6), ...[...low.values()].slice(0, 8)];
    });
}
