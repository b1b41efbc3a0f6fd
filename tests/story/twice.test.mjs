/* twice.test.mjs: a form that is sent twice, one after the other or at the same moment, acts once and is answered alike: every route that
 * takes a key. Each has an entry in the table below that makes something for it to act on. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Browser, COMMUNITY, copyWorld, formsOf, png, psql, serve, sql, tail, urlOf } from "../support/world.mjs";
import { actors, things } from "../support/actors.mjs";
import { documentNumber } from "../support/people.mjs";
import { routes } from "../support/routes.mjs";

let world, data, t, cast, category, number = 0;
const people = new Map();
const next = () => ++number;
const who = (name) => cast.find((a) => a.name === name).person;

before(async () => {
    data = copyWorld();
    t = things(data);
    cast = actors(data, t);
    category = sql(data, `SELECT category FROM report WHERE community = ${COMMUNITY} AND id = ${t.report}`)[0].category;
    world = await serve(data);
    for (const name of ["author", "resident", "secretary", "handler", "city", "administrator", "street", "police", "cadre"]) {
        people.set(name, new Browser(world.base));
        await people.get(name).signIn(who(name));
    }
});
after(async () => {
    for (const b of people.values()) { b.close(); }
    const end = await world?.stop();
    assert.equal(end?.code ?? 0, 0, tail(world.log));
});

/* ---- things to act on ------------------------------------------------------------------------------------------------- */

const home = `/p/${COMMUNITY}/report`, desk = (report) => `/desk/report/${COMMUNITY}/${report}`;
const one = (statement) => String(Object.values(sql(data, statement)[0])[0]);

const asksWithPictures = /\/inquiry\/\w+\/(new|mine\/\d+\/say)$|\/desk\/inquiry\/\d+\/\d+\/answer$|\/desk\/officers\/\d+$/;
async function send(b, path, fields, key) {
    await b.csrf();
    const pairs = [["_csrf", b.token], ["_key", key], ...Object.entries(fields)];
    return Object.values(fields).some((v) => v.bytes) || asksWithPictures.test(path) || /\/draft(\/\d+)?$|\/step$|\/import$|\/(talk|activity|service|exchange|bulletin)\/\w+\/(new|repair|accounts\/new|\d+\/edit)$/.test(path) ? b.multipart(path, pairs) : b.post(path, pairs);
}
async function act(name, path, fields = {}) {
    const b = typeof name === "string" ? people.get(name) : name, a = await send(b, path, fields, `made-${next()}`);
    assert.equal(a.status, 303, `${path}: ${a.status} ${a.text.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ").slice(0, 400)}`);
    return a;
}
const id = (a, re) => re.exec(a.location)[1];
const written = () => ({ title: `第${next()}件事`, body: "楼道里的灯不亮了", spot: `${number}号楼`, category });
async function draft() { return id(await act("author", `${home}/draft`, written()), /draft\/(\d+)/); }
async function report() {
    const d = await draft();
    return id(await act("author", `${home}/draft/${d}/send`), /report\/(\d+)/);
}
async function order({ accepted = true } = {}) {
    const r = await report();
    await act("secretary", `${desk(r)}/hand-off`, { lead: t.handler, task: "请去看一看", text: "已经转给物业" });
    const o = one(`SELECT id FROM work_order WHERE community = ${COMMUNITY} AND report = ${r}`);
    if (accepted) { await act("handler", `${desk(r)}/order/${o}/accept`); }
    return { r, o, path: `${desk(r)}/order/${o}` };
}
const photo = async () => ({ name: "a.png", type: "image/png", bytes: await png(64, 48, () => [next() % 250, 120, 90]) });
async function checking() {
    const o = await order();
    await act("handler", `${o.path}/done`, { text: "修好了", photos: await photo() });
    return o.r;
}
async function confirming() {
    const r = await report();
    await act("secretary", `${desk(r)}/answer`, { answer: "马上来看", kind: "public" });
    await act("secretary", `${desk(r)}/answer`, { answer: "已经换好", kind: "solved" });
    return r;
}
async function organisation() { return id(await act("secretary", "/desk/organisations", { name: `互助会${next()}`, kind: "charity" }), /organisations\/(\d+)/); }
const logins = () => sql(data, "SELECT login FROM person_login ORDER BY login").map((r) => r.login);
async function estate() { return id(await act("secretary", `/desk/places/${COMMUNITY}/estates`, { estate_name: `新苑${next()}` }), /estate\/(\d+)/); }
async function building(e) {
    await act("secretary", `/desk/places/${COMMUNITY}/estate/${e}/buildings`, { building_name: `${next()}号楼` });
    return one(`SELECT MAX(id) FROM building WHERE community = ${COMMUNITY} AND estate = ${e}`);
}
async function room() {
    const e = await estate(), b = await building(e), name = `${next()}室`;
    await act("secretary", `/desk/places/${COMMUNITY}/estate/${e}/dwellings`, { building: b, room: name });
    return { e, b, name };
}
/* Somebody new, at the last step of joining. */
async function joining() {
    const r = await room(), b = new Browser(world.base), code = one(`SELECT code FROM estate_code WHERE community = ${COMMUNITY} AND estate = ${r.e} AND void_at = 0`);
    people.set(`joining ${next()}`, b);
    await b.signUp(`137${String(10000000 + next() * 31).slice(-8)}`);
    const step = async (page, changes) => {
        const form = formsOf(page.text).find((f) => f.method === "post" && /^\/join/.test(f.action));
        const a = await b.submit(form, changes);
        assert.equal(a.status, 303, `${form.action}: ${a.status} ${a.text.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ").slice(0, 500)}`);
        return b.follow(a);
    };
    let page = await b.get(`/join?estate=${code}`);
    page = await step(page, {});
    page = await step(page, { name: "林小路", kind: "resident_id", number: documentNumber(next()) });
    page = await step(page, { building: r.b, room: r.name, relation: "tenant" });
    return b;
}
async function waiting() {
    const b = await joining();
    await act(b, "/join/consent", { agree: "1" });
    return one(`SELECT MAX(id) FROM residence WHERE community = ${COMMUNITY} AND state = 'waiting'`);
}
async function neighbour() {
    const b = new Browser(world.base), person = one(`SELECT h.person FROM residence h JOIN person q ON q.id = h.person WHERE h.community = ${COMMUNITY} AND h.state = 'verified' AND q.state = 'active'
        AND h.person NOT IN (SELECT person FROM post) AND h.person NOT IN (SELECT person FROM party_person) AND h.person NOT IN (${who("author")}, ${who("resident")}) ORDER BY h.id DESC LIMIT 1`);
    people.set(`neighbour ${next()}`, b);
    await b.signIn(person);
    return { b, person };
}
/* One neighbour, as far with the Party as asked for. */
let comrade = null;
async function comradeAt(far) {
    if (!comrade) {
        const b = new Browser(world.base), person = one(`SELECT h.person FROM residence h JOIN person q ON q.id = h.person WHERE h.community = ${COMMUNITY} AND h.state = 'verified' AND q.state = 'active'
            AND h.person NOT IN (SELECT person FROM post) AND h.person NOT IN (SELECT person FROM party_person) AND h.person NOT IN (${who("author")}, ${who("resident")}) ORDER BY h.id LIMIT 1`);
        people.set("comrade", b);
        await b.signIn(person);
        comrade = { b, person, id: () => one(`SELECT MAX(id) FROM party_member WHERE person = ${person}`) };
    }
    await act(comrade.b, "/me/party/leave");
    if (far !== "none") { await act(comrade.b, "/me/party/ask", { where: COMMUNITY }); }
    if (far === "confirmed" || far === "shown") { await act("secretary", `/p/${COMMUNITY}/party/decide`, { member: comrade.id(), answer: "yes", branch: one(`SELECT MIN(id) FROM party_branch WHERE community = ${COMMUNITY}`) }); }
    if (far === "shown") { await act(comrade.b, "/me/party/show", { agree: "1" }); }
    return comrade;
}
async function going(m) {
    await act(m.b, "/me/party/transfer", { to: one(`SELECT MAX(id) FROM party_branch WHERE community = ${COMMUNITY} AND ended_at = 0`) });
    return one(`SELECT MAX(id) FROM party_transfer WHERE person = ${m.person}`);
}
const soon = () => new Date(Date.now() + 30 * 86400000).toISOString().slice(0, 10);
async function commitment(m) {
    await act(m.b, "/me/party/commit", { words: `教老人用手机（${next()}）`, due: soon() });
    return one(`SELECT MAX(id) FROM party_commitment WHERE author = ${m.person}`);
}
async function helping(m) {
    const subject = await report();
    await act(m.b, `/p/${COMMUNITY}/party/take`, { kind: "report", subject });
    return { subject, task: one(`SELECT MAX(id) FROM party_task WHERE person = ${m.person}`) };
}
const csv = (text) => ({ name: "a.csv", type: "text/csv", bytes: Buffer.from(text) });

