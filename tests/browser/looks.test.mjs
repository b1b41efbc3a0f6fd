/* looks.test.mjs: every kind of page, as a guest, a newcomer, a resident, staff and the first administrator meet it: in Chinese, normal and dark, then in care
 * mode; in English. All of axe-core finds nothing at 375 and at 1366 px, nothing runs out of the screen at 320 either, no text is of the other language, and
 * care mode is as large as it promises. Which pages there are, the program says: one that no walk visits is told. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { COMMUNITY, WECHAT, copyWorld, lilong, scene, serve, sql, tail } from "../support/world.mjs";
import { documentNumber, mobile } from "../support/people.mjs";
import { actors, things } from "../support/actors.mjs";
import { COLOURS, LAYOUT, PHONE, care, catalogue, device, launch, look, outward, press, shot, turn } from "./kit.mjs";

const STREET = COMMUNITY.slice(0, 9) + "000", DISTRICT = COMMUNITY.slice(0, 6) + "000000", CITY = "310000000000";
const EMPTY = "310113007001"; /* a committee of the real tree in which nothing has happened yet */
/* Fades are off: colours are looked at in the moment in which the theme changes. */
const LOCALES = process.env.LILONG_LOOKS_LOCALE ? [process.env.LILONG_LOOKS_LOCALE] : ["zh-CN", "en-GB"]; /* one only, while mending */
const HAND = { ...PHONE, deviceScaleFactor: 1, reducedMotion: "reduce" }, DESK = { viewport: { width: 1366, height: 768 }, timezoneId: "Asia/Shanghai", reducedMotion: "reduce" };
const SPEAKS = { "zh-CN": { lang: "zh-CN", foreign: outward("en", catalogue("zh-CN")) }, "en-GB": { lang: "en", foreign: outward("zh-CN", catalogue("en")) } };
/* The same document in dark can differ in colours only, and in 320 px in layout only, so the short form asks only for these there; "whole" asks for everything everywhere. */
const WHOLE = process.env.LILONG_AXE === "whole";
const ONLY = process.env.LILONG_LOOKS ? new RegExp(process.env.LILONG_LOOKS) : null; /* some page kinds only, while mending them */

/* Addresses with a view that no browser shows; the new second factor is a page only right after the old one was proved, which no walk does yet. */
const NOT_PAGES = new Set(["/me/data/json", "/me/second/new"]);

let chromium, world, data, cast, t, reports, photo, pages = [];
const met = Object.fromEntries(LOCALES.map((l) => [l, { kinds: new Set(), pages: new Set() }]));

/* A page as it stands, in every width and theme of this mode. What is wrong is kept, so that one run tells all. */
async function see(d, kind) {
    if (ONLY && !ONLY.test(kind)) { return; }
    const widths = d.desk ? [1366, 375, 320] : [375, 1366, 320], wrong = [], speaks = SPEAKS[d.locale];
    for (const width of widths) {
        if (d.care && !d.desk && width === 1366) { continue; } /* care mode is the telephone's */
        await d.page.setViewportSize({ width, height: width === 1366 ? 768 : width === 375 ? 667 : 568 });
        const said = await look(d.page, WHOLE || width !== 320 ? null : LAYOUT, { foreign: width === widths[0] ? speaks.foreign : [] });
        if (d.care) { said.push(...await care(d.page)); }
        if (width !== 320) { await shot(d, `${d.mode}-${kind}-${width}`); }
        if (WHOLE || (width === widths[0] && !d.english)) {
            await d.page.evaluate(() => { document.documentElement.dataset.theme = "dark"; });
            const dark = await look(d.page, WHOLE ? null : COLOURS);
            said.push(...dark.filter((s) => WHOLE || COLOURS.some((c) => s.startsWith(c))).map((s) => `dark: ${s}`));
            if (!d.care || WHOLE) { await shot(d, `dark-${d.care ? "care-" : ""}${kind}-${width}`); }
            await d.page.evaluate(() => { delete document.documentElement.dataset.theme; });
        }
        wrong.push(...said.map((s) => `${width}: ${s}`));
    }
    const lang = await d.page.evaluate(() => document.documentElement.lang), path = new URL(d.page.url()).pathname;
    if (lang !== speaks.lang) { wrong.push(`speaks ${lang}`); }
    met[d.locale].kinds.add(kind);
    for (const p of pages) { if (p.fits.test(path)) { met[d.locale].pages.add(p.path); break; } }
    d.seen++;
    if (wrong.length) { d.faults.push(`${kind} (${new URL(d.page.url()).pathname.replace(/\d{15,}/g, "…")})\n      ${wrong.join("\n      ")}`); }
}
async function open(d, kind, path, status = 200) {
    if (ONLY && !ONLY.test(kind)) { return; }
    const a = await d.page.goto(path, { waitUntil: "load" });
    assert.equal(a.status(), status, `${kind}: ${path}`);
    await see(d, kind);
}
/* Sends the form as it stands, past what the browser checks and what our script does: the server's page with what is wrong. */
async function refused(d, kind, form, fill = {}) {
    if (ONLY && !ONLY.test(kind)) { return; }
    for (const [selector, value] of Object.entries(fill)) { await d.page.fill(selector, value); }
    const answer = d.page.waitForResponse((r) => r.request().method() === "POST" && r.request().isNavigationRequest());
    await turn(d, () => d.page.locator(form).first().evaluate((f) => HTMLFormElement.prototype.submit.call(f)));
    assert.equal((await answer).status(), 422, kind);
    assert.ok(await d.page.locator(".errors, .error-summary").count(), `${kind}: no summary of what is wrong`);
    await see(d, kind);
}

