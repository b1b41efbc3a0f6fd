/* world.mjs: a demo world of the test's own, a server on it, and browsers without a screen that talk to it.
 *
 * `lilong demo` runs once for a binary; each test gets a copy of that folder. With LILONG_TEST_ENGINE=postgres the worlds are databases of
 * the server of LILONG_TEST_POSTGRES_URL: the folder's lilong.ini says which. Node.js 18 has to do. */
import { spawn, spawnSync, execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync, openSync, closeSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
export const BINARY = process.env.LILONG_BINARY || join(ROOT, "build/lilong");
export const COMMUNITY = "310113007011";      /* the story's */
export const SAME_STREET = "310113007020";    /* other committees, with cadres and residents of their own */
export const OTHER_STREET = "310113003005";

const made = [];
function remove() {
    for (const dir of made.splice(0)) { rmSync(dir, { recursive: true, force: true }); }
}
process.on("exit", remove);
process.setMaxListeners(0);

/* ---- worlds on PostgreSQL ------------------------------------------------------------------------------------- */

export const onPostgres = () => process.env.LILONG_TEST_ENGINE === "postgres";
/* The same server, another database. */
export function databaseUrl(name, server = process.env.LILONG_TEST_POSTGRES_URL) {
    const m = /^([a-z]+:\/\/[^/]*)\/[^?]*(\?.*)?$/.exec(server);
    return `${m[1]}/${name}${m[2] || ""}`;
}
export function psql(url, statement) {
    const r = spawnSync("psql", ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", statement], { encoding: "utf8", maxBuffer: 256 << 20, env: { ...process.env, PGCONNECT_TIMEOUT: "5" } });
    if (r.status !== 0) { throw new Error(`psql: ${statement.slice(0, 300)}\n${r.stderr}`); }
    return r.stdout.trim();
}
const databases = [];
process.on("exit", () => {
    for (const name of databases.splice(0)) {
        try { psql(process.env.LILONG_TEST_POSTGRES_URL, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`); } catch (e) { /* the server is gone with it */ }
    }
});
function createDatabase(name, template) {
    psql(process.env.LILONG_TEST_POSTGRES_URL, `CREATE DATABASE ${name} TEMPLATE ${template}`);
    databases.push(name);
    return databaseUrl(name);
}
export const setUrl = (data, url) => writeFileSync(join(data, "lilong.ini"), `[database]\nurl = ${url}\n`, { mode: 0o600 });
export function urlOf(data) {
    const file = join(data, "lilong.ini");
    return existsSync(file) ? /^url = (.*)$/m.exec(readFileSync(file, "utf8"))?.[1] : undefined;
}
let pristineDatabase = null;

export function temporary(name) {
    const dir = mkdtempSync(join(process.env.LILONG_TEST_TMP || tmpdir(), `lilong-${name}-`));
    made.push(dir);
    return dir;
}

export function lilong(...args) {
    const r = spawnSync(BINARY, args, { encoding: "utf8", maxBuffer: 64 << 20, timeout: 240000 });
    if (r.error) { throw r.error; }
    return r;
}

/* The demo world as `lilong demo` makes it, made anew when the binary is another one or the world is older than three hours:
 * its story ends at the moment in which it was made. */
export function pristine() {
    if (onPostgres()) { return pristinePostgres(); }
    const stat = statSync(BINARY);
    const dir = join(dirname(BINARY), `.demo-${stat.size}-${Math.round(stat.mtimeMs)}`);
    if (existsSync(dir) && Date.now() - statSync(join(dir, ".made")).mtimeMs < 3 * 3600e3) { return join(dir, "data"); }
    const making = temporary("making");
    const r = lilong("demo", "--data", join(making, "data"));
    if (r.status !== 0) { throw new Error(`lilong demo: exit ${r.status}\n${r.stdout}\n${r.stderr}`); }
    writeFileSync(join(making, ".made"), "");
    rmSync(dir, { recursive: true, force: true });
    try {
        renameSync(making, dir);
    } catch (e) {
        if (e.code === "ENOTEMPTY" || e.code === "EEXIST") { return join(dir, "data"); } /* somebody else was quicker */
        if (e.code !== "EXDEV") { throw e; }
        cpSync(making, dir, { recursive: true });
    }
    return join(dir, "data");
}

function pristinePostgres() {
    if (pristineDatabase) { return pristineDatabase.data; }
    const dir = temporary("pristine"), data = join(dir, "data"), name = `lilong_pristine_${process.pid}`;
    const url = createDatabase(name, "template0");
    mkdirSync(data, { mode: 0o700 });
    setUrl(data, url);
    const r = lilong("demo", "--data", data);
    if (r.status !== 0) { throw new Error(`lilong demo: exit ${r.status}\n${r.stdout}\n${r.stderr}`); }
    pristineDatabase = { data, name };
    return data;
}

let copies = 0;
/* A copy of the demo world, or of another folder that is not being served. */
export function copyWorld(from = pristine()) {
    const dir = temporary("world");
    execFileSync("cp", ["-a", "--reflink=auto", from, join(dir, "data")]);
    if (onPostgres()) { setUrl(join(dir, "data"), createDatabase(`lilong_world_${process.pid}_${++copies}`, /\/(lilong_\w+)/.exec(urlOf(from))[1])); }
    return join(dir, "data");
}

/* Rows of a world. Changes beside a running server are for tests that need a state which nobody reaches by pressing. */
export function sql(data, statement) {
    const url = urlOf(data);
    if (url) {
        const out = /^\s*(SELECT|WITH)\b/i.test(statement) ? psql(url, `SELECT COALESCE(json_agg(x), '[]') FROM (${statement}) x`) : psql(url, statement) && "";
        return out ? JSON.parse(out.replace(/:(-?\d{10,})([,}])/g, ':"$1"$2')) : [];
    }
    const file = ["lilong.db", "lilong.sqlite", "data.db"].map((f) => join(data, f)).find(existsSync);
    const out = execFileSync("sqlite3", ["-cmd", ".timeout 10000", "-json", file, statement], { encoding: "utf8", maxBuffer: 64 << 20 });
    /* ids are beyond what a JavaScript number holds exactly */
    return out.trim() ? JSON.parse(out.replace(/:(-?\d{10,})([,}])/g, ':"$1"$2')) : [];
}

/* Settings with which WeChat is on: nothing leaves this machine unless somebody comes back from there. */
export const WECHAT = { LILONG_WECHAT_APP_ID: "wx0123456789abcdef", LILONG_WECHAT_SECRET: "none", LILONG_LISTEN_PUBLIC_URL: "http://127.0.0.1:1", LILONG_WECHAT_API_URL: "http://127.0.0.1:1", LILONG_WECHAT_OPEN_URL: "http://127.0.0.1:1" };

/* Serves the folder on a free port. prefix: a program in front, as prlimit; binary: another build. */
export async function serve(data, { args = [], env = {}, limits = "0", prefix = [], binary = BINARY } = {}) {
    const log = join(dirname(data), "server.log");
    const fd = openSync(log, "a");
    const [program, ...rest] = [...prefix, binary, "serve", "--data", data, "--listen", "127.0.0.1:0", ...args];
    const child = spawn(program, rest, {
        stdio: ["ignore", "pipe", fd],
        env: { ...process.env, LILONG_HTTP_LIMITS_PERCENT: limits, ...env },
    });
    closeSync(fd);
    /* a test that fails half-way must not wait for its server for ever */
    child.unref();
    child.stdout.unref?.();
    const started = process.hrtime.bigint();
    let out = "", gone = null;
    const ended = new Promise((ok) => child.on("exit", (code, signal) => { gone = { code, signal }; ok(gone); }));
    const base = await new Promise((ok, bad) => {
        const timer = setTimeout(() => bad(new Error(`the server did not start:\n${out}`)), 60000);
        child.stdout.on("data", (d) => {
            out += d;
            const m = /^http:\/\/\S+$/m.exec(out);
            if (m) { clearTimeout(timer); ok(m[0]); }
        });
        ended.then((e) => { clearTimeout(timer); bad(new Error(`the server ended at once (${JSON.stringify(e)}):\n${out}\n${tail(log)}`)); });
    });
    const world = {
        base, data, log, pid: child.pid,
        ready_ms: Number((process.hrtime.bigint() - started) / 1000000n),
        get ended() { return gone; },
        get out() { return out; },
        async stop() { child.ref(); if (!gone) { child.kill("SIGTERM"); } const e = await ended; return e; },
        async kill() { child.ref(); if (!gone) { child.kill("SIGKILL"); } return ended; },
    };
    process.on("exit", () => { if (!gone) { child.kill("SIGKILL"); } });
    return world;
}

function tail(file) {
    const r = spawnSync("tail", ["-n", "40", file], { encoding: "utf8" });
    return r.stdout || "";
}
export { tail };

/* ---- a browser without a screen ------------------------------------------------------------------------------- */

export const unescape = (s) => s.replace(/&(lt|gt|quot|amp|#39|#x27|apos);/g, (_, e) => ({ lt: "<", gt: ">", quot: '"', amp: "&", "#39": "'", "#x27": "'", apos: "'" }[e]));

function attributes(tag) {
    const a = {};
    for (const m of tag.matchAll(/\s([a-zA-Z_:][-\w:.]*)(?:\s*=\s*"([^"]*)"|\s*=\s*'([^']*)')?/g)) { a[m[1].toLowerCase()] = unescape(m[2] ?? m[3] ?? ""); }
    return a;
}

/* The forms of a page: where they go and what they would send untouched. */
export function formsOf(html) {
    const forms = [];
    for (const m of html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)) {
        const a = attributes(m[1]), fields = [], texts = [], buttons = [];
        for (const t of m[2].matchAll(/<(input|textarea|select|button)\b([^>]*)>(?:([\s\S]*?)<\/\1>)?/g)) {
            const b = attributes(t[2]);
            if (t[1] === "textarea") { fields.push([b.name, unescape(t[3] || "")]); texts.push({ name: b.name, type: "textarea", ...b }); continue; }
            if (t[1] === "select") {
                const options = [...(t[3] || "").matchAll(/<option\b([^>]*)>/g)].map((o) => attributes(o[1]));
                const chosen = options.find((o) => "selected" in o) || options[0];
                fields.push([b.name, chosen ? chosen.value ?? "" : ""]);
                texts.push({ name: b.name, type: "select", options: options.map((o) => o.value) });
                continue;
            }
            if (t[1] === "button") { if (b.name) { buttons.push([b.name, b.value ?? ""]); } continue; }
            const type = b.type || "text";
            if (type === "checkbox" || type === "radio") { if ("checked" in b) { fields.push([b.name, b.value ?? "on"]); } texts.push({ name: b.name, type, value: b.value }); continue; }
            if (type === "file") { texts.push({ name: b.name, type }); continue; }
            if (type === "submit" || type === "button") { continue; }
            fields.push([b.name, b.value ?? ""]);
            if (type !== "hidden") { texts.push({ name: b.name, type, ...b }); }
        }
        forms.push({ action: a.action, method: (a.method || "get").toLowerCase(), multipart: a.enctype === "multipart/form-data", fields, texts, buttons });
    }
    return forms;
}

export class Browser {
    constructor(base, { language = "zh-CN" } = {}) {
        this.base = base;
        this.cookies = new Map();
        this.agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
        this.language = language;
        this.token = null;
    }
    request(method, path, { headers = {}, body = null, json = false } = {}) {
        const url = new URL(path, this.base);
        const h = { Accept: json ? "application/json" : "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": this.language, ...headers };
        if (this.cookies.size && !("Cookie" in h)) { h.Cookie = [...this.cookies].map(([k, v]) => `${k}=${v}`).join("; "); }
        if (body !== null) { h["Content-Length"] = Buffer.byteLength(body); }
        return new Promise((ok, bad) => {
            const rq = http.request(url, { method, headers: h, agent: this.agent }, (rs) => {
                const parts = [];
                rs.on("data", (d) => parts.push(d)).on("end", () => {
                    for (const c of rs.headers["set-cookie"] || []) {
                        const [pair] = c.split(";"), at = pair.indexOf("="), name = pair.slice(0, at), value = pair.slice(at + 1);
                        if (!value || /max-age=0/i.test(c)) { this.cookies.delete(name); } else { this.cookies.set(name, value); }
                    }
                    const bytes = Buffer.concat(parts), type = rs.headers["content-type"] || "";
                    const answer = { status: rs.statusCode, headers: rs.headers, type, bytes, location: rs.headers.location, path, method };
                    Object.defineProperty(answer, "text", { get: () => bytes.toString("utf8") });
                    Object.defineProperty(answer, "json", { get: () => JSON.parse(bytes.toString("utf8")) });
                    const t = /name="_csrf" value="([^"]+)"/.exec(/html/.test(type) ? answer.text : "");
                    if (t) { this.token = t[1]; }
                    ok(answer);
                }).on("error", bad);
            });
            rq.setTimeout(60000, () => rq.destroy(new Error(`${method} ${path}: no answer within a minute`)));
            rq.on("error", bad);
            if (body !== null) { rq.write(body); }
            rq.end();
        });
    }
    get(path, options) { return this.request("GET", path, options); }
    async follow(answer) {
        for (let i = 0; i < 5 && answer.status >= 301 && answer.status <= 308 && answer.location; i++) { answer = await this.get(answer.location); }
        return answer;
    }
    /* fields: an object, or a list of pairs */
    post(path, fields = {}, options = {}) {
        const pairs = Array.isArray(fields) ? fields : Object.entries(fields);
        const body = pairs.map(([k, v]) => `${encodeURIComponent(k)}=${encodeURIComponent(v)}`).join("&");
        return this.request("POST", path, { ...options, body, headers: { "Content-Type": "application/x-www-form-urlencoded", Origin: this.base, "Sec-Fetch-Site": "same-origin", ...options.headers } });
    }
    /* values: text, or {name, type, bytes} for files */
    multipart(path, pairs, options = {}) {
        const boundary = "----lilong" + Math.random().toString(16).slice(2), parts = [];
        for (const [k, v] of pairs) {
            if (v && v.bytes) {
                parts.push(Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${k}"; filename="${v.name}"\r\nContent-Type: ${v.type}\r\n\r\n`), v.bytes, Buffer.from("\r\n"));
            } else {
                parts.push(Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${k}"\r\n\r\n${v}\r\n`));
            }
        }
        parts.push(Buffer.from(`--${boundary}--\r\n`));
        return this.request("POST", path, { ...options, body: Buffer.concat(parts), headers: { "Content-Type": `multipart/form-data; boundary=${boundary}`, Origin: this.base, "Sec-Fetch-Site": "same-origin", ...options.headers } });
    }
    /* Sends a form of a page as a browser would: what stands in it, with `changes` on top. */
    submit(form, changes = {}, options = {}) {
        const given = new Set(Object.keys(changes)), pairs = form.fields.filter(([k]) => k && !given.has(k));
        for (const [k, v] of Object.entries(changes)) { for (const one of Array.isArray(v) ? v : [v]) { pairs.push([k, one]); } }
        return form.multipart ? this.multipart(form.action, pairs, options) : this.post(form.action, pairs, options);
    }
    async form(path, pick) {
        const page = await this.get(path);
        const form = formsOf(page.text).find((f) => (pick instanceof RegExp ? pick.test(f.action) : f.action === pick));
        if (!form) { throw new Error(`${path} (${page.status}) has no form for ${pick}`); }
        return form;
    }
    async csrf() {
        if (!this.token) { await this.get("/demo"); }
        return this.token;
    }
    async signIn(person) {
        const form = formsOf((await this.get("/demo")).text).find((f) => f.action === "/demo");
        if (!form) { throw new Error("/demo shows nobody"); }
        const a = await this.submit(form, { person });
        if (a.status !== 303) { throw new Error(`signing in as ${person}: ${a.status} ${a.text.slice(0, 400)}`); }
        this.token = null;
        return a;
    }
    /* Somebody who has proved a phone and is nobody's resident yet. The demo world shows the code. */
    async signUp(phone = "13900000001") {
        let a = await this.submit(await this.form("/sign-in", "/sign-in/phone"), { phone });
        a = await this.follow(a);
        const code = /<b>(\d{6})<\/b>/.exec(a.text)?.[1];
        if (!code) { throw new Error(`no code is shown: ${a.status} ${a.text.slice(0, 2000)}`); }
        a = await this.submit(formsOf(a.text).find((f) => f.action === "/sign-in/code"), { code });
        if (a.status !== 303) { throw new Error(`the code was refused: ${a.status}`); }
        this.token = null;
        return a;
    }
    close() { this.agent.destroy(); }
}

/* ---- pictures ----------------------------------------------------------------------------------------------- */

const crcTable = new Int32Array(256).map((_, n) => { for (let k = 0; k < 8; k++) { n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1; } return n; });
function crc(bytes) { let c = -1; for (const b of bytes) { c = crcTable[(c ^ b) & 255] ^ (c >>> 8); } return (c ^ -1) >>> 0; }
export async function png(width, height, paint) {
    const { deflateSync } = await import("node:zlib");
    const raw = Buffer.alloc((width * 3 + 1) * height);
    for (let y = 0; y < height; y++) { for (let x = 0; x < width; x++) { raw.set(paint(x, y), y * (width * 3 + 1) + 1 + x * 3); } }
    const chunk = (type, data) => {
        const out = Buffer.alloc(12 + data.length);
        out.writeUInt32BE(data.length, 0); out.write(type, 4, "latin1"); data.copy(out, 8);
        out.writeUInt32BE(crc(out.subarray(4, 8 + data.length)), 8 + data.length);
        return out;
    };
    const head = Buffer.alloc(13);
    head.writeUInt32BE(width, 0); head.writeUInt32BE(height, 4); head.set([8, 2, 0, 0, 0], 8);
    return Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), chunk("IHDR", head), chunk("IDAT", deflateSync(raw)), chunk("IEND", Buffer.alloc(0))]);
}
/* A square with vegetable beds (before), or paved (after). */
export function scene(kind, width = 640, height = 480) {
    return png(width, height, (x, y) => {
        const sky = y < height * 0.35;
        if (sky) { return [196, 214 - (y >> 3), 232 - (y >> 4)]; }
        if (kind === "beds") {
            const row = Math.floor((y - height * 0.35) / 40) % 2, leaf = ((x * 7 + y * 13) % 29) < 9;
            return row ? [116, 84, 52] : leaf ? [52, 128, 48] : [92, 108, 44];
        }
        return ((x >> 5) + (y >> 5)) % 2 ? [188, 184, 176] : [170, 166, 158];
    });
}

export function mkdir(path) { mkdirSync(path, { recursive: true }); return path; }