/* ---- the table: who sends what where; `quiet`: an action that leaves no row behind ---------------------------------------- */

const table = {
    "place.add_estate": async () => ["secretary", `/desk/places/${COMMUNITY}/estates`, { estate_name: `新村${next()}` }],
    "place.import": async () => ["secretary", `/desk/places/${COMMUNITY}/import`, { kind: "estates", file: csv((await people.get("secretary").get("/desk/places/estates.csv")).text.split(/\r?\n/)[0] + `\r\n${await estateLine()}\r\n`) }],
    "place.renew_code": async () => ["secretary", `/desk/places/${COMMUNITY}/estate/${await estate()}/code`, {}],
    "place.add_building": async () => ["secretary", `/desk/places/${COMMUNITY}/estate/${await estate()}/buildings`, { building_name: `${next()}号楼` }],
    "place.add_dwelling": async () => { const e = await estate(); return ["secretary", `/desk/places/${COMMUNITY}/estate/${e}/dwellings`, { building: await building(e), room: `${next()}室` }]; },
    "board.arrange": async () => ["secretary", "/desk/boards/order", { board: t.board, do: "hide" }, { quiet: true }],
    "letters.act": async () => ["administrator", "/desk/letters", { letter: one("SELECT MAX(id) FROM outbox WHERE state = 1"), do: "retry" }, { quiet: true }],
    "board.create": async () => {
        const kind = formsOf((await people.get("city").get("/desk/boards/new")).text).flatMap((f) => f.texts).filter((x) => x.name === "kind").flatMap((x) => x.options || [x.value]).find((x) => x);
        return kind ? ["city", "/desk/boards", { ...aBoard(), kind }] : null; /* while no kind of board is there to be made */
    },
    "board.save": async () => ["city", `/desk/boards/${t.board}`, aBoard(), { quiet: true }],
    "board.state": async () => ["city", `/desk/boards/${t.board}/state`, { open: "yes" }, { quiet: true }],
    "organisation.add": async () => ["secretary", "/desk/organisations", { name: `帮帮团${next()}`, kind: "charity" }],
    "organisation.save": async () => ["secretary", `/desk/organisations/${await organisation()}`, { name: `帮帮社${next()}`, phone: "021-56000000" }],
    "organisation.end": async () => ["secretary", `/desk/organisations/${await organisation()}/end`, {}],
    "organisation.serve": async () => ["secretary", `/desk/organisations/${await organisation()}/serve`, { serve_at: COMMUNITY, serves: "yes" }],
    "organisation.appoint": async () => ["secretary", `/desk/organisations/${await organisation()}/posts`, { who: logins()[0], role: "handler" }],
    "organisation.dismiss": async () => {
        const o = await organisation();
        await act("secretary", `/desk/organisations/${o}/posts`, { who: logins()[0], role: "handler" });
        return ["secretary", `/desk/organisations/${o}/posts/${one(`SELECT id FROM post WHERE organisation = ${o}`)}/end`, {}];
    },
    "join.ask": async () => [await joining(), "/join/consent", { agree: "1" }],
    "me.residence_end": async () => { const { b, person } = await neighbour(); return [b, "/me/residence/end", { community: COMMUNITY, residence: one(`SELECT id FROM residence WHERE community = ${COMMUNITY} AND person = ${person} AND state = 'verified'`) }]; },
    "party.ask": async () => { const m = await comradeAt("none"); return [m.b, "/me/party/ask", { where: COMMUNITY }]; },
    "party.show": async () => { const m = await comradeAt("confirmed"); return [m.b, "/me/party/show", { agree: "1" }]; },
    "party.hide": async () => { const m = await comradeAt("shown"); return [m.b, "/me/party/hide", {}]; },
    "party.leave": async () => { const m = await comradeAt("shown"); return [m.b, "/me/party/leave", {}]; },
    "party.commit": async () => { const m = await comradeAt("shown"); return [m.b, "/me/party/commit", { words: `带头清理楼道（${next()}）`, due: soon() }]; },
    "party.kept": async () => { const m = await comradeAt("shown"); return [m.b, "/me/party/kept", { commitment: await commitment(m) }]; },
    "party.drop": async () => { const m = await comradeAt("shown"); return [m.b, "/me/party/drop", { commitment: await commitment(m) }]; },
    "party.take": async () => { const m = await comradeAt("shown"); return [m.b, `/p/${COMMUNITY}/party/take`, { kind: "report", subject: await report() }]; },
    "party.done": async () => { const m = await comradeAt("shown"); return [m.b, "/me/party/done", { task: (await helping(m)).task }]; },
    "party.give_back": async () => { const m = await comradeAt("shown"); return [m.b, "/me/party/give-back", { task: (await helping(m)).task }]; },
    "party.thank": async () => { const m = await comradeAt("shown"); return ["resident", `/p/${COMMUNITY}/party/thank`, { commitment: await commitment(m), stars: "5" }]; },
    "party.help_thank": async () => {
        const m = await comradeAt("shown"), { task } = await helping(m);
        await act(m.b, "/me/party/done", { task });
        return ["author", `/p/${COMMUNITY}/party/task/thank`, { task, stars: "5" }];
    },
    "party.decide": async () => { const m = await comradeAt("asked"); return ["secretary", `/p/${COMMUNITY}/party/decide`, { member: m.id(), answer: "yes", branch: one(`SELECT MIN(id) FROM party_branch WHERE community = ${COMMUNITY}`) }]; },
    "party.transfer": async () => { const m = await comradeAt("shown"); return [m.b, "/me/party/transfer", { to: one(`SELECT MAX(id) FROM party_branch WHERE community = ${COMMUNITY} AND ended_at = 0`) }]; },
    "party.transfer_withdraw": async () => { const m = await comradeAt("shown"); await going(m); return [m.b, "/me/party/transfer/withdraw", {}]; },
    "party.transfer_decide": async () => { const m = await comradeAt("shown"); return ["secretary", `/p/${COMMUNITY}/party/transfer`, { transfer: await going(m), answer: "yes" }]; },
    "desk.party_branch": async () => ["secretary", "/desk/party/branch", { name: `第${next()}党支部` }],
    "me.correct": async () => ["author", "/me/correct", { words: `名字里有一个字不对（${next()}）` }],
    "me.session_end": async () => {
        const other = new Browser(world.base);
        await other.signIn(who("author"));
        other.close();
        return ["author", "/me/sessions/end", { session: one(`SELECT MAX(id) FROM session WHERE person = ${who("author")}`) }, { quiet: true }];
    },
    "me.session_end_others": async () => ["author", "/me/sessions/end-others", {}, { quiet: true }],
    "data.withdraw": async () => { const { b } = await neighbour(); return [b, "/me/consent/withdraw", {}]; },
    "residents.register": async () => { const r = await room(); return ["secretary", "/desk/residents/new", { name: "马奶奶", kind: "resident_id", number: documentNumber(next(), { born: "19400105" }), building: r.b, room: r.name, relation: "owner", seen: "1" }]; },
    "residents.verify": async () => ["secretary", `/desk/residents/${await waiting()}/verify`, {}],
    "residents.refuse": async () => ["secretary", `/desk/residents/${await waiting()}/refuse`, { reason: "room" }],
    "residents.correct": async () => {
        await act("author", "/me/correct", { words: `生日不对（${next()}）` });
        return ["secretary", "/desk/corrections", { id: one(`SELECT MAX(id) FROM correction WHERE community = ${COMMUNITY} AND state = 'waiting'`), decision: "declined", answer: "证件上就是这样写的" }];
    },
    "report.draft.create": async () => ["author", `${home}/draft`, written()],
    "report.draft.update": async () => ["author", `${home}/draft/${await draft()}`, written(), { quiet: true }],
    "report.draft.blot": async () => ["author", `${home}/draft/${await draft()}/blot`, {}, { quiet: true }],
    "report.draft.drop": async () => ["author", `${home}/draft/${await draft()}/drop`, {}],
    "report.step.begin": async () => ["author", `${home}/step`, { step: "photos", photos: await photo() }],
    "report.step.save": async () => ["author", `${home}/draft/${await draft()}/step`, { step: "words", title: `第${next()}件事`, body: "灯坏了" }, { quiet: true }],
    "report.send": async () => ["author", `${home}/draft/${await draft()}/send`, {}],
    "report.join": async () => ["resident", `${home}/${await report()}/join`, {}],
    "report.follow": async () => ["resident", `${home}/${await report()}/follow`, { on: "1" }],
    "report.thumb": async () => ["resident", `${home}/${await report()}/thumb`, { on: "1" }],
    "report.comment": async () => ["resident", `${home}/${await report()}/comment`, { body: "我家门口也是" }],
    "report.confirm": async () => ["author", `${home}/${await confirming()}/confirm`, { solved: "yes", rating: "5" }],
    "report.redact": async () => ["author", `${home}/${await report()}/redact`, { title: "改过的题目", body: "改过的话", spot: "楼前" }],
    "desk.template.add": async () => ["secretary", "/desk/templates", { name: `短语${next()}`, body: "谢谢您告诉我们" }],
    "desk.template.drop": async () => {
        await act("secretary", "/desk/templates", { name: `短语${next()}`, body: "谢谢" });
        return ["secretary", `/desk/templates/${one(`SELECT MAX(id) FROM answer_template WHERE community = ${COMMUNITY}`)}/drop`, {}];
    },
    "desk.report.answer": async () => ["secretary", `${desk(await report())}/answer`, { answer: "马上来看", kind: "public" }],
    "desk.report.hand_off": async () => ["secretary", `${desk(await report())}/hand-off`, { lead: t.handler, task: "请去看一看", text: "已经转给物业" }],
    "desk.report.check": async () => ["secretary", `${desk(await checking())}/check`, { passed: "yes", text: "看过了" }],
    "desk.report.merge": async () => { const into = await report(); return ["secretary", `${desk(await report())}/merge`, { into: one(`SELECT number FROM report WHERE community = ${COMMUNITY} AND id = ${into}`) }]; },
    "desk.report.void": async () => ["secretary", `${desk(await report())}/void`, { reason: "不在本居委范围" }],
    "desk.report.hide": async () => ["secretary", `${desk(await report())}/hide`, { hidden: "1", reason: "有别人的电话" }],
    "desk.comment.hide": async () => {
        const r = await report();
        await act("resident", `${home}/${r}/comment`, { body: "有一个电话" });
        return ["secretary", `${desk(r)}/hide-comment`, { comment: one(`SELECT id FROM report_comment WHERE community = ${COMMUNITY} AND report = ${r}`), hidden: "1", reason: "有别人的电话" }];
    },
    "desk.report.category": async () => ["secretary", `${desk(await report())}/category`, { category: one("SELECT code FROM report_category ORDER BY code LIMIT 1") }],
    "desk.order.accept": async () => ["handler", `${(await order({ accepted: false })).path}/accept`, {}],
    "desk.order.send_back": async () => ["handler", `${(await order()).path}/send-back`, { reason: "不归我们管" }],
    "desk.order.extension": async () => ["handler", `${(await order()).path}/extension`, { until: "2035-03-02T10:00", reason: "配件要等" }],
    "desk.order.decide": async () => {
        const o = await order();
        await act("handler", `${o.path}/extension`, { until: "2035-03-02T10:00", reason: "配件要等" });
        return ["secretary", `${o.path}/decide`, { granted: "yes" }];
    },
    "desk.order.done": async () => ["handler", `${(await order()).path}/done`, { text: "修好了", photos: await photo() }],
    "desk.order.withdraw": async () => ["secretary", `${(await order()).path}/withdraw`, { reason: "居委自己来" }],
    "hours.certify": async () => ["author", "/me/hours", period()],
    "hours.revoke": async () => ["author", `/me/hours/${COMMUNITY}/${await certificate()}/revoke`, {}],
    "hours.contest": async () => ["author", `/me/hours/${COMMUNITY}/${(await corrected()).counter}/contest`, { words: "不是这样的" }],
    "hours.desk.correct": async () => ["secretary", `/desk/hours/${hoursLine()}/correct`, { minutes: String(60 + next() % 300), reason: "核对过" }],
    "hours.answer": async () => {
        const { counter } = await corrected();
        await act("author", `/me/hours/${COMMUNITY}/${counter}/contest`, { words: "不是这样的" });
        return ["cadre", `/desk/contests/${COMMUNITY}/${counter}`, { decision: "keep", words: "已经核对" }];
    },
    "hours.desk.revoke": async () => {
        const c = await certificate();
        const number = (await people.get("author").get("/me/hours", { json: true })).json.certificates.find((x) => x.id === c).number;
        return ["secretary", "/desk/hours/revoke", { number, why: "开错了" }];
    },
    "moderation.flag": async () => ["resident", `/p/${COMMUNITY}/flag/entry/${await entry()}`, { reason: "insult", words: "骂人" }],
    "moderation.fine": async () => ["secretary", `/desk/moderation/${await flagged()}/fine`, {}],
    "moderation.hide": async () => ["secretary", `/desk/moderation/${await flagged()}/hide`, { reason: "请好好说话" }],
    "moderation.appeal": async () => ["author", `/me/measures/${COMMUNITY}/${await measure()}`, { words: "我没有骂人" }],
    "moderation.answer": async () => {
        const m = await measure();
        await act("author", `/me/measures/${COMMUNITY}/${m}`, { words: "我没有骂人" });
        return ["street", `/desk/appeals/${COMMUNITY}/${m}`, { lift: "yes", words: "看过了，恢复" }];
    },
    "moderation.words.add": async () => ["secretary", "/desk/words", { words: `生词${next()}`, action: "warn" }],
    "moderation.words.drop": async () => {
        await act("secretary", "/desk/words", { words: `生词${next()}`, action: "warn" });
        return ["secretary", `/desk/words/${one("SELECT MAX(id) FROM watched_word")}/drop`, {}];
    },
    "inquiry.ask": async () => ["author", `${line}/new`, words()],
    "inquiry.say": async () => ["author", `${line}/mine/${await inquiry()}/say`, { text: "还有一句" }],
    "inquiry.close": async () => ["author", `${line}/mine/${await inquiry()}/close`, {}],
    "inquiry.reopen": async () => ["author", `${line}/mine/${await inquiry("close")}/reopen`, { again: "还没好" }],
    "inquiry.rate": async () => ["author", `${line}/mine/${await inquiry("close")}/rate`, { rating: "4" }],
    "inquiry.wording": async () => ["author", `${line}/mine/${await inquiry("propose")}/wording`, { do: "agree" }],
    "inquiry.withdraw": async () => { const i = await inquiry("propose"); await act("author", `${line}/mine/${i}/wording`, { do: "agree" }); return ["author", `${line}/mine/${i}/withdraw`, {}]; },
    "inquiry.thumb": async () => ["resident", `${line}/${await question()}/thumb`, { on: "1" }],
    "inquiry.hide": async () => ["police", `${line}/${await question()}/hide`, { hide: "yes", reason: "写错了" }],
    "desk.inquiry.answer": async () => ["police", `${asked}/${await inquiry()}/answer`, { text: "请来警务室" }],
    "desk.inquiry.transfer": async () => ["police", `${asked}/${await inquiry()}/transfer`, { to: t.handler, reason: "归物业管" }],
    "desk.inquiry.close": async () => ["police", `${asked}/${await inquiry("answer")}/close`, { closing: "有事再问" }],
    "desk.inquiry.propose": async () => ["police", `${asked}/${await inquiry("answer")}/propose`, openWords()],
    "desk.inquiry.recall": async () => ["police", `${asked}/${await inquiry("propose")}/recall`, {}],
    "desk.inquiry.publish": async () => { const i = await inquiry("propose"); await act("author", `${line}/mine/${i}/wording`, { do: "edit", title: `改过的标题${next()}`, question: "怎么办" }); return ["police", `${asked}/${i}/publish`, {}]; },
    "desk.inquiry.template.add": async () => ["police", `/desk/inquiry/templates`, { name: `常用${next()}`, body: "您好" }],
    "desk.inquiry.template.drop": async () => {
        await act("police", `/desk/inquiry/templates`, { name: `常用${next()}`, body: "您好" });
        return ["police", `/desk/inquiry/templates/${one("SELECT MAX(id) FROM inquiry_template")}/drop`, {}];
    },
    "desk.officer.set": async () => ["police", `/desk/officers/${who("police")}`, { name: `警官${next()}`, badge: String(31000 + next()), communities: COMMUNITY }],
    "talk.create": async () => ["author", `${lane}/new`, words()],
    "talk.edit": async () => ["author", `${lane}/${await entry()}/edit`, words()],
    "talk.withdraw": async () => ["author", `${lane}/${await entry()}/withdraw`, {}],
    "talk.review": async () => {
        sql(data, "UPDATE board SET review = 'before' WHERE word = 'neighbour_talk'");
        const e = await entry();
        sql(data, "UPDATE board SET review = 'none' WHERE word = 'neighbour_talk'");
        return ["secretary", `${lane}/${e}/review`, { accept: "yes" }];
    },
    "activity.create": async () => ["secretary", `${days}/new`, day()],
    "activity.edit": async () => ["secretary", `${days}/${await activity()}/edit`, { ...day(), capacity: "9" }],
    "activity.sign": async () => ["resident", `${days}/${await activity()}/sign`, { on: "1" }],
    "activity.review": async () => {
        sql(data, "UPDATE board SET review = 'before', writers = 'residents' WHERE word = 'activity'");
        const e = await activity("author");
        sql(data, "UPDATE board SET review = 'none', writers = 'staff' WHERE word = 'activity'");
        return ["secretary", `${days}/${e}/review`, { accept: "yes" }];
    },
    "activity.roll.act": async () => ["secretary", `${days}/${await begun()}/roll`, { person: who("resident"), act: "check_in" }],
    "activity.check_in": async () => {
        const e = await begun(), address = (await people.get("secretary").get(`${days}/${e}/code`, { json: true })).json.address;
        return ["resident", `${days}/${e}/here`, { code: /code=([^&]+)/.exec(address)[1] }];
    },
    "activity.close": async () => {
        const e = await begun();
        await act("secretary", `${days}/${e}/roll`, { person: who("resident"), act: "check_in" });
        return ["secretary", `${days}/${e}/close`, { minutes: "90" }];
    },
    "activity.cancel": async () => ["secretary", `${days}/${await activity()}/cancel`, { reason: "下大雨" }],
    "activity.photos": async () => ["secretary", `${days}/${await begun()}/photos`, { photos: { name: "a.png", type: "image/png", bytes: await png(64, 48, () => [90, 120, 90]) } }],
    "activity.feed.renew": async () => ["resident", `/p/${COMMUNITY}/activities/feed`, {}, { quiet: true }],
    "activity.comment": async () => ["resident", `${days}/${await activity()}/comment`, { body: "我来" }],
    "activity.thumb": async () => ["resident", `${days}/${await activity()}/thumb`, { on: "1" }],
    "activity.follow": async () => ["resident", `${days}/${await activity()}/follow`, { on: "1" }],
    "activity.hide": async () => ["secretary", `${days}/${await activity()}/hide`, { hide: "yes", reason: "写错了" }],
    "activity.comment_hide": async () => {
        const e = await activity();
        await act("resident", `${days}/${e}/comment`, { body: "我来" });
        return ["secretary", `${days}/${e}/comment/hide`, { comment: one(`SELECT id FROM entry_comment WHERE community = ${COMMUNITY} AND entry = ${e}`), hide: "yes", reason: "有别人的电话" }];
    },
    "talk.group.ask": async () => ["resident", `${lane}/groups/new`, aGroup()],
    "talk.group.join": async () => ["resident", `${lane}/group/${await group()}/join`, { on: "1" }],
    "talk.group.notices": async () => ["author", `${lane}/group/${await group()}/notices`, { on: "0" }, { quiet: true }],
    "talk.group.decide": async () => ["secretary", `${lane}/group/${await group({ agreed: false })}/decide`, { accept: "no", reason: "已经有一个了" }],
    "talk.group.close": async () => ["author", `${lane}/group/${await group()}/close`, { reason: "没有人来" }],
    "talk.group.end": async () => ["secretary", `${lane}/group/${await group()}/end`, { reason: "没有人来" }],
    "talk.group.host": async () => ["author", `${lane}/group/${await group({ joined: true })}/host`, { person: member() }],
    "talk.group.appoint": async () => ["secretary", `${lane}/group/${await group({ joined: true })}/appoint`, { person: member() }],
    "talk.group.hide": async () => {
        const g = await group(), e = id(await act("author", `${lane}/new`, { ...words(), group: g }), /neighbour_talk\/(\d+)/);
        return ["author", `${lane}/group/${g}/hide`, { entry: e, hide: "yes", reason: "不是这里的事" }];
    },
    "talk.topic.add": async () => ["secretary", `${lane}/topics`, { name: `话题${next()}` }],
    "talk.topic.close": async () => ["secretary", `${lane}/topics/close`, { topic: one(`SELECT MAX(id) FROM talk_topic WHERE community = ${COMMUNITY} AND closed = 0`), closed: "yes" }],
    "talk.comment": async () => ["resident", `${lane}/${await entry()}/comment`, { body: "真的香" }],
    "talk.thumb": async () => ["resident", `${lane}/${await entry()}/thumb`, { on: "1" }],
    "talk.follow": async () => ["resident", `${lane}/${await entry()}/follow`, { on: "1" }],
    "talk.hide": async () => ["secretary", `${lane}/${await entry()}/hide`, { hide: "yes", reason: "有别人的电话" }],
    "talk.comment_hide": async () => { const { e, comment } = await entryComment(); return ["secretary", `${lane}/${e}/comment/hide`, { comment, hide: "yes", reason: "有别人的电话" }]; },
    "exchange.create": async () => ["author", `${idle}/new`, gift()],
    "exchange.edit": async () => ["author", `${await given()}/edit`, { ...gift(), version: "1" }],
    "exchange.withdraw": async () => ["author", `${await given()}/withdraw`, {}],
    "exchange.again": async () => { const e = await lent(); await act("author", `${e}/back`); return ["author", `${e}/again`, {}]; },
    "exchange.release": async () => ["author", `${await taken()}/release`, {}],
    "exchange.extend": async () => ["author", `${await lent()}/extend`, { day: clock(24 * 9).slice(0, 10) }],
    "exchange.review": async () => ["secretary", `${id(await act("author", `${wishes}/new`, { sort: "wish", title: `想要一本书${next()}` }), /(\/p\/.*)/)}/review`, { accept: "yes" }],
    "exchange.take": async () => ["resident", `${await given()}/take`, {}],
    "exchange.queue": async () => ["secretary", `${await taken()}/queue`, {}],
    "exchange.answer": async () => {
        const e = await taken();
        await act("secretary", `${e}/queue`);
        await act("resident", `${e}/leave`);
        return ["secretary", `${e}/answer`, { yes: "1" }];
    },
    "exchange.leave": async () => ["resident", `${await taken()}/leave`, {}],
    "exchange.confirm": async () => ["resident", `${await taken()}/confirm`, {}],
    "exchange.deny": async () => { const e = await taken(); await act("author", `${e}/confirm`); return ["resident", `${e}/deny`, { why: "还没拿到" }]; },
    "exchange.back": async () => ["resident", `${await lent()}/back`, {}],
    "exchange.say": async () => ["resident", `${await taken()}/say`, { word: "今晚来拿" }],
    "exchange.thank": async () => { const e = await taken(); await act("author", `${e}/confirm`); await act("resident", `${e}/confirm`); return ["resident", `${e}/thank`, { thanks: "谢谢" }]; },
    "exchange.comment": async () => ["resident", `${await given()}/comment`, { body: "还在吗" }],
    "exchange.thumb": async () => ["resident", `${await given()}/thumb`, { on: "1" }],
    "exchange.follow": async () => ["resident", `${await given()}/follow`, { on: "1" }],
    "exchange.hide": async () => ["secretary", `${await given()}/hide`, { hide: "yes", reason: "不能转让" }],
    "exchange.comment_hide": async () => {
        const e = await given();
        await act("resident", `${e}/comment`, { body: "还在吗" });
        return ["secretary", `${e}/comment/hide`, { comment: one("SELECT MAX(id) FROM entry_comment"), hide: "yes", reason: "请文明用语" }];
    },
    "bulletin.create": async () => ["secretary", `${notices}/new`, notice()],
    "bulletin.edit": async () => ["secretary", `${notices}/${await published()}/edit`, notice()],
    "bulletin.act": async () => ["secretary", `${notices}/${await published()}/act`, { action: "pin" }],
    "bulletin.read": async () => ["resident", `${notices}/${await published({ weight: "must_read" })}/read`, {}],
    "bulletin.ask": async () => ["resident", `/p/${COMMUNITY}/bulletin/open_affairs/${one(`SELECT id FROM bulletin WHERE community = ${COMMUNITY} AND matter = 'accounts'`)}/ask`, { question: "这一笔是什么" }],
    "bulletin.comment": async () => ["resident", `${notices}/${await published()}/comment`, { body: "知道了" }],
    "bulletin.thumb": async () => ["resident", `${notices}/${await published()}/thumb`, { on: "1" }],
    "bulletin.follow": async () => ["resident", `${notices}/${await published()}/follow`, { on: "1" }],
    "bulletin.hide": async () => ["secretary", `${notices}/${await published()}/hide`, { hide: "yes", reason: "写错了" }],
    "bulletin.comment_hide": async () => {
        const n = await published();
        await act("resident", `${notices}/${n}/comment`, { body: "知道了" });
        return ["secretary", `${notices}/${n}/comment/hide`, { comment: one(`SELECT MAX(id) FROM entry_comment WHERE entry = ${n}`), hide: "yes", reason: "请文明用语" }];
    },
    "desk.bulletin.remind": async () => {
        const n = await published({ weight: "must_read" });
        sql(data, `UPDATE bulletin_reach SET tell = '' WHERE entry = ${n}`);
        return ["secretary", `/desk/bulletin/${COMMUNITY}/${n}/remind`, {}];
    },
    "bulletin.remind": async () => {
        const n = await published({ weight: "must_read" });
        sql(data, `UPDATE bulletin_reach SET tell = '' WHERE entry = ${n}`);
        return ["secretary", `${notices}/${n}/remind`, {}];
    },
    "service.create": async () => ["secretary", `${services}/new`, shop()],
    "service.edit": async () => ["secretary", `${services}/${await offer()}/edit`, shop()],
    "service.move": async () => ["secretary", `${services}/${await offer()}/move`, { action: "end" }],
    "service.comment": async () => ["resident", `${services}/${await offer()}/comment`, { body: "手艺好" }],
    "service.thumb": async () => ["resident", `${services}/${await offer()}/thumb`, { on: "1" }],
    "service.follow": async () => ["resident", `${services}/${await offer()}/follow`, { on: "1" }],
    "service.hide": async () => ["secretary", `${services}/${await offer()}/hide`, { hide: "yes", reason: "已经搬走" }],
    "service.comment_hide": async () => {
        const o = await offer();
        await act("resident", `${services}/${o}/comment`, { body: "手艺好" });
        return ["secretary", `${services}/${o}/comment/hide`, { comment: one(`SELECT MAX(id) FROM entry_comment WHERE entry = ${o}`), hide: "yes", reason: "请文明用语" }];
    },
    "service.repair": async () => ["resident", `${property}/repair`, { title: `水管漏水${next()}`, spot: "3号楼二楼" }],
    "service.account.create": async () => ["handler", `${property}/accounts/new`, account()],
    "service.account.recall": async () => {
        await act("handler", `${property}/accounts/new`, account());
        return ["handler", `${property}/${one("SELECT MAX(entry) FROM property_account")}/recall`, { reason: "数字错了" }];
    },
    "service.rate": async () => ["resident", `${property}/rating`, { company: one(`SELECT organisation FROM property_account LIMIT 1`), stars: "4" }],
    "service.doctor.sign": async () => { noDoctor(); return ["resident", `${clinic}/${doctorPage()}/sign`, { agree: "1" }]; },
    "service.doctor.ask": async () => { await withDoctor(); return ["resident", `${clinic}/ask`, { body: "头疼三天了" }]; },
    "service.doctor.say": async () => ["resident", `${clinic}/ask/${await doctorQuestion()}/say`, { body: "今天好些了" }],
    "service.doctor.close": async () => ["resident", `${clinic}/ask/${await doctorQuestion()}/close`, {}],
    "service.doctor.move": async () => ["resident", `${clinic}/sign/${await withDoctor()}/move`, { action: "end" }],
    "service.slot.create": async () => ["secretary", `${services}/${await offer()}/slots`, time()],
    "service.slot.book": async () => ["resident", `${await slot()}/book`, { note: "腿脚不便" }],
    "service.slot.cancel": async () => { const s = await slot(); await act("resident", `${s}/book`); return ["resident", `${s}/cancel`, {}]; },
    "service.slot.cancel_for": async () => ["secretary", ...await booked("drop")],
    "service.slot.mark": async () => {
        const [path, fields] = await booked("mark");
        sql(data, `UPDATE slot SET starts_at = 1 WHERE id = ${/slot\/(\d+)/.exec(path)[1]}`);
        return ["secretary", path, { ...fields, came: "yes" }];
    },
    "service.slot.off": async () => ["secretary", `${await slot()}/off`, { reason: "师傅病了" }],
    "service.slot.resize": async () => ["secretary", `${await slot()}/resize`, { capacity: "9" }],
    "guide.create": async () => ["secretary", `${guide}/new`, matterFields()],
    "guide.word.add": async () => ["secretary", `${guide}/words`, { said: `俗话${next()}`, means: "社会保险" }],
    "guide.word.drop": async () => {
        await act("secretary", `${guide}/words`, { said: `俗话${next()}`, means: "社会保险" });
        return ["secretary", `${guide}/words/${one(`SELECT MAX(id) FROM guide_synonym WHERE community = ${COMMUNITY}`)}/drop`, {}];
    },
    "guide.useful": async () => ["resident", `${guide}/${await matter()}/useful`, { useful: "no", words: "地址不对了" }],
    "guide.edit": async () => ["secretary", `${guide}/${await matter()}/edit`, { ...matterFields(), changes: "换了新的", version: "1" }],
    "guide.publish": async () => ["secretary", `${guide}/${await matter()}/publish`, { published: "no" }],
    "guide.help.ask": async () => ["resident", `${guide}/help/new`, { title: "想办送餐", wish: "home" }],
    "guide.help.act": async () => {
        const h = id(await act("resident", `${guide}/help/new`, { title: "想办送餐", wish: "home" }), /help\/(\d+)/);
        return ["secretary", `${guide}/help/${h}/act`, { act: "take" }];
    },
    "moderation.mute": async () => ["secretary", `/desk/moderation/${await flagged()}/mute`, { days: "1", why: "请冷静一天" }], /* the last: the author writes no more */
    "desk.order.press": async () => ["secretary", `${(await order()).path}/press`, {}],
    "talk.rules.write": async () => ["secretary", `${lane}/rules`, { body: `有话好好说${next()}` }], /* behind everything that writes there: all are asked again */
};