/* Somebody whom the page of the demo world does not list. */
async function become(d, person) {
    await d.page.goto("/demo");
    await d.page.locator('form[action="/demo"] input[name="person"]').first().evaluate((e, id) => { e.value = id; }, person);
    await press(d, 'form[action="/demo"] button');
}

/* ---- who meets what --------------------------------------------------------------------------------------------- */

async function guest(d) {
    await open(d, "front", "/");
    await open(d, "find", "/?q=%E5%90%B4%E6%B7%9E");
    await open(d, "find-nothing", "/?q=zzzz");
    await open(d, "home-guest", `/p/${COMMUNITY}`);
    await open(d, "home-empty", `/p/${EMPTY}`);
    await open(d, "street", `/p/${STREET}`);
    await open(d, "district", `/p/${DISTRICT}`);
    await open(d, "city", `/p/${CITY}`);
    for (const [kind, place] of [["community", COMMUNITY], ["street", STREET], ["district", DISTRICT], ["city", CITY], ["empty", EMPTY]]) { await open(d, `figures-${kind}`, `/p/${place}/figures`); }
    await open(d, "figure", `/p/${COMMUNITY}/figures/reported`);
    await open(d, "begin-guest", `/p/${COMMUNITY}/write`);
    await open(d, "list-guest", `/p/${COMMUNITY}/report`);
    await open(d, "list-nothing-found", `/p/${COMMUNITY}/report?q=zzzz`);
    await open(d, "list-empty", `/p/${EMPTY}/report`);
    for (const r of reports.filter((x) => !x.hidden)) { await open(d, `report-${r.kind}`, `/p/${COMMUNITY}/report/${r.id}`); }
    await open(d, "code", `/q/${t.code}`);
    await open(d, "certificate", "/certificate");
    await open(d, "certificate-true", `/certificate?number=${COMMUNITY}${sql(data, "SELECT code FROM hours_certificate WHERE revoked_at = 0 LIMIT 1")[0].code}`);
    await open(d, "certificate-unknown", "/certificate?number=310113007011-2222-2222-2222", 404);
    await open(d, "privacy", "/privacy");
    await open(d, "settings-guest", "/settings");
    await open(d, "demo", "/demo");
    await open(d, "sign-in", "/sign-in");
    await refused(d, "sign-in-422", 'form[action="/sign-in/phone"]', { 'form[action="/sign-in/phone"] input[type="tel"], form[action="/sign-in/phone"] #phone': "123" });
    if (!ONLY) {
        await d.page.goto("/sign-in");
        await d.page.fill('form[action="/sign-in/phone"] [name="phone"]', mobile(d.care ? 82 : d.english ? 83 : 81));
        await press(d, 'form[action="/sign-in/phone"] button[type="submit"]');
        await see(d, "sign-in-code");
        await refused(d, "sign-in-code-422", 'form[action="/sign-in/code"]', { "#code": "12" });
    }
    await open(d, "sign-in-wechat-lost", "/sign-in/wechat/back?state=x");
    await open(d, "sign-in-password", "/sign-in/password");
    await refused(d, "sign-in-password-422", 'form[action="/sign-in/password"]');
    await open(d, "404", "/p/310113007011/report/1", 404);
    await open(d, "404-place", "/p/310113007999", 404);
}

async function newcomer(d) {
    const number = d.care ? 72 : d.english ? 73 : 71;
    await d.page.goto(`/q/${t.code}`);
    await press(d, 'a[href^="/join"]');
    await see(d, "join-phone");
    await refused(d, "join-phone-422", 'form[action="/join"]', { "#phone": "1" });
    await d.page.fill("#phone", mobile(number));
    await press(d, 'form[action="/join"] button[type="submit"]');
    await see(d, "join-code");
    const code = /\d{6}/.exec(await d.page.locator(".tip b").first().textContent())[0];
    await refused(d, "join-code-422", 'form[action="/join/code"]', { "#code": code === "000000" ? "111111" : "000000" });
    await d.page.fill("#code", code);
    await press(d, 'form[action="/join/code"] button[type="submit"]');
    await see(d, "join-name");
    await refused(d, "join-name-422", 'form[action="/join/name"]', { "#name": "", "#number": "123" });
    await d.page.fill("#name", "钱一诺");
    await d.page.fill("#number", documentNumber(number));
    await press(d, 'form[action="/join/name"] button[type="submit"]');
    await see(d, "join-home");
    await refused(d, "join-home-422", 'form[action="/join/home"]', { "#room": "9999" });
    await d.page.fill("#room", t.free.room);
    await d.page.selectOption("#building", String(t.free.building));
    await press(d, 'form[action="/join/home"] button[type="submit"]');
    await see(d, "join-consent");
    await refused(d, "join-consent-422", 'form[action="/join/consent"]');
    await open(d, "me-not-yet", "/me");
    await open(d, "messages-empty", "/messages");
    await d.page.goto("/join/consent");
    await d.page.check("#agree");
    await press(d, 'form[action="/join/consent"] button[type="submit"]');
    await see(d, "join-waiting");
    await open(d, "home-waiting", `/p/${COMMUNITY}`);
    await open(d, "403", `/p/${COMMUNITY}/report/new`, 403);
}

