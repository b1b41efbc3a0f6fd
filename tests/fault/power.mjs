/* power.mjs: what a disk may hold after the power went, made from a recording of tests/fault/layer.c.
 *
 * What was written before a sync began is on the disk when that sync has ended. All else may be there, or not, or in part: each block of 4 KiB
 * for itself, and of a block as many sectors of 512 bytes as were written when the lights went out. A name (a new file, a renaming, a removal)
 * is on the disk when its folder has been synced. A sync that fails loses what it was to bring to the disk, as Linux does: the pages read well, are
 * called clean, and no later sync brings them there. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const HEAD = 1 + 2 + 8 + 8 + 4, BLOCK = 4096, SECTOR = 512;

export function readRecord(file) {
    const all = readFileSync(file), list = [];
    for (let at = 0; at + HEAD <= all.length;) {
        const kind = String.fromCharCode(all[at]), nameLen = all.readUInt16LE(at + 1), a = Number(all.readBigUInt64LE(at + 3)), len = all.readUInt32LE(at + 19);
        const name = all.toString("utf8", at + HEAD, at + HEAD + nameLen), bytes = all.subarray(at + HEAD + nameLen, at + HEAD + nameLen + len);
        list.push({ kind, name, a, bytes });
        at += HEAD + nameLen + len;
    }
    return list;
}

/* What clients were told: entries of the kind 'S' whose answer names a report. */
export function toldOf(entry) {
    const m = /^HTTP\/1\.1 20[01] [\s\S]*\/report\/(\d+)(?:\/sent)?","id":/.exec(entry.bytes.toString("latin1"));
    return m ? m[1] : null;
}

/* Reports that a list shows: who has read of one has been told of it as well. */
export function shownIn(entry) {
    const text = entry.bytes.toString("latin1");
    return text.includes("\"filters\":") ? [...text.matchAll(/"id":"(\d+)","number":/g)].map((m) => m[1]) : [];
}

class File {
    constructor(bytes) {
        this.disk = new Bytes(bytes);    /* what is surely there */
        this.pending = [];               /* what is not synced yet, in order */
        this.done = 0;                   /* operations that are in disk */
        this.syncs = new Map();          /* sync's number -> how many operations were there when it began */
    }
}

/* Bytes that grow in place. */
class Bytes {
    constructor(from) { this.room = Buffer.from(from); this.length = from.length; }
    resize(n) {
        if (n > this.room.length) { const more = Buffer.alloc(n * 2); this.room.copy(more, 0, 0, this.length); this.room = more; }
        if (n > this.length) { this.room.fill(0, this.length, n); }
        this.length = n;
    }
    apply(op) {
        if (op.kind === "T") { this.resize(op.a); return; }
        if (op.a + op.bytes.length > this.length) { this.resize(op.a + op.bytes.length); }
        op.bytes.copy(this.room, op.a);
    }
    get bytes() { return this.room.subarray(0, this.length); }
}

export const MODES = ["kept", "dropped", "prefix", "blocks", "sectors", "torn"];

/* The file as it may be found. */
function survive(file, mode, dice) {
    const bytes = new Bytes(file.disk.bytes);
    let size = bytes.length;
    const stop = mode === "prefix" ? dice.below(file.pending.length + 1) : file.pending.length, rate = 0.2 + 0.6 * dice.next();
    if (mode === "dropped") { return bytes.bytes; }
    for (let i = 0; i < stop; i++) {
        const op = file.pending[i];
        if (op.kind === "T") {
            if (mode === "kept" || mode === "prefix" || dice.next() < rate) { bytes.apply(op); }
            continue;
        }
        size = Math.max(size, op.a + op.bytes.length);
        if (mode === "kept" || (mode === "prefix" && i < stop - 1)) { bytes.apply(op); continue; }
        const piece = mode === "sectors" ? SECTOR : BLOCK;
        for (let from = op.a; from < op.a + op.bytes.length;) {
            let to = Math.min((Math.floor(from / piece) + 1) * piece, op.a + op.bytes.length);
            const next = to;
            if (mode === "prefix" ? true : dice.next() < rate) {
                if (mode === "torn" || mode === "prefix") { to = Math.min(to, (Math.floor(from / SECTOR) + dice.below(1 + (to - from + SECTOR - 1) / SECTOR)) * SECTOR); }
                if (to > from) { bytes.apply({ kind: "W", a: from, bytes: op.bytes.subarray(from - op.a, to - op.a) }); }
            }
            from = next;
        }
    }
    /* the length may be there before the bytes */
    if (mode !== "kept" && mode !== "prefix" && bytes.length < size && dice.next() < 0.3) { bytes.resize(size); }
    return bytes.bytes;
}

