// node --test assets/browser.test.mjs : lilong.js and figures.js in Chromium, under the CSP that the product sends.
import { test, before, after } from "node:test";
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
const files = {
    "/style.css": ["text/css", () => readdirSync(here("css")).sort().map((f) => readFileSync(here("css/" + f), "utf8")).join("\n")],
    "/lilong.js": ["text/javascript", () => readFileSync(here("js/lilong.js"))],
    "/figures.js": ["text/javascript", () => readFileSync(here("js/figures.js"))],
    "/echarts.js": ["text/javascript", () => readFileSync(here("../node_modules/echarts/dist/echarts.common.min.js"))],
};
const page = (body, scripts = "", attributes = "") => `<!doctype html><html lang="en"><meta charset="utf-8"><title>t</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css"><script src="/lilong.js" defer></script>${scripts}<body ${attributes}><main>${body}</main>
<div id="words" hidden data-wrong="W" data-draft="draft back" data-draft-drop="drop" data-photos-max="max {n}" data-photo-drop="drop photo {n}" data-busy="busy" data-offline="offline" data-retry="again" data-copied="copied" data-close="close"></div></body></html>`;
const WRITE = `<form class="form" method="post" action="/send" enctype="multipart/form-data" data-send data-draft="w"><input type="hidden" name="key" value="k1">
  <div class="uploader" data-max="2"><label class="uploader-add">add<input id="add" type="file" name="photos" accept="image/*" multiple></label></div>
  <div class="field"><label for="title">Title</label><input id="title" name="title"></div>
  <div class="field"><label for="idno">Id</label><input id="idno" name="idno" data-no-draft></div>
  <div class="upload-state" hidden><progress max="100" value="0" aria-label="p"></progress></div>
  <button type="submit" name="go" value="1">send</button></form>`;
const pages = {
    "/write": page(WRITE),
    "/sent": page("<h1>sent</h1>"),
    "/plain": page(`<form method="post" action="/plain-send"><button type="submit">send</button></form>
        <form method="post" action="/plain-send" data-confirm="sure?"><button id="ask" type="submit">delete</button></form>
        <details class="sheet"><summary>open</summary><div class="sheet-body"><button type="button" data-close id="shut">x</button></div></details>
        <time id="left" data-clock="${Date.now() + 90 * 60000 + 50000}" data-left="{h}h{m}m left" data-left-m="{m}m left">server's words</time>
        <time id="over" data-clock="${Date.now() - 5 * 60000 - 1000}" data-left="x" data-over="y" data-over-m="{m} over">server's words</time>
        <time id="days" data-clock="${Date.now() + 5 * 864e5}" data-left="no">2 work days</time>
        <div class="stars"><input type="radio" name="r" id="r0" value="" checked><label for="r0" class="sr">none</label>${[1, 2, 3].map((n) => `<input type="radio" name="r" id="r${n}" value="${n}"><label for="r${n}"><svg class="icon" id="s${n}" viewBox="0 0 24 24"><path d="M0 0h24v24H0z"/></svg></label>`).join("")}</div>`),
    "/desk": page(`<ol class="desk-list">${[1, 2, 3].map((n) => `<li class="desk-row"><a class="desk-title" href="#${n}">row ${n}</a><button type="button" data-key="h" id="h${n}">h</button></li>`).join("")}</ol>
        <input id="q" data-key="/"><textarea id="answer" data-key="r"></textarea><button type="button" data-key="?" data-open="#keys">?</button><dialog id="keys">keys</dialog>`, "", 'class="desk" data-keys="on"'),
    "/figures": page(`<div class="chart-box"><div class="chart" id="chart" data-chart="line" data-table="#t" hidden></div></div><table id="t"><thead><tr><th>week</th><th data-series="in">in</th><th data-series="rate" data-unit="%" data-axis="right">rate</th></tr></thead>
        <tbody><tr><td>1</td><td>1,200</td><td>90 %</td></tr><tr><td>2</td><td data-value="3">three</td><td>–</td></tr></tbody></table>`, '<script src="/echarts.js" defer></script><script src="/figures.js" defer></script>'),
};

let server, base, browser, posts, answer;
before(async () => {
    server = createServer((req, res) => {
        const path = req.url.split("?")[0];
        res.setHeader("Content-Security-Policy", CSP);
        if (req.method === "POST") {
            const parts = [];
            req.on("data", (d) => parts.push(d)).on("end", () => {
                posts.push({ path, accept: req.headers.accept, body: Buffer.concat(parts) });
                if (path === "/plain-send") { setTimeout(() => { res.writeHead(303, { Location: "/sent" }).end(); }, 300); return; }
                const [status, json] = answer();
                res.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(json));
            });
            return;
        }
        if (files[path]) { res.writeHead(200, { "Content-Type": files[path][0] }).end(files[path][1]()); return; }
        res.writeHead(pages[path] ? 200 : 404, { "Content-Type": "text/html; charset=utf-8" }).end(pages[path] || "");
    });
    await new Promise((r) => server.listen(0, "127.0.0.1", r));
    base = `http://127.0.0.1:${server.address().port}`;
    browser = await chromium.launch({
        executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
        args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });
});
after(async () => { await browser?.close(); server?.closeAllConnections?.(); server?.close(); });