async function resident(d) {
    await become(d, cast.author);
    await open(d, "home", `/p/${COMMUNITY}`);
    await open(d, "search", `/p/${COMMUNITY}/search?q=%E6%A1%82%E8%8A%B1`);
    await open(d, "search-nothing", `/p/${COMMUNITY}/search?q=%E6%B2%A1%E6%9C%89%E7%9A%84%E8%AF%8D`);
    await open(d, "list", `/p/${COMMUNITY}/report`);
    await open(d, "list-mine", `/p/${COMMUNITY}/report?state=mine`);
    await open(d, "report-own", `/p/${COMMUNITY}/report/${t.report}`);
    await open(d, "redact", `/p/${COMMUNITY}/report/${t.report}/redact`);
    await refused(d, "redact-422", 'form[action$="/redact"]', { "#title": "" });
    await refusedComment(d);
    for (const page of ["", "/household", "/identity", "/sessions", "/password", "/data", "/close", "/close/sure"]) { await open(d, `me${page.replace("/", "-")}`, `/me${page}`); }
    await d.page.goto("/me/password");
    await refused(d, "me-password-422", 'main form[action^="/me/password"]');
    await open(d, "messages", "/messages");
    await open(d, "me-notify", "/me/notify");
    await open(d, "me-wechat", "/me/wechat");
    await open(d, "wechat-lost", "/me/wechat/back?state=x");
    await d.page.goto("/me/notify");
    await d.page.locator("details summary").first().click();
    await see(d, "me-notify-more");
    await open(d, "settings", "/settings");
    const lane = `/p/${COMMUNITY}/talk/neighbour_talk`;
    await open(d, "flag", `/p/${COMMUNITY}/flag/report_comment/${t.comment}`);
    await open(d, "me-measures", "/me/measures");
    await open(d, "me-hours", "/me/hours");
    await refused(d, "me-hours-422", 'form[action="/me/hours"]', { "#from": "2035-01-01" });
    await open(d, "hours", `/p/${COMMUNITY}/hours`);
    await open(d, "talk", lane);
    await open(d, "talk-own", `${lane}/${t.entry}`);
    await open(d, "talk-papers", `${lane}/${t.papers}`);
    await open(d, "talk-photo", `/media/${COMMUNITY}/${t.album}/photo`);
    await open(d, "talk-edit", `${lane}/${t.entry}/edit`);
    await open(d, "talk-write", `${lane}/new`);
    await refused(d, "talk-write-422", "main form[enctype]", { "#title": "团购群", "#body": "电话13800138000" });
    await open(d, "talk-groups", `${lane}/groups`);
    await open(d, "talk-group", `${lane}/group/${t.boards.talk.group}`);
    await open(d, "talk-group-new", `${lane}/groups/new`);
    await open(d, "talk-rules", `${lane}/rules`);
    const notices = `/p/${COMMUNITY}/bulletin/announcement`;
    await open(d, "bulletin", notices);
    await open(d, "bulletin-one", `${notices}/${t.notice}`);
    await open(d, "bulletin-above", `/p/${STREET}/bulletin/announcement`);
    await open(d, "bulletin-print", `${notices}/${t.notice}/print`);
    const affairs = `/p/${COMMUNITY}/bulletin/open_affairs`;
    await open(d, "bulletin-affairs", affairs);
    await open(d, "bulletin-calendar", `${affairs}/calendar`);
    await open(d, "bulletin-accounts", `${affairs}/${t.accounts}`);
    await open(d, "bulletin-accounts-print", `${affairs}/${t.accounts}/print`);
    const days = `/p/${COMMUNITY}/activity/activity`;
    await open(d, "activity", days);
    await open(d, "activity-past", `${days}?show=past`);
    for (const [name, state] of [["done", "done"], ["cancelled", "cancelled"]]) { await open(d, `activity-${name}`, `${days}/${sql(data, `SELECT MIN(id) AS id FROM entry WHERE kind = 'activity' AND state = '${state}'`)[0].id}`); }
    await open(d, "activity-one", `${days}/${t.boards.activity.entry}`);
    await open(d, "activity-full", `${days}/${sql(data, "SELECT entry FROM activity WHERE waits > 0 LIMIT 1")[0].entry}`);
    await open(d, "activity-mine", `/p/${COMMUNITY}/activities`);
    await open(d, "activity-here", `${days}/${t.boards.activity.entry}/here?code=1-0`);
    const idle = `/p/${COMMUNITY}/exchange/idle_item`, helps = `/p/${COMMUNITY}/exchange/mutual_help`;
    await open(d, "exchange", idle);
    await open(d, "exchange-own", `${helps}/${t.boards.exchange.entry}`);
    await open(d, "exchange-edit", `${helps}/${t.boards.exchange.entry}/edit`);
    await open(d, "exchange-new", `${idle}/new`);
    await open(d, "exchange-write", `${idle}/new?sort=sell`);
    await refused(d, "exchange-write-422", "main form[enctype]", { "#title": "旧沙发", "#price": "很便宜" });
    await open(d, "exchange-wish", `/p/${COMMUNITY}/exchange/small_wish/new`);
    for (const list of ["given", "taken", "return"]) { await open(d, `exchange-mine-${list}`, `/p/${COMMUNITY}/exchanges?list=${list}`); }
    const services = `/p/${COMMUNITY}/service/community_service`;
    await open(d, "service", services);
    await open(d, "service-one", `${services}/${t.provider}`);
    const property = `/p/${COMMUNITY}/service/property_window`;
    await open(d, "service-property", property);
    await open(d, "service-repair", `${property}/repair`);
    await refused(d, "service-repair-422", "main form[enctype]");
    await open(d, "service-accounts", `${property}/accounts`);
    await open(d, "service-account", `${property}/${t.boards.service.parts[1].entry}`);
    await open(d, "service-rating", `${property}/rating`);
    await open(d, "begin", `/p/${COMMUNITY}/write`);
    await open(d, "service-doctor", `/p/${COMMUNITY}/service/family_doctor/mine`);
    await refused(d, "service-doctor-422", 'form[action$="/ask"]');
    await open(d, "service-doctor-question", `/p/${COMMUNITY}/service/family_doctor/ask/${t.boards.service.parts[0].ask}`);
    await open(d, "service-bookings", `/p/${COMMUNITY}/bookings`);
    const guide = `/p/${COMMUNITY}/guide/guide`, ofCity = "/p/310000000000/guide/guide";
    await open(d, "guide", guide);
    await open(d, "guide-found", `${guide}?q=${encodeURIComponent("小孩上户口")}`);
    await open(d, "guide-nothing", `${guide}?q=${encodeURIComponent("开演唱会")}`);
    await open(d, "guide-matter", `${ofCity}/${t.matter}`);
    await open(d, "guide-help-new", `${guide}/help/new?item=${t.matter}&of=310000000000`);
    await open(d, "guide-help-write", `${guide}/help/new`);
    await refused(d, "guide-help-422", 'main form[action$="/help/new"]');
    await asked(d);
    await open(d, "403-desk", "/desk", 403);
    await write(d);
    await comrades(d);
    await become(d, t.asker);
    await open(d, "me-help", "/me/help");
    await open(d, "guide-help-done", `${guide}/help/${t.helped}`);
    await become(d, cast.confirmer);
    const confirm = reports.find((r) => r.kind === "confirming");
    await open(d, "confirm", `/p/${COMMUNITY}/report/${confirm.id}`);
    await refused(d, "confirm-422", 'form[action$="/confirm"]:has([name="rating"])');
}
/* Members of the Party: as neighbours meet them, as one meets oneself, with and without showing it. */
async function comrades(d) {
    const of = (where) => sql(data, `SELECT m.id, m.person FROM party_member m WHERE m.community = ${COMMUNITY} AND m.state = 'confirmed' AND ${where} ORDER BY m.id LIMIT 1`)[0];
    const busy = of("m.shown = 1 AND EXISTS (SELECT 1 FROM party_commitment c WHERE c.community = m.community AND c.member = m.id) AND EXISTS (SELECT 1 FROM party_task k WHERE k.community = m.community AND k.member = m.id)");
    const done = sql(data, "SELECT subject FROM party_task WHERE kind = 'report' AND state = 'done' LIMIT 1")[0], wish = sql(data, "SELECT k.subject, e.author FROM party_task k JOIN entry e ON e.community = k.community AND e.id = k.subject WHERE k.kind = 'wish' LIMIT 1")[0];
    await open(d, "party", `/p/${COMMUNITY}/party`);
    await open(d, "party-member", `/p/${COMMUNITY}/party/${busy.id}`);
    await open(d, "party-report", `/p/${COMMUNITY}/report/${done.subject}`);
    await open(d, "party-ask", "/me/party");
    await become(d, wish.author);
    await open(d, "party-wish", `/p/${COMMUNITY}/exchange/small_wish/${wish.subject}`);
    await become(d, busy.person);
    await open(d, "party-mine", "/me/party");
    await refused(d, "party-mine-422", 'form[action="/me/party/commit"]');
    await become(d, sql(data, `SELECT person FROM party_transfer WHERE community = ${COMMUNITY} AND state = 'asked' LIMIT 1`)[0].person);
    await open(d, "party-going", "/me/party");
    await become(d, busy.person);
    await open(d, "party-take", `/p/${COMMUNITY}/report/${t.report}`);
    await become(d, of("m.shown = 0").person);
    await open(d, "party-not-shown", "/me/party");
    await refused(d, "party-not-shown-422", 'form[action="/me/party/show"]');
    await become(d, cast.author);
}
/* Questions to the police: a resident's own, one whose publication waits for a word, a published one. */
async function asked(d) {
    const line = `/p/${COMMUNITY}/inquiry/police_line`, proposed = sql(data, `SELECT id, asker FROM inquiry WHERE community = ${COMMUNITY} AND sharing = 'proposed' LIMIT 1`)[0];
    await open(d, "inquiry", line);
    await open(d, "inquiry-new", `${line}/new`);
    await refused(d, "inquiry-new-422", 'form[action$="/new"]', { "#title": "" });
    await open(d, "inquiry-mine", `${line}/mine/${t.boards.inquiry.mine}`);
    await open(d, "inquiry-public", `${line}/${t.boards.inquiry.entry}`);
    await open(d, "inquiry-all-mine", "/me/inquiries");
    await become(d, proposed.asker);
    await open(d, "inquiry-proposed", `${line}/mine/${proposed.id}`);
    await become(d, cast.author);
}
async function answers(d) {
    await become(d, cast.police);
    await open(d, "desk-inquiries", "/desk/inquiry");
    await open(d, "desk-inquiry-asked", `/desk/inquiry/${COMMUNITY}/${sql(data, `SELECT id FROM inquiry WHERE community = ${COMMUNITY} AND state = 'asked' LIMIT 1`)[0].id}`);
    await open(d, "desk-inquiry", `/desk/inquiry/${COMMUNITY}/${t.inquiry}`);
    await refused(d, "desk-inquiry-422", 'form[action$="/transfer"]');
    await open(d, "desk-inquiry-templates", "/desk/inquiry/templates");
    await open(d, "desk-officers", "/desk/officers");
    await open(d, "desk-officer", `/desk/officers/${t.officer}`);
    await refused(d, "desk-officer-422", 'form[enctype="multipart/form-data"]', { "#badge": "不对" });
}
async function refusedComment(d) {
    await d.page.goto(`/p/${COMMUNITY}/report/${t.report}`);
    await refused(d, "comment-422", 'form[action$="/comment"]');
}