const lane = `/p/${COMMUNITY}/talk/neighbour_talk`;
const services = `/p/${COMMUNITY}/service/community_service`;
const property = `/p/${COMMUNITY}/service/property_window`;
const account = () => ({ account: `income-${2001 + next() % 24}1`, opening: "0", came: "停车费 100.50" });
const clinic = `/p/${COMMUNITY}/service/family_doctor`, doctorPage = () => one("SELECT provider FROM doctor_sign ORDER BY id LIMIT 1");
const noDoctor = () => sql(data, `UPDATE doctor_sign SET state = 'ended' WHERE person = ${who("resident")}`);
async function withDoctor() {
    noDoctor();
    await act("resident", `${clinic}/${doctorPage()}/sign`, { agree: "1" });
    const s = one("SELECT MAX(id) FROM doctor_sign");
    sql(data, `UPDATE doctor_sign SET state = 'confirmed' WHERE id = ${s}`);
    return s;
}
async function doctorQuestion() {
    await withDoctor();
    await act("resident", `${clinic}/ask`, { body: "头疼三天了" });
    return one("SELECT MAX(id) FROM doctor_question");
}
const shop = () => ({ title: `修鞋摊${next()}`, offers: "换底 20 元", monday: "9:00-17:00" });
const time = () => ({ starts_at: new Date(Date.now() + 2 * 86400e3 + 8 * 3600e3).toISOString().slice(0, 16), minutes: "60", capacity: "5", cancel_hours: "2" });
async function offer() { return id(await act("secretary", `${services}/new`, shop()), /community_service\/(\d+)/); }
async function slot() {
    await act("secretary", `${services}/${await offer()}/slots`, time());
    return `${services}/slot/${one("SELECT MAX(id) FROM slot")}`;
}
async function booked(tail) {
    const s = await slot();
    await act("resident", `${s}/book`);
    return [`${s}/${tail}`, { booking: one("SELECT MAX(id) FROM booking") }];
}
const idle = `/p/${COMMUNITY}/exchange/idle_item`, wishes = `/p/${COMMUNITY}/exchange/small_wish`;
const gift = () => ({ sort: "give", title: `花盆${next()}`, body: "三个" });
async function given(fields = gift()) { return id(await act("author", `${idle}/new`, fields), /(\/p\/.*)/); }
async function taken(fields) {
    const e = await given(fields);
    await act("resident", `${e}/take`);
    return e;
}
async function lent() {
    const e = await taken({ sort: "lend", title: `梯子${next()}`, days: "7" });
    await act("author", `${e}/confirm`);
    await act("resident", `${e}/confirm`);
    return e;
}
const days = `/p/${COMMUNITY}/activity/activity`;
const clock = (hours) => new Date(Date.now() + hours * 3600000 + 8 * 3600000).toISOString().slice(0, 16); /* of Shanghai, for datetime-local */
const day = () => ({ title: `活动${next()}`, body: "带上水杯", spot: "活动室", starts_at: clock(50), ends_at: clock(52), capacity: "5", gives_hours: "1" });
async function activity(who = "secretary") { return id(await act(who, `${days}/new`, day()), /activity\/(\d+)/); }
/* One for which the resident has signed up, and which has begun. */
async function begun() {
    const e = await activity();
    await act("resident", `${days}/${e}/sign`, { on: "1" });
    sql(data, `UPDATE activity SET starts_at = ${Date.now() - 3600000} WHERE community = ${COMMUNITY} AND entry = ${e}`);
    return e;
}
const notices = `/p/${COMMUNITY}/bulletin/announcement`;
const notice = (more = {}) => ({ title: `通知${next()}`, body: "**请看**", weight: "plain", then: "send", ...more });
async function published(more) { return id(await act("secretary", `${notices}/new`, notice(more)), /announcement\/(\d+)/); }
const words = () => ({ title: `桂花开了${next()}`, body: "香得很" });
const guide = `/p/${COMMUNITY}/guide/guide`;
const matterFields = () => ({ name: `借梯子${next()}`, theme: "other", reach: "community", materials: "身份证|原件", counter: "居委会", steps: "来一趟" });
async function matter() { return id(await act("secretary", `${guide}/new`, matterFields()), /guide\/guide\/(\d+)/); }
const aGroup = () => ({ name: `小组${next()}`, about: "每周六上午" });
async function group({ agreed = true, joined = false } = {}) {
    sql(data, "UPDATE talk_group SET state = 'closed' WHERE state = 'waiting'");
    const g = id(await act("author", `${lane}/groups/new`, aGroup()), /group\/(\d+)/);
    if (agreed) await act("secretary", `${lane}/group/${g}/decide`, { accept: "yes" });
    if (joined) await act("resident", `${lane}/group/${g}/join`, { on: "1" });
    return g;
}
const member = () => one(`SELECT person FROM talk_member WHERE community = ${COMMUNITY} ORDER BY talk_group DESC, since DESC LIMIT 1`);
async function flagged(who = "author") {
    sql(data, "UPDATE moderation_measure SET ends_at = 1 WHERE kind = 'muted'");
    const e = id(await act(who, `${lane}/new`, words()), /neighbour_talk\/(\d+)/);
    await act("resident", `/p/${COMMUNITY}/flag/entry/${e}`, { reason: "insult" });
    return one(`SELECT MAX(id) FROM moderation_case WHERE community = ${COMMUNITY}`);
}
/* The hours of the author, a certificate of them, and a correction that the secretary has just made. */
const hoursLine = () => one(`SELECT MIN(id) FROM hours WHERE community = ${COMMUNITY} AND helper = ${who("author")} AND corrects = 0`);
const period = () => ({ place: COMMUNITY, from: new Date(Date.now() - 300 * 86400e3).toISOString().slice(0, 10), to: new Date(Date.now() - 86400e3).toISOString().slice(0, 10) });
async function certificate() {
    await act("author", "/me/hours", period());
    return one(`SELECT MAX(id) FROM hours_certificate WHERE community = ${COMMUNITY} AND person = ${who("author")}`);
}
async function corrected() {
    const line = hoursLine();
    await act("secretary", `/desk/hours/${line}/correct`, { minutes: String(60 + next() % 300), reason: "核对过" });
    return { line, counter: one(`SELECT MAX(id) FROM hours WHERE community = ${COMMUNITY} AND corrects = ${line}`) };
}
async function measure() {
    await act("secretary", `/desk/moderation/${await flagged()}/hide`, { reason: "请好好说话" });
    return one(`SELECT MAX(id) FROM moderation_measure WHERE community = ${COMMUNITY}`);
}
const line = `/p/${COMMUNITY}/inquiry/police_line`, asked = `/desk/inquiry/${COMMUNITY}`;
const openWords = () => ({ title: `公开的问题${next()}`, question: "怎么办", public_answer: "这样办" });
/* A new question of the author's to the police; then answered, proposed to be published, or ended. */
async function inquiry(until) {
    sql(data, `UPDATE inquiry SET state = 'closed' WHERE community = ${COMMUNITY} AND (SELECT COUNT(*) FROM inquiry q WHERE q.community = ${COMMUNITY} AND q.state <> 'closed') >= 15`); /* nobody may have twenty open */
    const i = id(await act("author", `${line}/new`, words()), /mine\/(\d+)/);
    if (until === "close") { await act("author", `${line}/mine/${i}/close`); }
    if (until === "answer" || until === "propose") { await act("police", `${asked}/${i}/answer`, { text: "请来警务室" }); }
    if (until === "propose") { await act("police", `${asked}/${i}/propose`, openWords()); }
    return i;
}
async function question() {
    const i = await inquiry("propose");
    await act("author", `${line}/mine/${i}/wording`, { do: "agree" });
    return one(`SELECT entry FROM inquiry WHERE community = ${COMMUNITY} AND id = ${i}`);
}
async function entry() { return id(await act("author", `${lane}/new`, words()), /neighbour_talk\/(\d+)/); }
async function entryComment() {
    const e = await entry();
    await act("resident", `${lane}/${e}/comment`, { body: "真的香" });
    return { e, comment: one(`SELECT id FROM entry_comment WHERE community = ${COMMUNITY} AND entry = ${e}`) };
}

