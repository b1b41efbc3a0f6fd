/* routes.mjs: the routes as the program prints them, and an address for each that leads to something that is there. */
import { lilong } from "./world.mjs";

export function routes() {
    const r = lilong("routes", "--demo");
    if (r.status !== 0) { throw new Error(r.stderr); }
    return r.stdout.split("\n").filter((l) => l.trim()).map((line) => {
        const [method, path, name, need, subject, rate, ...flags] = line.trim().split(/\s+/);
        return { method, path, name, need, subject, rate, flags: flags.join(" "), key: `${method} ${path}` };
    });
}

/* What {id} stands for, by the words before it; the first that fits. */
const kinds = [
    [/\/inquiry\/templates\//, "inquiry_template"], [/\/desk\/inquiry\//, "inquiry"], [/\/officers\//, "officer"],
    [/\/order\/\{\w+\}/, "order"], [/\/moderation\//, "moderation_case"], [/\/(measures|appeals)\//, "measure"], [/\/words\//, "watched_word"], [/\/report\/draft\//, "draft"], [/\/media\//, "media"], [/\/document\//, "document"], [/\/templates\//, "template"],
    [/\/desk\/bulletin\//, "notice"], [/\/party\//, "party_member"],
    [/verify|\/queue\//, "waiting"], [/\/residents?\//, "waiting"], [/\/organisations?\//, "organisation"], [/\/estates?\//, "estate"], [/\/buildings?\//, "building"],
    [/\/dwellings?\//, "dwelling"], [/\/comment\//, "comment"], [/\/report\//, "report"],
];

/* Boards: /p/{place}/KIND/{board:word}/…/{id}; things.boards says the word, and what stands for the ids, by the word before them ("entry" for none). */
export function ofBoard(route, things) {
    const m = /^\/p\/\{place\}\/(\w+)\/\{board:word\}/.exec(route.path);
    const board = m ? things.boards[m[1]] : null; /* parts: what only the boards of some owners have */
    return board?.parts?.find((p) => p.at.test(route.path)) || board;
}

export function address(route, things) {
    let path = route.path, before = "";
    const board = ofBoard(route, things);
    return path.split("/").map((segment) => {
        const m = /^\{(\w+)(:word)?\}(.*)$/.exec(segment);
        let out = segment;
        if (m) {
            if (m[1] === "place") { out = things.place + m[3]; }
            else if (board && m[1] === "board") { out = board.word + m[3]; }
            else if (board && (m[1] === "id" || board[before.split("/").pop()])) { out = (board[before.split("/").pop()] || (/\}$/.test(before) ? board.entry : null) || "999") + m[3]; }
            else if (m[2]) { out = (things[m[1] + "_word"] || things[m[1]] || things.code) + m[3]; }
            else if (things[m[1]]) { out = things[m[1]] + m[3]; }
            else {
                const upto = before + "/" + segment, kind = kinds.find(([re]) => (/recall/.test(re.source) ? re.test(path) : re.test(upto.replace(/\{\w+\}$/, "{id}") + "/")));
                const last = /\/order\/\{/.test(upto) ? "order" : kind ? kind[1] : null;
                out = (last && things[last] ? things[last] : "999") + m[3];
            }
        }
        before += (segment || before ? "/" : "") + segment;
        return out;
    }).join("/");
}