async function write(d) {
    await d.page.goto(`/p/${COMMUNITY}/report/new`);
    const base = d.care ? "care-" : "";
    if (d.care) { await steps(d); } else {
        await see(d, "write");
        await refused(d, "write-422", 'form[enctype="multipart/form-data"]');
        await d.page.setInputFiles('input[name="photos"][multiple]', [{ name: "beds.png", mimeType: "image/png", buffer: photo }]);
        await d.page.waitForFunction(() => document.querySelectorAll(".uploader-item canvas, .uploader-item img").length === 1);
        await see(d, "write-photo");
        await d.page.fill("#spot", "中心广场东侧");
        await d.page.fill("#title", "广场变菜园，有事打 13912345678");
        await d.page.fill("#body", "绿地被人翻土种菜，冒烟着火了也没人管。");
        await press(d, 'form[enctype="multipart/form-data"] button[type="submit"]');
    }
    assert.match(d.page.url(), /\/preview$/);
    await see(d, `${base}preview`);
    const draft = new URL(d.page.url()).pathname.replace(/\/preview$/, "");
    await open(d, "draft", draft);
    await open(d, "draft-step", `${draft}/step`);
    await d.page.goto(`${draft}/preview`);
    await press(d, 'form[action$="/send"] button');
    await see(d, "sent");
}
/* Care mode: one thing a screen. */
async function steps(d) {
    await see(d, "care-photos");
    await d.page.setInputFiles('input[name="photos"][multiple]', [{ name: "beds.png", mimeType: "image/png", buffer: photo }]);
    await d.page.waitForFunction(() => document.querySelectorAll(".uploader-item canvas, .uploader-item img").length === 1);
    await press(d, 'main form button[type="submit"]');
    await see(d, "care-place");
    await refused(d, "care-place-422", "main form");
    await d.page.fill("#spot", "中心广场东侧");
    await press(d, 'main form button[type="submit"]');
    await see(d, "care-words");
    await refused(d, "care-words-422", "main form");
    await d.page.fill("#title", "广场变菜园，有事打 13912345678");
    await press(d, 'main form button[type="submit"]');
    await see(d, "care-category");
    await press(d, 'main form button[type="submit"]');
    await see(d, "care-similar");
    await press(d, 'main a.btn[href$="/preview"]');
}