function aBoard() { return { name: `版块${next()}`, name_en: `Board ${number}`, icon: "report", readers: "everybody", writers: "residents", review: "none" }; }

/* A line of the file that the page offers as an example, for an estate that is not there yet. */
async function estateLine() {
    const [head, example = ""] = (await people.get("secretary").get("/desk/places/estates.csv")).text.replace(/^\ufeff/, "").split(/\r?\n/);
    return head.split(",").map((column, i) => (/name|名称|小区/.test(column) ? `导入新村${next()}` : /code|代码|community/.test(column) ? COMMUNITY : example.split(",")[i] || "")).join(",");
}

/* How much there is of everything that people make; what the clock does by itself is left out. */
const made = ["answer_template", "building", "correction", "dwelling", "estate", "estate_code", "media", "organisation", "organisation_service", "person", "person_residence", "post",
    "report", "report_comment", "report_draft", "report_follow", "report_join", "report_note", "report_step", "report_thumb", "residence", "roster_entry", "work_order", "board", "consent", "person_look", "entry", "entry_version", "entry_comment", "entry_thumb", "entry_follow", "activity", "activity_signup", "activity_feed", "hours", "hours_certificate", "hours_contest", "moderation_case", "moderation_flag", "moderation_measure", "watched_word", "provider", "slot", "booking", "bulletin", "bulletin_receipt", "bulletin_household", "exchange", "exchange_turn", "exchange_word", "property_account", "property_rating", "doctor_sign", "doctor_question", "doctor_message",
    "guide_item", "guide_version", "guide_synonym", "guide_vote", "guide_help", "guide_help_step"];
