/* cluster.mjs: PostgreSQL servers of the test's own, each in a folder with its own socket: a primary, standbys made from it by pg_basebackup. They do
 * not run as root. They sync to disk from durable() on: a demo world is made without. */
import { execFileSync, spawnSync } from "node:child_process";
import { appendFileSync, chownSync, existsSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { BINARY, lilong, setUrl, temporary } from "../support/world.mjs";

const root = process.getuid() === 0;
const BIN = readdirSync("/usr/lib/postgresql").map(Number).filter((n) => n >= 15).sort((a, b) => b - a).map((n) => `/usr/lib/postgresql/${n}/bin`)[0];
const alive = new Set();
const folders = [];

function run(program, args, { input, check = true, timeout = 60000 } = {}) {
    const command = [join(BIN, program), ...args];
    /* pg_ctl's server keeps what it inherits: nothing of ours */
    const r = spawnSync(root ? "runuser" : command[0], root ? ["-u", "postgres", "--", ...command] : command.slice(1), { encoding: "utf8", cwd: "/", input, timeout, stdio: program === "pg_ctl" ? "ignore" : "pipe" });
    if (check && r.status !== 0) { throw new Error(`${program} ${args.join(" ")}: ${r.status} ${r.error || ""}\n${r.stdout}\n${r.stderr}`); }
    return r;
}

export class Server {
    constructor(name) {
        this.name = name;
        this.dir = mkdtempSync(join(process.env.LILONG_TEST_TMP || tmpdir(), `lilong-pg-${name}-`));
        folders.push(this.dir);
        if (root) {
            const id = (kind) => Number(spawnSync("id", [kind, "postgres"], { encoding: "utf8" }).stdout);
            chownSync(this.dir, id("-u"), id("-g"));
        }
        this.data = join(this.dir, "data");
    }
    configure(lines) {
        appendFileSync(join(this.data, "postgresql.conf"), lines.map((l) => `${l}\n`).join(""));
    }
    start() {
        run("pg_ctl", ["-D", this.data, "-l", join(this.dir, "log"), "-w", "-t", "50", "start"]);
        this.pid = Number(readFileSync(join(this.data, "postmaster.pid"), "utf8").split("\n")[0]);
        alive.add(this);
        return this;
    }
    durable() {
        this.sql("ALTER SYSTEM SET fsync = on");
        this.reload();
        this.sql("CHECKPOINT");
    }
    reload() { run("pg_ctl", ["-D", this.data, "reload"]); }
    stop(mode = "fast") { alive.delete(this); run("pg_ctl", ["-D", this.data, "-m", mode, "-w", "stop"], { check: false }); }
    /* The whole machine, as far as its clients can tell: the postmaster and all that it has begun. */
    kill() {
        alive.delete(this);
        process.kill(this.pid, "SIGKILL");
    }
    promote() { run("pg_ctl", ["-D", this.data, "-w", "promote"]); }
    url(database = "postgres") { return `postgresql:///${database}?host=${this.dir}&user=postgres`; }
    sql(statement, database) {
        return run("psql", ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", this.url(database), "-c", statement]).stdout.trim();
    }
    get log() { return existsSync(join(this.dir, "log")) ? readFileSync(join(this.dir, "log"), "utf8") : ""; }
}

const usual = (dir) => ["listen_addresses = ''", `unix_socket_directories = '${dir}'`, "max_connections = 200", "log_min_messages = warning", "shared_buffers = 64MB",
    "wal_level = replica", "hot_standby = on", "max_wal_senders = 10", "wal_keep_size = 256MB", "wal_receiver_status_interval = 1s",
    "fsync = off", "autovacuum = off"];

export function primary(name = "primary", settings = []) {
    const s = new Server(name);
    run("initdb", ["-D", s.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
    s.configure([...usual(s.dir), ...settings]);
    return s.start();
}

/* A demo world on a server of its own: {server, data, name}. It is made once for a binary and kept beside it, server and all. */
export function world(name = "primary", settings = []) {
    const stat = statSync(BINARY), kept = join(dirname(BINARY), `.pg-demo-${stat.size}-${Math.round(stat.mtimeMs)}`);
    const copy = (from, to) => execFileSync("cp", ["-a", "--reflink=auto", from, to]);
    if (!existsSync(kept) || Date.now() - stat.mtimeMs > 24 * 3600e3 && Date.now() - statSync(kept).mtimeMs > 3 * 3600e3) {
        const s = primary("making"), making = temporary("making");
        s.sql("CREATE DATABASE lilong");
        const r = lilong("demo", "--data", join(making, "data"), "--database", s.url("lilong"));
        if (r.status !== 0) { throw new Error(`lilong demo: exit ${r.status}\n${r.stdout}\n${r.stderr}`); }
        s.stop();
        copy(s.data, join(making, "pg"));
        rmSync(kept, { recursive: true, force: true });
        const beside = `${kept}.${process.pid}`;
        copy(making, beside);
        try { renameSync(beside, kept); } catch (e) { rmSync(beside, { recursive: true, force: true }); }
    }
    const server = new Server(name), data = join(temporary("world"), "data");
    copy(join(kept, "pg"), server.data);
    copy(join(kept, "data"), data);
    server.configure([...usual(server.dir), ...settings]);
    server.start();
    setUrl(data, server.url("lilong"));
    return { server, data, name: "lilong" };
}

/* A streaming standby of `of`. */
export function standby(of, name = "standby", settings = []) {
    const s = new Server(name);
    run("pg_basebackup", ["-d", of.url(), "-D", s.data, "-R", "-X", "stream", "--checkpoint=fast"]);
    s.configure([`unix_socket_directories = '${s.dir}'`, "synchronous_standby_names = ''", ...settings]);
    const auto = join(s.data, "postgresql.auto.conf");
    writeFileSync(auto, readFileSync(auto, "utf8").replace(/primary_conninfo = '/, `primary_conninfo = 'application_name=${name} `).replace(/^synchronous_standby_names.*$/gm, ""));
    return s.start();
}

/* Several hosts, the one that takes writes first found. */
export const anyOf = (servers, database) => `postgresql:///${database}?host=${servers.map((s) => s.dir).join(",")}&user=postgres&target_session_attrs=read-write`;

export function removeAll() {
    for (const s of [...alive]) { try { s.stop("immediate"); } catch (e) { /* it is gone */ } }
    for (const dir of folders.splice(0)) { rmSync(dir, { recursive: true, force: true }); }
}
process.on("exit", removeAll);
for (const signal of ["SIGINT", "SIGTERM"]) { process.on(signal, () => process.exit(1)); }

export async function until(what, ms, condition) {
    const end = Date.now() + ms;
    for (;;) {
        const r = await condition();
        if (r) { return r; }
        if (Date.now() > end) { throw new Error(`not within ${ms} ms: ${what}`); }
        await new Promise((ok) => setTimeout(ok, 50));
    }
}