async function secretary(d) {
    await become(d, cast.secretary);
    await open(d, "desk", "/desk");
    for (const list of ["answer", "handling", "checking", "late"]) { await open(d, `desk-${list}`, `/desk?list=${list}`); }
    await open(d, "desk-search", "/desk/search?q=%E7%94%B5%E6%A2%AF");
    await open(d, "search-staff", `/p/${COMMUNITY}/search?q=${encodeURIComponent("3号楼")}`);
    if (!ONLY || ONLY.test("people-found")) {
        await d.page.goto(`/p/${COMMUNITY}/search?q=${encodeURIComponent("3号楼")}`);
        await press(d, 'form[action="/desk/people"] button');
        await see(d, "people-found");
    }
    await open(d, "desk-search-nothing", "/desk/search?q=zzzz");
    for (const r of reports) { await open(d, `desk-report-${r.kind}`, `/desk/report/${COMMUNITY}/${r.id}`); }
    await open(d, "desk-answer", `/desk/report/${COMMUNITY}/${reports.find((r) => r.kind === "reported").id}`);
    await refused(d, "desk-hand-off-422", 'form[action$="/hand-off"]');
    await open(d, "desk-residents", "/desk/residents");
    await open(d, "desk-resident", `/desk/residents/${t.waiting}`);
    await open(d, "desk-resident-new", "/desk/residents/new");
    await refused(d, "desk-resident-new-422", 'main form[method="post"]');
    await open(d, "desk-people", "/desk/people");
    await open(d, "desk-corrections", "/desk/corrections");
    await open(d, "desk-posts", "/desk/posts");
    await open(d, "desk-roster", "/desk/roster");
    await d.page.goto("/desk/roster");
    await d.page.setInputFiles('main input[type="file"]', [{ name: "roster.csv", mimeType: "text/csv", buffer: Buffer.from("楼栋,室号,姓名,证件号\n1号楼,101,测试,1\n") }]);
    await turn(d, () => d.page.locator('main form:has(input[type="file"])').first().evaluate((f) => HTMLFormElement.prototype.submit.call(f)));
    await see(d, "desk-roster-result");
    await open(d, "desk-templates", "/desk/templates");
    await open(d, "desk-place", `/desk/places/${COMMUNITY}`);
    await open(d, "desk-estate", `/desk/places/${COMMUNITY}/estate/${t.estate}`);
    await open(d, "desk-organisations", "/desk/organisations");
    await open(d, "desk-organisation", `/desk/organisations/${t.organisation}`);
    await open(d, "desk-party", "/desk/party");
    await refused(d, "desk-party-422", 'form[action="/desk/party/branch"]:last-of-type', { "#name": "" });
    await open(d, "desk-boards", "/desk/boards");
    await open(d, "desk-hours", "/desk/hours");
    await open(d, "desk-hours-line", `/desk/hours/${t.line}`);
    await refused(d, "desk-hours-line-422", 'form[action$="/correct"]', { "#reason": "" });
    await open(d, "desk-contests", "/desk/contests");
    await open(d, "desk-contest", `/desk/contests/${COMMUNITY}/${t.counter}`);
    await refused(d, "desk-contest-422", 'form[action*="/desk/contests/"]');
    await open(d, "desk-moderation", "/desk/moderation");
    await open(d, "desk-case", `/desk/moderation/${t.moderation_case}`);
    await refused(d, "desk-case-422", 'form[action$="/hide"]');
    await open(d, "desk-changes", `/p/${COMMUNITY}/history/report/${t.redacted}`);
    await open(d, "desk-appeals", "/desk/appeals");
    await open(d, "desk-appeal", `/desk/appeals/${COMMUNITY}/${t.measure}`);
    await open(d, "desk-words", "/desk/words");
    const services = `/p/${COMMUNITY}/service/community_service`;
    await open(d, "service-run", `${services}/${t.provider}`);
    await open(d, "service-slot", `${services}/slot/${t.slot}`);
    await open(d, "service-new", `${services}/new`);
    await refused(d, "service-new-422", "main form[enctype]", { "#title": "修鞋", "#monday": "九点" });
    await open(d, "service-project-new", `${services}/new?sort=project`);
    await open(d, "service-edit", `${services}/${t.provider}/edit`);
    await open(d, "service-times", `${services}/${t.provider}/slots`);
    await refused(d, "service-times-422", 'main form[action$="/slots"]');
    const notices = `/p/${COMMUNITY}/bulletin/announcement`;
    await open(d, "bulletin-run", `${notices}/${t.notice}`);
    await open(d, "bulletin-new", `${notices}/new`);
    await refused(d, "bulletin-new-422", "main form[enctype]", { "#title": "停水", "#body": "" });
    await open(d, "bulletin-draft", `${notices}/${t.notice_draft}`);
    await open(d, "bulletin-edit", `${notices}/${t.notice_draft}/edit`);
    await open(d, "bulletin-accounts-run", `/p/${COMMUNITY}/bulletin/open_affairs/${t.accounts}`);
    await open(d, "bulletin-accounts-edit", `/p/${COMMUNITY}/bulletin/open_affairs/${t.accounts}/edit`);
    await open(d, "bulletin-accounts-new", `/p/${COMMUNITY}/bulletin/open_affairs/new`);
    await open(d, "desk-bulletin-questions", "/desk/bulletin?list=questions");
    await open(d, "bulletin-readers", `${notices}/${t.notice}/readers`);
    await open(d, "bulletin-history", `${notices}/${t.notice}/history`);
    await open(d, "desk-bulletin", "/desk/bulletin?list=draft");
    await open(d, "desk-bulletin-reading", "/desk/bulletin?list=reading");
    await open(d, "desk-bulletin-doors", `/desk/bulletin/${COMMUNITY}/${t.notice}`);
    const days = `/p/${COMMUNITY}/activity/activity`, begun = sql(data, "SELECT id FROM entry WHERE title LIKE '主题党日%'")[0].id;
    await open(d, "activity-run", `${days}/${begun}`);
    await open(d, "activity-planned", `${days}?show=planned`);
    await open(d, "activity-new", `${days}/new`);
    await refused(d, "activity-new-422", "main form[enctype]", { "#title": "包粽子" });
    await open(d, "activity-edit", `${days}/${t.boards.activity.entry}/edit`);
    sql(data, `UPDATE activity SET starts_at = ${Date.now() - 600000}, gives_hours = 1 WHERE entry = ${begun}`);
    await open(d, "activity-roll", `${days}/${begun}/roll`);
    await refused(d, "activity-roll-422", 'form[action$="/close"]', { "#minutes": "" });
    await open(d, "activity-code", `${days}/${begun}/code`);
    await open(d, "talk-run", `/p/${COMMUNITY}/talk/neighbour_talk/${t.entry}`);
    await open(d, "talk-keep", `/p/${COMMUNITY}/talk/neighbour_talk/keep`);
    await open(d, "talk-groups-run", `/p/${COMMUNITY}/talk/neighbour_talk/groups`);
    const guide = `/p/${COMMUNITY}/guide/guide`;
    await open(d, "desk-help", "/desk/guide/help");
    await open(d, "desk-daily-own", "/desk/daily");
    await open(d, "desk-daily-none", "/desk/daily?day=2020-01-01");
    await open(d, "guide-help-desk", `${guide}/help/${t.boards.guide.help}`);
    await open(d, "guide-run", `${guide}/${t.boards.guide.entry}`);
    await open(d, "guide-new", `${guide}/new`);
    await refused(d, "guide-new-422", 'main form[action$="/new"]', { "#materials": "身份证|羊皮纸" });
    await open(d, "guide-edit", `${guide}/${t.boards.guide.entry}/edit`);
    await open(d, "guide-words", `${guide}/words`);
    await open(d, "guide-figures", `${guide}/figures`);
    await open(d, "desk-404", `/desk/report/${COMMUNITY}/1`, 404);
    await open(d, "desk-403", `/desk/places/${STREET}/below`, 403);
    await open(d, "report-hidden", `/p/${COMMUNITY}/report/${reports.find((r) => r.hidden).id}`);
}
async function others(d) {
    await answers(d);
    const doctor = sql(data, "SELECT post.person FROM post JOIN organisation ON organisation.id = post.organisation WHERE organisation.kind = 'family_doctor' AND post.role = 'handler' LIMIT 1")[0].person;
    await become(d, doctor);
    await open(d, "desk-service", "/desk/service");
    await open(d, "desk-service-requests", "/desk/service?list=requests");
    await open(d, "desk-service-today", "/desk/service?list=today");
    await open(d, "service-team", `/p/${COMMUNITY}/service/family_doctor/team`);
    await become(d, sql(data, `SELECT post.person FROM post JOIN organisation ON organisation.id = post.organisation WHERE organisation.kind = 'property_company' AND organisation.place = ${COMMUNITY} AND post.valid_to = 0 LIMIT 1`)[0].person);
    await open(d, "service-account-new", `/p/${COMMUNITY}/service/property_window/accounts/new`);
    await refused(d, "service-account-new-422", "main form[enctype]", { "#opening": "很多" });
    await become(d, cast.handler);
    await open(d, "orders", "/desk");
    await open(d, "order", `/desk/report/${COMMUNITY}/${t.report}`);
    await become(d, cast.street);
    await open(d, "desk-street", "/desk");
    await open(d, "desk-daily", "/desk/daily");
    await open(d, "desk-places", "/desk/places");
    await open(d, "desk-report-street", `/desk/report/${COMMUNITY}/${t.report}`);
    await open(d, "party-street", `/p/${STREET}/party`);
    /* a community whose committee has nobody to answer: the same correction, in its book */
    const lone = sql(data, `SELECT code FROM place WHERE parent = ${STREET} AND valid_to = 0 AND code NOT IN (SELECT o.place FROM organisation o JOIN post p ON p.organisation = o.id) LIMIT 1`)[0].code;
    sql(data, `INSERT OR IGNORE INTO hours SELECT ${lone}, id, helper, helped, organisation, minutes, day, what, subject_kind, subject, confirmed_by, corrects, reason, at FROM hours WHERE community = ${COMMUNITY} AND id IN (${t.line}, ${t.counter})`);
    sql(data, `INSERT OR IGNORE INTO hours_contest SELECT ${lone}, line, person, words, at, answer, restored, answered_by, answered_at FROM hours_contest WHERE community = ${COMMUNITY} AND line = ${t.counter}`);
    await open(d, "desk-contests-street", "/desk/contests");
    await open(d, "desk-contest-street", `/desk/contests/${lone}/${t.counter}`);
    await open(d, "desk-boards-street", "/desk/boards");
    await open(d, "desk-board-new", "/desk/boards/new");
    await refused(d, "desk-board-new-422", 'main form[action="/desk/boards"]');
    await become(d, cast.city);
    await open(d, "desk-board", `/desk/boards/${t.board}`);
    await open(d, "desk-city", "/desk");
    await become(d, cast.administrator);
    await open(d, "desk-administrator", "/desk");
    await open(d, "desk-letters", "/desk/letters");
    await open(d, "desk-places-all", "/desk/places");
}