made.push("party_branch", "party_member", "party_person", "party_commitment", "party_thanks", "party_task", "party_transfer");
made.push("talk_group", "talk_member", "talk_topic", "talk_rules");
made.push("bulletin_question", "document", "inquiry", "inquiry_message", "inquiry_public", "inquiry_template", "officer", "officer_community");
function count() {
    const statement = [...made.map((x) => `SELECT '${x}' AS of, COUNT(*) AS n FROM ${x}`), "SELECT 'ledger', COUNT(*) FROM ledger WHERE actor <> 0", "SELECT 'inquiry ' || state || ' ' || sharing, COUNT(*) FROM inquiry GROUP BY state, sharing", "SELECT 'ended', SUM(CASE WHEN valid_to > 0 THEN 1 ELSE 0 END) FROM organisation",
        "SELECT 'state ' || state, COUNT(*) FROM report GROUP BY state", "SELECT 'order ' || state, COUNT(*) FROM work_order GROUP BY state", "SELECT 'entry ' || state, COUNT(*) FROM entry GROUP BY state", "SELECT 'hidden', SUM(hidden) FROM entry", "SELECT 'void', COUNT(*) FROM hours_certificate WHERE revoked_at > 0", "SELECT 'answered', COUNT(*) FROM hours_contest WHERE answered_at > 0", "SELECT 'place ' || state, COUNT(*) FROM activity_signup GROUP BY state", "SELECT 'photos', SUM(photos) FROM entry", "SELECT 'booking ' || state, COUNT(*) FROM booking GROUP BY state", "SELECT 'turn ' || state, COUNT(*) FROM exchange_turn GROUP BY state", "SELECT 'queue', SUM(queue) FROM exchange", "SELECT 'places', SUM(capacity) FROM slot", "SELECT 'doctor ' || state, COUNT(*) FROM doctor_sign GROUP BY state", "SELECT 'question ' || state, COUNT(*) FROM doctor_question GROUP BY state", "SELECT 'extended', SUM(extended) FROM work_order"].join(" UNION ALL ") + " ORDER BY 1, 2";
    if (urlOf(data)) { return psql(urlOf(data), statement); }
    return execFileSync("sqlite3", ["-readonly", join(data, "lilong.db"), statement], { encoding: "utf8" });
}