export class Disk {
    constructor(base) {
        this.base = base;
        this.now = new Map();     /* name -> File, as the program sees it */
        this.names = new Map();   /* the same as it is surely on the disk; null: not there. Only names that were touched */
        this.waiting = [];        /* names that are not synced: {dir, name, file} in order; file null: removed */
    }
    file(name) {
        let f = this.now.get(name);
        if (f) { return f; }
        const path = this.base + name, there = !this.now.has(name) && existsSync(path);
        f = new File(there ? readFileSync(path) : Buffer.alloc(0));
        this.now.set(name, f);
        if (there) { this.names.set(name, f); } else { this.name(name, f); }
        return f;
    }
    name(name, file) {
        if (!this.names.has(name)) { this.names.set(name, existsSync(this.base + name) ? new File(readFileSync(this.base + name)) : null); }
        this.waiting.push({ dir: dirname(name) === "/" ? "" : dirname(name), name, file });
    }
    step(e) {
        if (/-shm$|\.lock$/.test(e.name)) { return; }
        switch (e.kind) {
        case "W": case "T": this.file(e.name).pending.push(e); break;
        case "D": this.name(e.name, "folder"); this.now.set(e.name, "folder"); break;
        case "U": this.name(e.name, null); this.now.set(e.name, null); break;
        case "R": {
            const to = e.bytes.toString(), f = this.file(e.name);
            this.now.set(e.name, null); this.now.set(to, f);
            this.name(e.name, null); this.name(to, f);
            break;
        }
        case "F": {
            const f = this.now.get(e.name);
            if (f instanceof File) { f.syncs.set(e.a, f.done + f.pending.length); } else { this.folders ??= new Map(); this.folders.set(e.a, [e.name, this.waiting.filter((w) => w.dir === e.name)]); }
            break;
        }
        case "X": {
            const f = this.now.get(e.name);
            if (f instanceof File) { f.pending.forEach((op) => { op.lost = true; }); }
            break;
        }
        case "E": {
            if (this.folders?.has(e.a)) {
                const [, sure] = this.folders.get(e.a);
                this.folders.delete(e.a);
                for (const w of this.waiting.filter((x) => sure.includes(x))) { this.names.set(w.name, w.file); }
                this.waiting = this.waiting.filter((x) => !sure.includes(x));
                break;
            }
            for (const f of [...this.now.values(), ...this.names.values()]) {
                if (!(f instanceof File) || !f.syncs.has(e.a)) { continue; }
                const n = f.syncs.get(e.a) - f.done;
                f.syncs.delete(e.a);
                for (let i = 0; i < n; i++) { if (!f.pending[i].lost) { f.disk.apply(f.pending[i]); } }
                if (n > 0) { f.pending.splice(0, n); f.done += n; }
                break;
            }
            break;
        }
        }
    }
    /* The folder `to` as it may be found. */
    image(to, mode, dice) {
        rmSync(to, { recursive: true, force: true });
        execFileSync("cp", ["-al", this.base, to]);
        const names = new Map(this.names), keep = mode === "kept" ? this.waiting.length : mode === "dropped" ? 0 : dice.below(this.waiting.length + 1);
        for (const w of this.waiting.slice(0, keep)) { names.set(w.name, w.file); }
        let left = 0;
        for (const [name, f] of names) {
            const path = to + name;
            if (f === "folder") { mkdirSync(path, { recursive: true }); continue; }
            rmSync(path, { force: true, recursive: true });
            if (f) {
                if (!existsSync(dirname(path))) { continue; } /* its folder is gone, and it with it */
                left += f.pending.length;
                writeFileSync(path, survive(f, mode, dice), { mode: 0o600 });
            }
        }
        rmSync(join(to, "lilong.db-shm"), { force: true });
        if (dice.next() < 0.2) { writeFileSync(join(to, "lilong.db-shm"), Buffer.alloc(32768, dice.below(256)), { mode: 0o600 }); }
        return { unsynced: left, names: this.waiting.length };
    }
}