/* An installation without a demo world: its first administrator, a password, a second factor. */
function totp(secret, at = Date.now()) {
    const bits = [...secret.replace(/[\s=]/g, "")].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
    const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2))), count = Buffer.alloc(8);
    count.writeBigUInt64BE(BigInt(Math.floor(at / 30000)));
    const mac = createHmac("sha1", key).update(count).digest(), o = mac[19] & 15;
    return String((mac.readUInt32BE(o) & 0x7fffffff) % 1000000).padStart(6, "0");
}
async function administrator(d, dir) {
    await d.page.goto("/first");
    await see(d, "first");
    await refused(d, "first-422", 'form[action="/first"]');
    await d.page.fill("#code", d.first);
    await d.page.fill("#name", "章一帆");
    await d.page.fill("#login", "zhang");
    for (const id of ["#password", "#again"]) { await d.page.fill(id, "four quiet cranes at dusk"); }
    await press(d, 'form[action="/first"] button[type="submit"]');
    if (!/sign-in\/setup/.test(d.page.url())) {
        await d.page.goto("/sign-in/password");
        await d.page.fill("#login", "zhang");
        await d.page.fill("#password", "four quiet cranes at dusk");
        await press(d, 'form[action="/sign-in/password"] button[type="submit"]');
    }
    assert.match(d.page.url(), /sign-in\/setup/);
    await see(d, "sign-in-setup");
    const secret = /[A-Z2-7]{4}(?:\s?[A-Z2-7]{4}){3,}/.exec(await d.page.locator("main").textContent())[0];
    await refused(d, "sign-in-setup-422", 'form[action="/sign-in/setup"]', { "#code": totp(secret) === "000000" ? "111111" : "000000" });
    await d.page.fill("#code", totp(secret));
    await press(d, 'form[action="/sign-in/setup"] button[type="submit"]');
    await see(d, "sign-in-recovery");
    await open(d, "me-second", "/me/second");
    await open(d, "desk-new-installation", "/desk");
    await open(d, "front-new", "/");
    await open(d, "city-new", `/p/${CITY}`);
    await d.context.clearCookies();
    if (d.care) { await d.context.addCookies([{ name: "mode", value: "care", url: d.base }]); } /* the browser keeps it, whoever signs out */
    await d.page.goto("/sign-in/password");
    await d.page.fill("#login", "zhang");
    await d.page.fill("#password", "four quiet cranes at dusk");
    await press(d, 'form[action="/sign-in/password"] button[type="submit"]');
    await see(d, "sign-in-second");
    await refused(d, "sign-in-second-422", 'form[action="/sign-in/second"]', { "#code": "000000" });
}

