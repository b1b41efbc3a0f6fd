// node --test assets/assets.test.mjs: the promises of the design system that can be counted: contrast, weight, icons, no foreign host.
import { test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const read = (path) => readFileSync(here(path), "utf8");
const css = readdirSync(here("css")).sort().map((f) => read("css/" + f)).join("\n");

function tokens(block) {
    return Object.fromEntries([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{3,6});/g)].map((m) => [m[1], m[2]]));
}
function luminance(hex) {
    const h = hex.length === 4 ? [...hex.slice(1)].map((c) => c + c).join("") : hex.slice(1);
    const [r, g, b] = [0, 2, 4].map((i) => parseInt(h.slice(i, i + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a, b) {
    const [x, y] = [luminance(a), luminance(b)].sort((m, n) => n - m);
    return (x + 0.05) / (y + 0.05);
}

const file = read("css/00-tokens.css");
const light = tokens(file.slice(0, file.indexOf(':root[data-theme="dark"]')));
const darkBlock = file.slice(file.indexOf(':root[data-theme="dark"]'), file.indexOf("@media (prefers-color-scheme"));
const autoBlock = file.slice(file.indexOf("@media (prefers-color-scheme"), file.indexOf('/* Care mode'));
const dark = tokens(darkBlock);

const PAIRS = [
    // text on ground, least contrast
    ["ink", "paper", 7], ["ink", "card", 7], ["ink", "fill", 7], ["soft", "card", 4.5], ["soft", "paper", 4.5], ["soft", "fill", 4.5], ["soft", "green-tint", 4.5],
    ["green", "card", 4.5], ["green", "paper", 4.5], ["green", "green-tint", 4.5], ["on-green", "green", 4.5], ["on-green", "green-press", 4.5],
    ["red-ink", "card", 4.5], ["red-ink", "red-tint", 4.5], ["on-red", "red", 4.5],
    ["amber", "card", 4.5], ["amber", "paper", 4.5], ["amber", "amber-tint", 4.5], ["blue", "card", 4.5], ["blue", "blue-tint", 4.5], ["blue", "paper", 4.5],
    // controls' borders and marks
    ["edge", "card", 3], ["edge", "paper", 3], ["green", "fill", 3], ["red", "fill", 3],
    // care mode aims at 7:1
    ["soft-strong", "card", 7], ["soft-strong", "paper", 7], ["green-strong", "card", 7], ["green-strong", "paper", 7],
];

for (const [name, set] of [["light", light], ["dark", dark]]) {
    test(`contrast, ${name}`, () => {
        for (const [text, ground, least] of PAIRS) {
            const got = contrast(set[text], set[ground]);
            assert.ok(got >= least, `${text} on ${ground}: ${got.toFixed(2)} < ${least}`);
        }
        assert.ok(contrast(set["on-green"], set["green-strong"]) >= 4.5);
    });
}

test("both ways into the dark are the same", () => assert.deepEqual(tokens(autoBlock), dark));

test("colours live in the tokens only", () => {
    const rest = css.slice(css.indexOf("/* The ground"), css.indexOf("/* Paper:")).replace(/url\("[^"]*"\)/g, "");
    const found = [...rest.matchAll(/#[0-9a-f]{3,8}\b(?![^{]*\{)/gi)].map((m) => m[0]).filter((c) => !["#fff", "#000"].includes(c));
    assert.deepEqual(found, []);
});

test("weights: style, script and icons", () => {
    const size = (s) => gzipSync(s, { level: 9 }).length;
    assert.ok(size(css) <= 16 * 1024, `style.css ${size(css)}`);
    assert.ok(size(read("js/lilong.js")) <= 6.5 * 1024, `lilong.js ${size(read("js/lilong.js"))}`);
    const icons = readdirSync(here("icons")).map((f) => read("icons/" + f)).join("");
    assert.ok(size(icons) <= 8 * 1024, `icons ${size(icons)}`);
});

test("icons are one set", () => {
    for (const f of readdirSync(here("icons"))) {
        const svg = read("icons/" + f);
        assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">/, f);
        assert.doesNotMatch(svg, /style=|#[0-9a-f]{3}|<script|href/i, f);
    }
});

test("every icon that the guide and the style name exists", () => {
    const have = new Set(readdirSync(here("icons")).map((f) => f.replace(".svg", "")));
    for (const m of read("../docs/design-system.md").matchAll(/\{\{icon ([\w-]+)\}\}/g)) { assert.ok(have.has(m[1]), m[1]); }
});

test("nobody else's host, no inline style, no eval", () => {
    for (const f of ["js/lilong.js", "js/figures.js"]) {
        assert.doesNotMatch(read(f), /https?:|\.style\b|setAttribute\("style"|\beval\(|new Function|innerHTML/, f);
    }
    assert.doesNotMatch(css.replace(/http:\/\/www\.w3\.org\/2000\/svg/g, ""), /https?:|@import|@font-face/);
    assert.doesNotMatch(read("../package-lock.json"), /"resolved"|\.tgz/); /* where packages come from is the machine's business; whom they thank is theirs */
});