async function open(path, run, options = {}) {
    posts = [];
    const context = await browser.newContext({ viewport: { width: 375, height: 800 }, ...options });
    const p = await context.newPage(), wrong = [];
    p.on("console", (m) => { if (m.type() === "error" && /Content Security Policy|violates/.test(m.text())) { wrong.push(m.text()); } });
    p.on("pageerror", (e) => wrong.push(e.message));
    await p.goto(base + path);
    await run(p);
    assert.deepEqual(wrong, []);
    await context.close();
}
async function bigPng(p, w, h) { /* drawn by the browser itself */
    const url = await p.evaluate(([w, h]) => {
        const c = document.createElement("canvas"); c.width = w; c.height = h;
        const x = c.getContext("2d");
        for (let i = 0; i < 400; i++) { x.fillStyle = `hsl(${i * 7},60%,50%)`; x.fillRect((i * 97) % w, (i * 53) % h, 160, 120); }
        return c.toDataURL("image/png");
    }, [w, h]);
    return Buffer.from(url.split(",")[1], "base64");
}
function jpegSize(buffer) { /* the frame header's height and width */
    for (let i = 2; i < buffer.length;) {
        const marker = buffer[i + 1], length = buffer.readUInt16BE(i + 2);
        if (marker >= 0xc0 && marker <= 0xc2) { return [buffer.readUInt16BE(i + 7), buffer.readUInt16BE(i + 5)]; }
        i += 2 + length;
    }
    return null;
}

test("photos are shrunk to 1600 px JPEG, limited, and sent once", () => open("/write", async (p) => {
    const png = await bigPng(p, 3000, 1500), file = (n) => ({ name: n + ".png", mimeType: "image/png", buffer: png });
    answer = () => [201, { location: "/sent" }];
    await p.setInputFiles("#add", [file("a"), file("b"), file("c")]);
    assert.equal(await p.locator(".uploader-item canvas").count() <= 2, true);
    await p.waitForFunction(() => document.querySelectorAll(".uploader-item canvas").length === 2);
    assert.equal(await p.locator(".uploader-add").isVisible(), false);
    assert.match(await p.locator(".toast").textContent(), /max 2/);
    await p.locator(".uploader-item button").first().click();
    assert.equal(await p.locator(".uploader-add").isVisible(), true);
    await p.fill("#title", "hello");
    await p.getByText("send").dblclick();
    await p.waitForURL("**/sent");
    assert.equal(posts.length, 1);
    assert.equal(posts[0].accept, "application/json");
    const text = posts[0].body.toString("latin1"), at = text.indexOf("\xff\xd8\xff");
    assert.match(text, /name="photos"; filename="b\.jpg"\r\nContent-Type: image\/jpeg/);
    assert.equal(text.includes('filename="a.jpg"'), false);
    assert.match(text, /name="key"\r\n\r\nk1/);
    assert.match(text, /name="go"\r\n\r\n1/);
    assert.deepEqual(jpegSize(posts[0].body.subarray(at)), [1600, 800]);
}));

test("a draft comes back, without what must not be kept, and goes when sent", () => open("/write", async (p) => {
    await p.fill("#title", "half a sentence");
    await p.fill("#idno", "11010519491231002X");
    await p.goto(base + "/sent");
    await p.goto(base + "/write");
    assert.equal(await p.inputValue("#title"), "half a sentence");
    assert.equal(await p.inputValue("#idno"), "");
    assert.match(await p.locator(".toast").textContent(), /draft back/);
    assert.equal((await p.evaluate(() => JSON.stringify(localStorage))).includes("1231002X"), false);
    answer = () => [201, { location: "/sent" }];
    await p.getByText("send").click();
    await p.waitForURL("**/sent");
    await p.goto(base + "/write");
    assert.equal(await p.inputValue("#title"), "");
}));