/* ---- */

before(async () => {
    chromium = await launch();
    photo = await scene("beds");
    data = copyWorld();
    t = things(data);
    cast = Object.fromEntries(actors(data, t).map((a) => [a.name, a.person]));
    const kinds = { reported: "state = 'reported'", answered: "state = 'answered'", handling: "state = 'handling'", checking: "state = 'checking'", confirming: "state = 'confirming'", closed: "state = 'closed' AND outcome = 'solved' AND rating > 0",
        explained: "outcome = 'explained'", merged: "state = 'merged'", voided: "state = 'voided' AND hidden = 0", hidden: "hidden = 1", late: "late > 0" };
    reports = Object.entries(kinds).flatMap(([kind, where]) => sql(data, `SELECT id, author, hidden FROM report WHERE community = ${COMMUNITY} AND ${where} ORDER BY id DESC LIMIT 1`).map((r) => ({ kind, ...r })));
    assert.equal(reports.length, Object.keys(kinds).length, `the demo world lacks some of ${Object.keys(kinds)}: it has ${reports.map((r) => r.kind)}`);
    cast.confirmer = String(reports.find((r) => r.kind === "confirming").author);
    t.free = sql(data, `SELECT d.building, d.room FROM dwelling d JOIN estate_code c ON c.community = d.community AND c.estate = d.estate WHERE c.code = '${t.code}' AND d.valid_to = 0
        AND NOT EXISTS (SELECT 1 FROM residence h WHERE h.community = d.community AND h.dwelling = d.id) AND NOT EXISTS (SELECT 1 FROM roster_entry x WHERE x.community = d.community AND x.dwelling = d.id) ORDER BY d.id DESC LIMIT 1`)[0];
    world = await serve(data, { env: WECHAT });
    /* The pages: what has a view, says the program. Whatever stands there as it is goes before what stands for an id. */
    const api = await (await fetch(world.base + "/api/openapi.json")).json();
    pages = Object.entries(api.paths).filter(([, m]) => m.get?.responses?.["200"]?.content?.["application/json"]).map(([path]) => path).filter((path) => !NOT_PAGES.has(path))
        .sort((a, b) => a.split("{").length - b.split("{").length || b.length - a.length).map((path) => ({ path, fits: new RegExp(`^${path.replace(/\{(place|id|report|thing|board_id|person|line|slot|ask)\}/g, "\\d+").replace(/\{\w+\}/g, "[^/]+")}$`) }));
});
after(async () => {
    await chromium?.close();
    const end = await world?.stop();
    assert.equal(end?.code ?? 0, 0, "the server ended badly");
});