test("every route that takes a key is in the table, and nothing else", () => {
    assert.deepEqual(Object.keys(table).sort(), routes().filter((r) => r.method === "POST" && /\bwrite\b/.test(r.flags) && !/no-key/.test(r.flags)).map((r) => r.name).sort());
});

for (const [name, make] of Object.entries(table)) {
    test(`${name}: acts once`, { timeout: 60000 }, async (tt) => {
        for (const at of ["one after the other", "at the same moment"]) {
            const made = await make();
            if (!made) { tt.skip("nothing to act on yet"); return; }
            const [by, path, fields, { quiet = false } = {}] = made, b = typeof by === "string" ? people.get(by) : by, key = `once-${next()}`;
            await b.csrf();
            const before = count();
            const answers = at === "at the same moment" ? await Promise.all([1, 2, 3].map(() => send(b, path, fields, key))) : [await send(b, path, fields, key)];
            const once = count();
            if (at !== "at the same moment") { answers.push(await send(b, path, fields, key)); }
            for (const a of answers) {
                assert.match(String(a.status), /^(200|201|303)$/, `${at}: ${a.status} ${a.text.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ").slice(0, 300)}`);
                assert.equal(a.status, answers[0].status, at);
                assert.equal(a.location, answers[0].location, at);
            }
            assert.equal(answers.filter((a) => a.headers["idempotency-replayed"] === "true").length, answers.length - 1, `${at}: all but the first are told that they were repeats`);
            assert.equal(count(), once, `${at}: the repeat has acted`);
            if (!quiet) { assert.notEqual(once, before, `${at}: nothing was done at all`); }
            const rows = (text) => new Map(text.trim().split("\n").map((l) => l.split("|")));
            for (const [what, n] of rows(once)) {
                const was = rows(before).get(what) || 0;
                if (at === "at the same moment") { assert.ok(Math.abs(n - was) <= (singles.get(`${name} ${what}`) ?? 0), `${what}: ${was} became ${n}`); } else { singles.set(`${name} ${what}`, Math.abs(n - was)); }
            }
        }
    });
}
const singles = new Map();

test("the same key with other words is refused, and does nothing", { timeout: 60000 }, async () => {
    const r = await report(), b = people.get("resident");
    assert.equal((await send(b, `${home}/${r}/comment`, { body: "一" }, "reused")).status, 303);
    const before = count(), a = await send(b, `${home}/${r}/comment`, { body: "二" }, "reused");
    assert.equal(a.status, 422);
    assert.equal(count(), before);
});