test("what was wrong is shown at its field, and nothing typed is lost", () => open("/write", async (p) => {
    answer = () => [422, { title: "Two things", errors: [{ field: "title", detail: "Say what it is" }] }];
    await p.fill("#idno", "keep me");
    await p.getByText("send").click();
    await p.waitForSelector(".errors a");
    assert.equal(await p.getAttribute(".errors a", "href"), "#title");
    assert.equal(await p.getAttribute("#title", "aria-invalid"), "true");
    assert.equal(await p.locator("#title-error").textContent(), "Say what it is");
    assert.equal(await p.inputValue("#idno"), "keep me");
    answer = () => [201, { location: "/sent" }];
    await p.getByText("send").click();
    await p.waitForURL("**/sent");
}));

test("a dropped network or a busy server offers to try again, with the same key", () => open("/write", async (p) => {
    let n = 0;
    answer = () => (++n === 1 ? [503, { detail: "later" }] : [201, { location: "/sent" }]);
    await p.fill("#title", "x");
    await p.context().setOffline(true);
    await p.getByText("send").click();
    await p.getByText("offline").waitFor();
    await p.context().setOffline(false); /* it tries again by itself */
    await p.getByText("later").waitFor();
    await p.getByText("again").click();
    await p.waitForURL("**/sent");
    assert.equal(posts.length, 2);
    for (const post of posts) { assert.match(post.body.toString("latin1"), /name="key"\r\n\r\nk1/); }
}));

test("plain forms are sent once; destructive ones ask; sheets and clocks", () => open("/plain", async (p) => {
    assert.equal(await p.textContent("#left"), "1h30m left");
    assert.equal(await p.textContent("#over"), "5 over");
    assert.equal(await p.textContent("#days"), "2 work days");
    await p.click("summary");
    assert.equal(await p.locator("#shut").isVisible(), true);
    await p.keyboard.press("Escape");
    assert.equal(await p.locator("#shut").isVisible(), false);
    await p.click("summary");
    await p.mouse.click(100, 300); /* outside */
    assert.equal(await p.locator("#shut").isVisible(), false);
    const filled = () => p.$$eval(".stars .icon", (l) => l.map((e) => (getComputedStyle(e).fill === "none" ? 0 : 1)).join(""));
    assert.equal(await filled(), "000");
    await p.click("label[for=r2]");
    assert.equal(await filled(), "110");
    p.once("dialog", (d) => d.dismiss());
    await p.click("#ask");
    assert.equal(posts.length, 0);
    await p.locator("form button").first().dblclick();
    await p.waitForURL("**/sent");
    assert.equal(posts.length, 1);
}));

test("without script: the sheet opens, stars fill, the server's words stay", () => open("/plain", async (p) => {
    assert.equal(await p.textContent("#left"), "server's words");
    await p.click("summary");
    assert.equal(await p.locator("#shut").isVisible(), true);
}, { javaScriptEnabled: false }));

test("the desk's keys", () => open("/desk", async (p) => {
    const chosen = () => p.$$eval(".desk-row", (l) => l.findIndex((e) => e.classList.contains("is-chosen")));
    await p.keyboard.press("j"); await p.keyboard.press("j"); await p.keyboard.press("j"); await p.keyboard.press("k");
    assert.equal(await chosen(), 1);
    await p.keyboard.press("h");
    assert.equal(await p.evaluate(() => document.activeElement.id), "h2");
    await p.keyboard.press("r");
    assert.equal(await p.evaluate(() => document.activeElement.id), "answer");
    await p.keyboard.type("jk?");
    assert.equal(await p.inputValue("#answer"), "jk?");
    await p.keyboard.press("Escape");
    await p.keyboard.press("/");
    assert.equal(await p.evaluate(() => document.activeElement.id), "q");
    await p.keyboard.press("Escape");
    await p.keyboard.press("?");
    assert.equal(await p.locator("#keys").isVisible(), true);
    await p.keyboard.press("Escape");
    await p.evaluate(() => document.body.setAttribute("data-keys", "off"));
    await p.keyboard.press("j");
    assert.equal(await chosen(), 1);
}));

test("a chart is drawn from its table under the CSP, with its tooltip", () => open("/figures", async (p) => {
    await p.waitForSelector("#chart canvas");
    const o = await p.evaluate(() => { const x = window.echarts.getInstanceByDom(document.getElementById("chart")).getOption(); return [x.xAxis[0].data, x.series.map((s) => s.data), x.yAxis[1].max]; });
    assert.deepEqual(o, [["1", "2"], [[1200, 3], [90, null]], 100]);
    const box = await p.locator("#chart").boundingBox();
    await p.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await p.waitForTimeout(200);
    const ink = await p.evaluate(() => { const c = document.querySelector("#chart canvas"), d = c.getContext("2d").getImageData(0, 0, c.width, c.height).data; let n = 0; for (let i = 3; i < d.length; i += 4) { n += d[i] > 0; } return n; });
    assert.ok(ink > 2000, "nothing was drawn");
    assert.equal(await p.locator("#t").isVisible(), true);
}));