async function walk(base, name, run, { desk = false, large = false, locale = "zh-CN", first = null } = {}) {
    const english = locale !== "zh-CN", d = await device(chromium, base, name, { ...(desk ? DESK : HAND), locale });
    Object.assign(d, { desk, care: large, locale, english, mode: large ? "care" : english ? "english" : "usual", faults: [], seen: 0, first });
    for (const status of ["403", "404", "422"]) { d.expected.add(status); }
    try {
        if (large) {
            await d.page.goto("/settings");
            await press(d, 'form[action="/settings/text"] button');
            assert.equal(await d.page.evaluate(() => document.documentElement.dataset.mode), "care");
        }
        await run(d);
        assert.ok(ONLY || d.seen > 2, "pages were looked at");
    } catch (e) {
        await shot(d, `FAILED-${name}-${d.mode}`).catch(() => 0);
        e.message += `\n  at ${d.page.url()}\n  ${d.faults.join("\n  ")}`;
        throw e;
    } finally {
        await d.close();
    }
    if (d.faults.length || d.wrong.length) { assert.fail(`\n  ${[...d.faults, ...d.wrong].join("\n  ")}\n`); }
}

for (const [title, mode] of [["as usual, and dark", { locale: "zh-CN" }], ["in English", { locale: "en-GB" }], ["care mode", { locale: "zh-CN", large: true }]]) {
    if (!LOCALES.includes(mode.locale)) { continue; } /* care mode comes last: the people of the world keep it */
    describe(title, { concurrency: 2, timeout: 1200000 }, () => {
        test("a guest", () => walk(world.base, "guest", guest, mode));
        test("somebody who joins", () => walk(world.base, "newcomer", newcomer, mode));
        test("a resident", () => walk(world.base, "resident", resident, mode));
        test("the secretary's desk", () => walk(world.base, "secretary", secretary, { ...mode, desk: true }));
        test("the desks of others", () => walk(world.base, "others", others, { ...mode, desk: true }));
        test("the first administrator", async () => {
            const dir = mkdtempSync(join(process.env.LILONG_TEST_TMP || tmpdir(), "lilong-first-")), made = lilong("init", "--data", join(dir, "data"));
            assert.equal(made.status, 0, made.stderr);
            const code = /\b[A-Z0-9]{4}(?:-[A-Z0-9]{4})+\b/.exec(made.stdout)?.[0], w = await serve(join(dir, "data"));
            try {
                await walk(w.base, "administrator", administrator, { ...mode, first: code });
            } finally {
                await w.stop();
                rmSync(dir, { recursive: true, force: true });
            }
        });
    });
}

test("every page of the program was looked at, in each language", { skip: ONLY ? "some kinds only" : false }, (c) => {
    for (const locale of LOCALES) {
        c.diagnostic(`${locale}: ${met[locale].kinds.size} kinds of page, ${met[locale].pages.size} of ${pages.length} addresses`);
        assert.deepEqual(pages.map((p) => p.path).filter((p) => !met[locale].pages.has(p)), [], `${locale}: no walk visits them`);
    }
});
