/* boards.test.mjs: each board of the table, used by the people it is for, once in Chinese and once in English: residents (one in care mode), the
 * committee, the property company, the family doctor, the charity, the police, a group's host, a member of the Party, the district. Every form is sent
 * with something wrong first: what is wrong stands at its field, in the reader's language, and nothing typed is lost. Every page is looked at on
 * 375 and 1366 px with all of axe-core, on 320 px for its width. LILONG_SHOTS=DIR keeps pictures; LILONG_BOARDS=regex runs some steps only. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { COMMUNITY, copyWorld, serve, sql, tail } from "../support/world.mjs";
import { mobile } from "../support/people.mjs";
import { bad, catalogue, device, launch, look, outward, press, shot, turn } from "./kit.mjs";

const HOME = `/p/${COMMUNITY}`, STREET = COMMUNITY.slice(0, 9) + "000", DISTRICT = COMMUNITY.slice(0, 6) + "000000", CITY = "310000000000";
const ONLY = process.env.LILONG_BOARDS ? new RegExp(process.env.LILONG_BOARDS) : null;
const SCREEN = { viewport: { width: 375, height: 812 }, deviceScaleFactor: 1, timezoneId: "Asia/Shanghai", reducedMotion: "reduce" };
const day = (n) => new Date(Date.now() + 8 * 3600e3 + n * 86400e3).toISOString().slice(0, 10);
const long = (n) => "长".repeat(n + 1);

function use(locale) {
    const zh = locale === "zh-CN", words = catalogue(zh ? "zh-CN" : "en"), foreign = outward(zh ? "en" : "zh-CN", words);
    let chromium, world, data, cast, current;
    const devices = new Map(), faults = [], seen = new Set();
    const one = (statement) => { const rows = sql(data, statement); assert.ok(rows.length, statement); return rows[0]; };
    const count = (statement) => Number(Object.values(one(statement))[0]);
    const step = (name, run) => test(name, { timeout: 180000 }, async (t) => {
        if (ONLY && !ONLY.test(name)) { t.skip("not asked for"); return; }
        try {
            await run();
        } catch (e) {
            await shot(current, `FAILED-${locale}`).catch(() => 0);
            const at = [...devices.values()].filter((d) => d.page.url() !== "about:blank").map((d) => `${d.name}: ${d.page.url()}`);
            throw new Error([e.stack, ...at, ...faults.splice(0), ...tail(world.log).split("\n").filter((l) => /error|warn/.test(l)).slice(-5)].join("\n  "));
        }
        const wrong = [...faults.splice(0), ...[...devices.values()].flatMap((d) => d.wrong.splice(0))];
        if (wrong.length) { assert.fail("\n  " + wrong.join("\n  ")); }
    });

    /* Somebody at their own telephone or screen. */
    const who = async (name) => {
        if (!devices.has(name)) {
            const d = await device(chromium, world.base, name, { ...SCREEN, locale });
            d.expected.add("422");
            d.page.on("dialog", (x) => x.accept());
            devices.set(name, d);
            if (cast[name]) {
                await d.page.goto("/demo");
                await d.page.locator('form[action="/demo"] input[name="person"]').first().evaluate((e, id) => { e.value = id; }, cast[name]);
                await press(d, 'form[action="/demo"] button');
            }
            if (name === "elder") {
                await d.page.goto("/settings");
                await press(d, 'form[action="/settings/text"] button');
                assert.equal(await d.page.evaluate(() => document.documentElement.dataset.mode), "care");
            }
        }
        return devices.get(name);
    };
    const see = async (d, kind) => {
        const said = [];
        for (const [width, height] of [[320, 568], [1366, 768], [375, 812]]) {
            await d.page.setViewportSize({ width, height });
            said.push(...(await look(d.page, width === 320 ? [] : null, { foreign, small: width === 375 ? 44 : 0 })).map((s) => `${width}: ${s}`));
            if (width !== 320) { await shot(d, `${zh ? "zh" : "en"}-${kind}-${width}`); }
        }
        const lang = await d.page.evaluate(() => document.documentElement.lang);
        if (lang !== (zh ? "zh-CN" : "en")) { said.push(`speaks ${lang}`); }
        seen.add(kind);
        if (said.length) { faults.push(`${kind} (${d.name}, ${new URL(d.page.url()).pathname.replace(/\d{15,}/g, "…")})\n      ${said.join("\n      ")}`); }
    };
    const go = async (d, path, kind) => {
        current = d;
        const a = await d.page.goto(path, { waitUntil: "load" });
        assert.ok(a.status() < 400, `${d.name}: ${path} answered ${a.status()}`);
        if (kind) { await see(d, kind); }
    };
    /* Each case: what is put into the form, and which fields have to say that it is wrong. Only the first is looked at as a page. */
    const wrongs = async (d, kind, form, cases) => {
        let first = true;
        for (const [set, fields, button] of cases) {
            faults.push(...(await bad(d, form, set, [fields].flat(), { zh, button })).map((s) => `${kind} ${JSON.stringify(set).slice(0, 90)}: ${s}`));
            if (first) { await see(d, `${kind}-422`); first = false; }
        }
    };
    /* Fills the form and presses its button twice, as somebody in a hurry does. */
    const send = async (d, form, set, button = 'button[type="submit"]') => {
        const f = d.page.locator(form).first();
        for (const [name, value] of Object.entries(set)) {
            const field = f.locator(`[name="${name}"]`);
            const type = await field.first().evaluate((e) => (e.tagName === "SELECT" ? "select" : e.type));
            await f.evaluate((e) => { e.querySelectorAll("details").forEach((x) => { x.open = true; }); for (let p = e; p; p = p.parentElement) { if (p.tagName === "DETAILS") { p.open = true; } } });
            if (type === "select") { await field.first().selectOption(value === true ? { index: 1 } : value); }
            else if (type === "radio") { await f.locator(`[name="${name}"][value="${value}"]`).evaluate((e) => { e.checked = true; }); }
            else if (type === "checkbox") { await field.first().setChecked(Boolean(value), { force: true }); }
            else { await field.first().fill(value); }
        }
        await f.evaluate((e) => { for (let p = e; p; p = p.parentElement) { if (p.tagName === "DETAILS") { p.open = true; } } });
        const answer = d.page.waitForResponse((r) => r.request().method() === "POST");
        await turn(d, () => f.locator(button).first().evaluate((b) => { b.click(); b.click(); }));
        const status = (await answer).status();
        if (status >= 400) { assert.fail(`${d.name}: ${form} answered ${status}: ${await d.page.locator(".errors, main").first().innerText({ timeout: 1000 }).catch(() => "")}`); }
    };
    const act = (d, form, button, set = {}) => send(d, form, set, button);
    const idOf = (d) => /\/(\d{15,})(?:[/?#]|$)/.exec(new URL(d.page.url()).pathname.replace(/^\/p\/\d+/, ""))[1];

    before(async () => {
        chromium = await launch();
        data = copyWorld();
        const neighbours = sql(data, `SELECT h.person FROM residence h JOIN person q ON q.id = h.person WHERE h.community = ${COMMUNITY} AND h.state = 'verified' AND q.state = 'active' AND q.mode = '' AND q.theme = '' AND q.language IN ('', 'zh-CN')
            AND NOT EXISTS (SELECT 1 FROM post p WHERE p.person = h.person) AND NOT EXISTS (SELECT 1 FROM party_member m WHERE m.person = h.person) AND NOT EXISTS (SELECT 1 FROM doctor_sign s WHERE s.person = h.person)
            AND NOT EXISTS (SELECT 1 FROM report r WHERE r.author = h.person) ORDER BY h.id DESC LIMIT 6`).map((r) => String(r.person));
        const post = (role, kind, place = COMMUNITY) => String(one(`SELECT p.person FROM post p JOIN organisation o ON o.id = p.organisation WHERE p.role = '${role}' AND p.valid_to = 0 AND o.kind = '${kind}' AND o.place = ${place} ORDER BY p.id LIMIT 1`).person);
        cast = {
            guest: null, resident: neighbours[0], neighbour: neighbours[1], elder: neighbours[2], third: neighbours[3],
            secretary: post("party_secretary", "residents_committee"), cadre: post("cadre", "residents_committee"), manager: post("handler", "property_company"), doctor: post("handler", "family_doctor"),
            charity: post("handler", "charity"), police: post("community_police", "community_police"), district: post("district_officer", "district_government", DISTRICT),
            comrade: String(one(`SELECT m.person FROM party_member m WHERE m.community = ${COMMUNITY} AND m.state = 'confirmed' AND m.shown = 1 AND m.person NOT IN (SELECT person FROM post) ORDER BY m.id LIMIT 1`).person),
        };
        world = await serve(data);
    });
    after(async () => {
        for (const d of devices.values()) { await d.close(); }
        await chromium?.close();
        if (!ONLY && process.env.LILONG_SHOTS) { console.log(`${locale}: ${seen.size} pages`); }
        const end = await world?.stop();
        assert.equal(end?.code ?? 0, 0, "the server ended badly");
    });

    /* ---- talk: 邻里交流, its topics, its groups ---- */
    const lane = `${HOME}/talk/neighbour_talk`;
    step("talk: the committee keeps topics and house rules", async () => {
        const cadre = await who("cadre");
        await go(cadre, `${lane}/keep`, "talk-keep");
        await wrongs(cadre, "talk-topic", `form[action$="/topics"]`, [[{ name: "" }, "name"], [{ name: long(10) }, "name"], [{ name: "花草" }, "name"]]);
        await send(cadre, 'form[action$="/topics"]', { name: "拼车" });
        assert.equal(count(`SELECT COUNT(*) AS n FROM talk_topic WHERE name = '拼车'`), 1, "one topic, however often the button was pressed");
        await wrongs(cadre, "talk-rules", 'form[action$="/rules"]', [[{ body: "" }, "body"], [{ body: long(1500) }, "body"]]);
        await send(cadre, 'form[action$="/rules"]', { body: "说话和气，不发广告。\n不写别人的电话和门牌。" });
        await go(cadre, `${lane}/rules`, "talk-rules");
    });
    step("talk: a resident writes, an elder answers, the committee hides and shows", async () => {
        const resident = await who("resident"), elder = await who("elder"), cadre = await who("cadre");
        await go(resident, lane, "talk-list");
        await go(resident, `${lane}/new`, "talk-write");
        const form = 'form[data-draft="talk"]';
        await wrongs(resident, "talk-write", form, [[{ title: "", body: "花坛边上的月季开了。" }, "title"], [{ title: "月季开了" }, "rules"], [{ title: long(40) }, "title"], [{ title: "月季开了", body: long(2000), rules: "1" }, "body"], [{ body: "来看花", topic: "999" }, "topic"]]);
        await go(resident, `${lane}/new`);
        await send(resident, form, { title: "花坛的月季开了", body: "傍晚来看最好。", topic: true, rules: true });
        const entry = idOf(resident);
        assert.equal(count(`SELECT COUNT(*) AS n FROM entry WHERE title = '花坛的月季开了'`), 1);
        await see(resident, "talk-own");
        await go(resident, `${lane}/${entry}/edit`, "talk-edit");
        await wrongs(resident, "talk-edit", form, [[{ title: "" }, "title"]]);
        await send(resident, form, { title: "花坛的月季开了", body: "傍晚来看最好，带上孩子。" });

        await go(elder, lane, "talk-list-care");
        await go(elder, `${lane}/${entry}`, "talk-show-care");
        await wrongs(elder, "talk-comment", 'form[action$="/comment"]', [[{ body: "" }, "body"], [{ body: long(1000) }, "body"], [{ body: "真好看" }, "rules"]]);
        /* what was begun under one entry waits there, and does not stand under another */
        const begun = (d) => d.page.inputValue('form[action$="/comment"] [name="body"]');
        await go(elder, `${lane}/${entry}`);
        await elder.page.fill('form[action$="/comment"] [name="body"]', "还没写完");
        await go(elder, `${lane}/${one(`SELECT id FROM entry WHERE community = ${COMMUNITY} AND kind = 'talk' AND state = 'published' AND id <> ${entry} ORDER BY id LIMIT 1`).id}`);
        assert.equal(await begun(elder), "");
        await go(elder, `${lane}/${entry}`);
        assert.equal(await begun(elder), "还没写完");
        await send(elder, 'form[action$="/comment"]', { body: "真好看，明天一早去。", rules: true });
        await act(elder, 'form[action$="/thumb"]');
        await act(elder, 'form[action$="/follow"]');
        await go(elder, `${HOME}/flag/entry/${entry}`, "flag");

        await go(cadre, `${lane}/${entry}`, "talk-run");
        await wrongs(cadre, "talk-hide", `form[action="${lane}/${entry}/hide"]`, [[{ reason: "" }, "reason", "hide=yes"], [{ reason: long(200) }, "reason", "hide=yes"]]);
        await send(cadre, `form[action="${lane}/${entry}/hide"]`, { reason: "先核实一下" }, 'button[value="yes"]');
        await go(resident, `${lane}/${entry}`, "talk-hidden");
        await act(cadre, `form[action="${lane}/${entry}/hide"]`, 'button[value="no"]');
        await wrongs(cadre, "talk-comment-hide", `form[action$="/comment/hide"]`, [[{ reason: "" }, "reason", "hide=yes"]]);
        await act(cadre, 'form[action$="/thumb"]');
    });
    step("talk: a group is asked for, agreed to, lived in, handed on, closed", async () => {
        const host = await who("resident"), neighbour = await who("neighbour"), cadre = await who("cadre");
        await go(host, `${lane}/groups`, "talk-groups");
        await go(host, `${lane}/groups/new`, "talk-group-new");
        const form = 'form[data-draft="talk_group"]';
        await wrongs(host, "talk-group-new", form, [[{ name: "", about: "一起晨跑" }, "name"], [{ name: long(16) }, "name"], [{ name: "晨跑队", about: long(300) }, "about"], [{ about: "" }, "about"]]);
        await send(host, form, { name: "晨跑队", about: "每天早上六点，滨江步道，慢慢跑。" });
        const group = idOf(host), page = `${lane}/group/${group}`;
        assert.equal(count("SELECT COUNT(*) AS n FROM talk_group WHERE name = '晨跑队'"), 1);
        await see(host, "talk-group-waiting");
        await go(cadre, `${lane}/groups`, "talk-groups-run");
        await go(cadre, page, "talk-group-decide");
        await wrongs(cadre, "talk-group-decide", `form[action="${page}/decide"]`, [[{ reason: "" }, "reason", "accept=no"], [{ reason: long(200) }, "reason", "accept=no"]]);
        await send(cadre, `form[action="${page}/decide"]`, { reason: "" }, 'button[value="yes"]');
        await go(neighbour, page, "talk-group");
        await act(neighbour, `form[action="${page}/join"]`);
        await act(neighbour, `form[action="${page}/notices"]`);
        await press(neighbour, `main a[href*="/new?group="], main a[href*="group=${group}"]`);
        await see(neighbour, "talk-group-write");
        await send(neighbour, 'form[data-draft="talk"]', { title: "明天改到七点", body: "天亮得晚了。", rules: true });
        const entry = idOf(neighbour);
        await go(host, `${lane}/${entry}`, "talk-group-entry");
        await wrongs(host, "talk-group-hide", `form[action="${page}/hide"]`, [[{ reason: "" }, "reason", "hide=yes"]]);
        await go(host, `${lane}/${entry}`);
        await send(host, `form[action="${page}/hide"]`, { reason: "时间没商量好" }, 'button[value="yes"]');
        await go(host, page, "talk-group-host");
        await act(host, `form[action="${page}/hide"]`, 'button[value="no"]');
        await go(host, page);
        await send(host, `form[action="${page}/host"]`, { person: cast.neighbour });
        await go(neighbour, page, "talk-group-new-host");
        await wrongs(neighbour, "talk-group-close", `form[action="${page}/close"]`, [[{ reason: "" }, "reason"], [{ reason: long(200) }, "reason"]]);
        await send(neighbour, `form[action="${page}/close"]`, { reason: "天冷了，明年春天再跑。" });
        await go(neighbour, page, "talk-group-closed");
    });

    /* ---- guide: 办事指南, 帮办代办 ---- */
    const guide = `${HOME}/guide/guide`;
    step("guide: the committee writes a matter and the words that lead to it", async () => {
        const cadre = await who("cadre");
        await go(cadre, `${guide}/new`, "guide-new");
        const form = 'form[data-draft="guide"]';
        await wrongs(cadre, "guide-new", form, [[{ name: "" }, "name"], [{ name: long(40) }, "name"], [{ name: "借用会议室", materials: "身份证|羊皮纸" }, "materials"], [{ materials: "身份证|原件|1", promised: "三天" }, "promised"], [{ promised: "3", counter: "" }, []]].slice(0, 4));
        await send(cadre, form, { name: "借用居委会会议室", materials: "身份证|原件|1", counter: "居委会前台", steps: "登记\n领钥匙", promised: "1", said: "借会议室" });
        assert.equal(count("SELECT COUNT(*) AS n FROM guide_item WHERE id IN (SELECT id FROM entry WHERE title = '借用居委会会议室')"), 1);
        const matter = idOf(cadre);
        await see(cadre, "guide-run");
        await go(cadre, `${guide}/${matter}/edit`, "guide-edit");
        await wrongs(cadre, "guide-edit", form, [[{ name: "" }, "name"], [{ name: "借用居委会会议室", changes: "", legal: "很久" }, "legal"]]);
        await send(cadre, form, { changes: "可以借到晚上八点", legal: "5" });
        await go(cadre, `${guide}/words`, "guide-words");
        await wrongs(cadre, "guide-words", `form[action="${guide}/words"]`, [[{ said: "" }, "said"], [{ said: long(30) }, "said"]]);
        await go(cadre, `${guide}/figures`, "guide-figures");
    });
    step("guide: a resident finds it, says whether it was of use, asks for help; the committee meets and finishes", async () => {
        const resident = await who("resident"), cadre = await who("cadre"), elder = await who("elder");
        await go(resident, guide, "guide-list");
        await go(resident, `${guide}?q=${encodeURIComponent("借会议室")}`, "guide-found");
        await press(resident, 'main a:has-text("借用居委会会议室")');
        await see(resident, "guide-show");
        await wrongs(resident, "guide-vote", 'form[action$="/useful"]', [[{ words: long(300) }, "words", "useful=no"]]);
        await send(resident, 'form[action$="/useful"]', { words: "没写怎么还钥匙" }, 'button[value="no"]');
        await see(resident, "guide-voted");
        await go(elder, `${guide}?q=${encodeURIComponent("开演唱会")}`, "guide-nothing-care");
        await go(elder, `${guide}/help/new`, "guide-help-care");
        const ask = 'form[data-draft="guide-help"]';
        await wrongs(elder, "guide-help", ask, [[{ title: "" }, "title"], [{ title: long(40), wish: "home" }, "title"], [{ title: "办老年证", wish: "home", phone: "我家电话" }, "phone"]]);
        await send(elder, ask, { title: "想办老年证，腿脚不便", body: "请上门。", wish: "home", phone: "" });
        const help = idOf(elder), page = `${guide}/help/${help}`;
        assert.equal(count("SELECT COUNT(*) AS n FROM guide_help WHERE title = '想办老年证，腿脚不便'"), 1);
        await see(elder, "guide-help-asked-care");
        await go(cadre, "/desk/guide/help", "desk-help");
        await go(cadre, page, "guide-help-take");
        await act(cadre, `form[action="${page}/act"]:has([value="take"])`);
        await see(cadre, "guide-help-taken");
        const forms = (value) => `form[action="${page}/act"]:has([value="${value}"])`;
        await wrongs(cadre, "guide-help-meet", forms("meet"), [[{ meet_at: "", words: "我上午来" }, "meet_at", "act=meet"], [{ meet_at: `${day(-3)}T09:00` }, "meet_at", "act=meet"]]);
        await wrongs(cadre, "guide-help-say", forms("say"), [[{ words: "" }, "words", "act=say"], [{ words: long(500) }, "words", "act=say"]]);
        await wrongs(cadre, "guide-help-decline", forms("decline"), [[{ words: "" }, "words", "act=decline"]]);
        await go(cadre, page);
        await send(cadre, forms("meet"), { meet_at: `${day(2)}T09:30`, meet_where: "home" }, 'button[value="meet"]');
        await see(cadre, "guide-help-met");
        await send(cadre, forms("finish"), { words: "老年证已办好，送到家里。" }, 'button[value="finish"]');
        await go(elder, page, "guide-help-finished-care");
        await wrongs(elder, "guide-help-again", forms("confirm"), [[{ words: "" }, "words", "act=again"]]);
        await send(elder, forms("confirm"), { words: "" }, 'button[value="confirm"]');
        await see(elder, "guide-help-done-care");
        await go(elder, "/me/help", "me-help-care");
    });

    /* ---- exchange: 微心愿, 互助, 闲置物品 ---- */
    step("small wishes: an elder wishes, the committee reviews, a member of the Party makes it true", async () => {
        const wishes = `${HOME}/exchange/small_wish`, elder = await who("elder"), cadre = await who("cadre"), comrade = await who("comrade");
        await go(elder, wishes, "wish-list-care");
        await go(elder, `${wishes}/new`, "wish-new-care");
        if (!await elder.page.locator("form[enctype]").count()) { await press(elder, "main .cells a.cell"); await see(elder, "wish-write-care"); }
        const form = 'main form[enctype]';
        await wrongs(elder, "wish-new", form, [[{ title: "", body: "眼睛看不清了" }, "title"], [{ title: long(40) }, "title"], [{ title: "想要一个放大镜", body: long(1000) }, "body"]]);
        await send(elder, form, { title: "想要一个放大镜", body: "看报纸用。" });
        const wish = idOf(elder), page = `${wishes}/${wish}`;
        assert.equal(count("SELECT COUNT(*) AS n FROM entry WHERE title = '想要一个放大镜'"), 1);
        await go(elder, page, "wish-waiting-care");
        await go(cadre, `${wishes}?state=waiting`, "wish-review-list");
        await go(cadre, page, "wish-review");
        await wrongs(cadre, "wish-decline", `form[action="${page}/review"]`, [[{ reason: "" }, "reason", "accept=no"], [{ reason: long(200) }, "reason", "accept=no"]]);
        await send(cadre, `form[action="${page}/review"]`, { reason: "" }, 'button[value="yes"]');
        await go(comrade, wishes, "wish-list");
        await go(comrade, page, "wish-show");
        await act(comrade, `form[action="${page}/take"]`);
        await see(comrade, "wish-taken");
        await go(elder, page, "wish-answer-care");
        if (await elder.page.locator(`form[action="${page}/answer"]`).count()) { await act(elder, `form[action="${page}/answer"]`, 'button[value="1"]'); }
        await wrongs(elder, "wish-say", `form[action="${page}/say"]`, [[{ word: "" }, "word"], [{ word: long(300) }, "word"]]);
        await send(elder, `form[action="${page}/say"]`, { word: "晚饭后都在家。" });
        await go(comrade, page, "wish-between");
        await go(elder, page);
        await wrongs(elder, "wish-deny", `form[action="${page}/deny"]`, await elder.page.locator(`form[action="${page}/deny"]`).count() ? [[{ why: "" }, "why"]] : []);
        await go(elder, page);
        await act(elder, `form[action="${page}/confirm"]`);
        await see(elder, "wish-true-care");
        if (await elder.page.locator(`form[action="${page}/thank"]`).count()) {
            await wrongs(elder, "wish-thank", `form[action="${page}/thank"]`, [[{ thanks: "" }, "thanks"], [{ thanks: long(300) }, "thanks"]]);
            await send(elder, `form[action="${page}/thank"]`, { thanks: "看得清清楚楚，谢谢！", shown: true });
        }
        await go(elder, `${HOME}/exchanges?list=given`, "exchanges-care");
        await go(comrade, `${HOME}/exchanges?list=taken`, "exchanges-taken");
    });
    step("mutual help and idle items: asked, lent, given back", async () => {
        const helps = `${HOME}/exchange/mutual_help`, idle = `${HOME}/exchange/idle_item`, resident = await who("resident"), neighbour = await who("neighbour"), form = "main form[enctype]";
        await go(resident, helps, "help-list");
        await go(resident, `${helps}/new`, "help-what");
        const sorts = await resident.page.locator("main .cells a.cell").evaluateAll((all) => all.map((a) => a.getAttribute("href")));
        assert.ok(sorts.length >= 2, `asks for help, offers it: ${sorts}`);
        await go(resident, sorts[0], "help-write");
        await wrongs(resident, "help-write", form, [[{ title: "", minutes: "30" }, "title"], [{ title: "帮忙搬书架", minutes: "一会儿" }, "minutes"], [{ minutes: "-5" }, "minutes"]]);
        await go(resident, sorts[0]);
        await send(resident, form, { title: "帮忙搬书架", minutes: "30", spot: "3号楼楼下" });
        const help = `${helps}/${idOf(resident)}`;
        await go(neighbour, help, "help-show");
        await act(neighbour, `form[action="${help}/take"]`);
        await go(resident, help, "help-answer");
        if (await resident.page.locator(`form[action="${help}/answer"]`).count()) { await act(resident, `form[action="${help}/answer"]`, 'button[value="1"]'); }
        await see(resident, "help-agreed");
        if (await resident.page.locator(`form[action="${help}/confirm"] [name="minutes"]`).count()) {
            await wrongs(resident, "help-confirm", `form[action="${help}/confirm"]`, [[{ minutes: "半小时" }, "minutes"], [{ minutes: "99999" }, "minutes"]]);
            await send(resident, `form[action="${help}/confirm"]`, { minutes: "30" });
        }
        await go(neighbour, `${HOME}/hours`, "hours");

        await go(resident, idle, "idle-list");
        await go(resident, `${idle}/new?sort=sell`, "idle-sell");
        await wrongs(resident, "idle-sell", form, [[{ title: "旧沙发", price: "很便宜" }, "price"], [{ price: "" }, "price"], [{ price: "-3" }, "price"]]);
        await go(resident, `${idle}/new?sort=lend`, "idle-lend");
        await wrongs(resident, "idle-lend", form, [[{ title: "冲击钻", days: "三天" }, "days"], [{ days: "0" }, "days"], [{ days: "9999" }, "days"]]);
        await send(resident, form, { title: "冲击钻", days: "3" });
        const drill = `${idle}/${idOf(resident)}`;
        await go(neighbour, drill, "idle-show");
        await act(neighbour, `form[action="${drill}/take"]`);
        await go(resident, drill, "idle-asked");
        if (await resident.page.locator(`form[action="${drill}/answer"]`).count()) { await act(resident, `form[action="${drill}/answer"]`, 'button[value="1"]'); }
        for (const d of [resident, neighbour]) { await go(d, drill); if (await d.page.locator(`form[action="${drill}/confirm"]`).count()) { await act(d, `form[action="${drill}/confirm"]`); } }
        await go(resident, drill, "idle-lent");
        if (await resident.page.locator(`form[action="${drill}/extend"]`).count()) {
            await wrongs(resident, "idle-extend", `form[action="${drill}/extend"]`, [[{ day: "" }, "day"], [{ day: day(-2) }, "day"]]);
            await send(resident, `form[action="${drill}/extend"]`, { day: day(9) });
        }
        for (const d of [neighbour, resident]) { await go(d, drill); if (await d.page.locator(`form[action="${drill}/back"]`).count()) { await act(d, `form[action="${drill}/back"]`); } }
        await go(resident, drill, "idle-back");
        await go(neighbour, `${HOME}/exchanges?list=taken`, "exchanges-back");
    });

    /* ---- service: 社区服务, 物业之窗, 家庭医生, 公益组织 ---- */
    const times = async (d, base, kind) => { /* a time that can be booked; what is wrong with it first */
        await go(d, `${base}/slots`, `${kind}-times`);
        const form = `form[action="${base}/slots"]`, fill = { title: "", starts_at: `${day(3)}T09:00`, minutes: "60", capacity: "1", cancel_hours: "2", weeks: "1" };
        await wrongs(d, `${kind}-times`, form, [[{ ...fill, starts_at: "" }, "starts_at"], [{ ...fill, starts_at: `${day(-1)}T09:00` }, "starts_at"], [{ ...fill, minutes: "一小时" }, "minutes"], [{ ...fill, capacity: "0" }, "capacity"], [{ ...fill, title: long(30) }, "title"]]);
        await send(d, form, fill);
        await go(d, base, `${kind}-with-times`);
    };
    step("services: the committee offers one, residents book, wait in line, cancel", async () => {
        const services = `${HOME}/service/community_service`, cadre = await who("cadre"), resident = await who("resident"), elder = await who("elder"), form = "main form[enctype]";
        await go(cadre, services, "service-list-run");
        await go(cadre, `${services}/new`, "service-new");
        await wrongs(cadre, "service-new", form, [[{ title: "", body: "磨刀" }, "title"], [{ title: "磨剪刀", monday: "九点" }, "monday"], [{ monday: "09:00-11:00", shut_from: day(3), shut_to: day(1) }, "shut_to"], [{ shut_from: "", shut_to: "", title: long(40) }, "title"]]);
        await send(cadre, form, { title: "磨剪刀", body: "老师傅上门。", monday: "09:00-11:00", phone: "56561234" });
        const base = `${services}/${idOf(cadre)}`;
        assert.equal(count("SELECT COUNT(*) AS n FROM entry WHERE title = '磨剪刀'"), 1);
        await see(cadre, "service-run");
        await times(cadre, base, "service");
        await go(resident, services, "service-list");
        await go(resident, base, "service-show");
        await send(resident, 'form[action$="/book"]', {});
        await see(resident, "service-booked");
        await go(elder, base, "service-full-care");
        await send(elder, 'form[action$="/book"]', {});
        await see(elder, "service-waiting-care");
        await go(resident, `${HOME}/bookings`, "bookings");
        await go(resident, base);
        await act(resident, 'form[action$="/cancel"]');
        await go(elder, `${HOME}/bookings`, "bookings-care");
        await go(cadre, base);
        await press(cadre, 'main a[href*="/slot/"]');
        const slot = new URL(cadre.page.url()).pathname;
        await see(cadre, "service-slot");
        await wrongs(cadre, "service-resize", `form[action="${slot}/resize"]`, [[{ capacity: "很多" }, "capacity"], [{ capacity: "0" }, "capacity"]]);
        await wrongs(cadre, "service-off", `form[action="${slot}/off"]`, [[{ reason: "" }, "reason"], [{ reason: long(200) }, "reason"]]);
        await send(cadre, `form[action="${slot}/off"]`, { reason: "师傅病了" });
        await go(elder, base, "service-off-care");
    });
    step("the property company's window: repair, accounts, rating", async () => {
        const window = `${HOME}/service/property_window`, manager = await who("manager"), resident = await who("resident"), form = "main form[enctype]";
        await go(resident, window, "property-list");
        await go(resident, `${window}/repair`, "property-repair");
        await wrongs(resident, "property-repair", form, [[{ title: "", spot: "3号楼" }, "title"], [{ title: "门禁坏了", spot: "" }, "spot"], [{ title: long(40), spot: "3号楼" }, "title"], [{ title: "门禁坏了", body: long(1000) }, "body"]]);
        await go(resident, `${window}/repair`);
        await send(resident, form, { title: "门禁刷卡没反应", spot: "3号楼一楼" });
        await see(resident, "property-repair-sent");
        await go(resident, `${window}/accounts`, "property-accounts");
        await go(resident, `${window}/rating`, "property-rating");
        if (await resident.page.locator('form[action$="/rating"]').count()) {
            await wrongs(resident, "property-rating", 'form[action$="/rating"]', [[{}, "stars"]]);
            await send(resident, 'form[action$="/rating"]', { stars: "4" });
        }
        await go(manager, window, "property-run");
        await go(manager, `${window}/accounts/new`, "property-account-new");
        await wrongs(manager, "property-account", form, [[{ opening: "很多", came: "", spent: "" }, "opening"], [{ opening: "100", came: "停车费 一千", spent: "" }, "came"], [{ came: "停车费 1000", spent: "保洁" }, "spent"]]);
        await send(manager, form, { opening: "100", came: "停车费 1000", spent: "保洁 300" });
        await see(manager, "property-account");
        await wrongs(manager, "property-recall", 'form[action$="/recall"]', await manager.page.locator('form[action$="/recall"]').count() ? [[{ reason: "" }, "reason"], [{ reason: long(200) }, "reason"]] : []);
        await go(resident, `${window}/accounts`, "property-accounts-new");
    });
    step("the family doctor: signed with, asked, answered", async () => {
        const clinic = `${HOME}/service/family_doctor`, resident = await who("third"), doctor = await who("doctor");
        await go(resident, clinic, "doctor-list");
        await go(resident, `${clinic}/mine`, "doctor-mine");
        const sign = `form[action$="/sign"]`;
        await wrongs(resident, "doctor-sign", sign, [[{}, "agree"]]);
        await send(resident, sign, { agree: true });
        await go(doctor, "/desk/service?list=requests", "desk-doctor-requests");
        await go(doctor, `${clinic}/team`, "doctor-team");
        const row = one(`SELECT id FROM doctor_sign WHERE person = ${cast.third} AND state = 'requested'`).id;
        await act(doctor, `form[action$="/sign/${row}/move"]`, 'button[value="confirm"]');
        await go(resident, `${clinic}/mine`, "doctor-signed");
        await wrongs(resident, "doctor-ask", `form[action="${clinic}/ask"]`, [[{ body: "" }, "body"], [{ body: long(1000) }, "body"]]);
        await send(resident, `form[action="${clinic}/ask"]`, { body: "血压药早上吃还是晚上吃？" });
        assert.equal(count("SELECT COUNT(*) AS n FROM doctor_question WHERE person = " + cast.third), 1);
        const question = /\/ask\/(\d+)/.exec(await resident.page.locator('main a[href*="/ask/"]').first().getAttribute("href").catch(() => resident.page.url()))?.[1] || /\/ask\/(\d+)/.exec(resident.page.url())[1];
        await go(doctor, `${clinic}/ask/${question}`, "doctor-question");
        await wrongs(doctor, "doctor-answer", 'form[action$="/say"]', [[{ body: "" }, "body"]]);
        await send(doctor, 'form[action$="/say"]', { body: "早上起来吃，每天同一时间。" });
        await go(resident, `${clinic}/ask/${question}`, "doctor-answered");
        await act(resident, 'form[action$="/close"]');
        await see(resident, "doctor-closed");
        const base = `${clinic}/${sql(data, `SELECT e.id FROM entry e JOIN board b ON b.id = e.board WHERE b.word = 'family_doctor' AND e.community = ${COMMUNITY} LIMIT 1`)[0].id}`;
        await go(doctor, base, "doctor-run");
        await times(doctor, base, "doctor");
        await go(resident, base, "doctor-show");
        await wrongs(resident, "doctor-book", 'form[action$="/book"]', await resident.page.locator('form[action$="/book"] [name="note"]').count() ? [[{ note: long(200) }, "note"]] : []);
    });
    step("a charity: its project, its shifts, who comes to help", async () => {
        const board = `${HOME}/service/charity`, charity = await who("charity"), resident = await who("resident"), form = "main form[enctype]";
        await go(resident, board, "charity-list");
        await go(charity, board, "charity-run");
        await go(charity, `${board}/new?sort=project`, "charity-new");
        await wrongs(charity, "charity-new", form, [[{ title: "", offers: "会做饭的" }, "title"], [{ title: long(40) }, "title"], [{ title: "周末给老人做饭", body: long(2000) }, "body"], [{ body: "", phone: "打给我们" }, []]].slice(0, 3));
        await send(charity, form, { title: "周末给老人做饭", body: "两个小时，管午饭。", offers: "会做饭的，会开车的" });
        const base = `${board}/${idOf(charity)}`;
        await see(charity, "charity-project");
        await times(charity, base, "charity");
        await go(resident, base, "charity-show");
        await send(resident, 'form[action$="/book"]', {});
        await see(resident, "charity-joined");
        await go(charity, base);
        await press(charity, 'main a[href*="/slot/"]');
        await see(charity, "charity-slot");
        await go(charity, `${base}/edit`, "charity-edit");
        await wrongs(charity, "charity-edit", form, [[{ title: "" }, "title"]]);
        await go(resident, base);
        await wrongs(resident, "charity-comment", `form[action="${base}/comment"]`, [[{ body: "" }, "body"]]);
        await send(resident, `form[action="${base}/comment"]`, { body: "我会包馄饨。" });
    });

    /* ---- inquiry: 警民直通车 ---- */
    step("the police line: asked in private, answered, published with consent", async () => {
        const line = `${HOME}/inquiry/police_line`, resident = await who("resident"), police = await who("police"), form = 'form[data-draft="inquiry"]';
        await go(resident, line, "inquiry-list");
        await go(resident, `${line}/new`, "inquiry-new");
        await wrongs(resident, "inquiry-new", form, [[{ title: "", body: "想问问" }, "title"], [{ title: long(40) }, "title"], [{ title: "电动车上牌要带什么", body: long(2000) }, "body"]]);
        await go(resident, `${line}/new`);
        await send(resident, form, { title: "电动车上牌要带什么", body: "新买的车。" });
        assert.equal(count("SELECT COUNT(*) AS n FROM inquiry WHERE title = '电动车上牌要带什么'"), 1);
        const id = String(one("SELECT id FROM inquiry WHERE title = '电动车上牌要带什么'").id), mine = `${line}/mine/${id}`, desk = `/desk/inquiry/${COMMUNITY}/${id}`;
        await go(resident, mine, "inquiry-mine");
        await wrongs(resident, "inquiry-say", `form[action="${mine}/say"]`, [[{ text: "" }, "text"], [{ text: long(2000) }, "text"]]);
        await go(police, "/desk/inquiry", "desk-inquiries");
        await go(police, desk, "desk-inquiry");
        await wrongs(police, "inquiry-answer", `form[action="${desk}/answer"]`, [[{ text: "" }, "text"], [{ text: long(2000) }, "text"]]);
        await wrongs(police, "inquiry-transfer", `form[action="${desk}/transfer"]`, await police.page.locator(`form[action="${desk}/transfer"]`).count() ? [[{ to: "", reason: "" }, ["to", "reason"]]] : []);
        await go(police, desk);
        await send(police, `form[action="${desk}/answer"]`, { text: "带身份证、发票和合格证，到警务室就能办。" });
        await go(police, desk);
        await wrongs(police, "inquiry-propose", `form[action="${desk}/propose"]`, [[{ title: "", question: "", public_answer: "" }, ["title", "question", "public_answer"]], [{ title: long(40), question: "上牌带什么", public_answer: "身份证" }, "title"]]);
        await send(police, `form[action="${desk}/propose"]`, { title: "电动车上牌", question: "要带什么？", public_answer: "身份证、发票、合格证。" });
        await go(resident, mine, "inquiry-proposed");
        await wrongs(resident, "inquiry-reword", `form[action="${mine}/wording"]:has([name="title"])`, [[{ title: "", question: "要带什么？" }, "title"], [{ title: "上牌", question: "" }, "question"]]);
        await go(resident, mine);
        await act(resident, `form[action="${mine}/wording"]:has([value="agree"])`);
        await go(resident, line, "inquiry-list-published");
        await press(resident, 'main a:has-text("电动车上牌")');
        await go(resident, mine);
        await act(resident, `form[action="${mine}/close"]`);
        await see(resident, "inquiry-closed");
        await wrongs(resident, "inquiry-rate", `form[action="${mine}/rate"]`, [[{ words: "很快" }, "rating"], [{ words: long(300), rating: "5" }, "words"]]);
        await wrongs(resident, "inquiry-reopen", `form[action="${mine}/reopen"]`, [[{ again: "" }, "again"]]);
        await go(resident, mine);
        await send(resident, `form[action="${mine}/rate"]`, { rating: "5", words: "很快" });
        await go(resident, "/me/inquiries", "me-inquiries");
        await go(police, "/desk/inquiry/templates", "desk-inquiry-templates");
        await wrongs(police, "inquiry-template", 'form[action="/desk/inquiry/templates"]', [[{ name: "", body: "" }, ["name", "body"]], [{ name: long(20), body: "您好" }, "name"]]);
        await go(police, "/desk/officers", "desk-officers");
    });

    /* ---- bulletin: each board of notices by those who write it ---- */
    step("the committee founds the Party's organisation, and appoints who writes for it", async () => {
        const secretary = await who("secretary"), branch = await who("branch"), number = mobile(zh ? 75 : 76);
        await go(branch, "/sign-in");
        await branch.page.fill('form[action="/sign-in/phone"] [name="phone"]', number);
        await press(branch, 'form[action="/sign-in/phone"] button[type="submit"]');
        await branch.page.fill("#code", (await branch.page.locator(".tip b").first().textContent()).trim());
        await press(branch, 'form[action="/sign-in/code"] button[type="submit"]');
        await go(secretary, "/desk/organisations", "desk-organisations");
        const form = 'form[action="/desk/organisations"]';
        await wrongs(secretary, "organisation", form, [[{ name: "", kind: "party_organisation" }, "name"], [{ name: "吴淞新城居民区党总支", phone: "没有" }, "phone"]]);
        await send(secretary, form, { kind: "party_organisation", name: "吴淞新城居民区党总支", phone: "" });
        assert.equal(count("SELECT COUNT(*) AS n FROM organisation WHERE kind = 'party_organisation'"), 1);
        await see(secretary, "desk-organisation");
        const posts = 'form[action$="/posts"]';
        await wrongs(secretary, "post", posts, [[{ who: "" }, "who"], [{ who: "13800000000" }, "who"]]);
        await send(secretary, posts, { who: number, title: "组织委员" });
        cast.branch = String(one(`SELECT p.person FROM post p JOIN organisation o ON o.id = p.organisation WHERE o.kind = 'party_organisation'`).person);
        await branch.close(); /* whoever is appointed signs in anew */
        devices.delete("branch");
    });
    const boards = [["i_baoshan", "district", DISTRICT], ["announcement", "cadre", COMMUNITY], ["party_corner", "branch", COMMUNITY], ["police_bulletin", "police", COMMUNITY], ["property_notice", "manager", COMMUNITY], ["clinic_notice", "doctor", COMMUNITY], ["open_affairs", "cadre", COMMUNITY]];
    for (const [word, writer, place] of boards) {
        step(`notices: ${word}`, async () => {
            const d = await who(writer), resident = await who("resident"), elder = await who("elder"), form = 'form[data-draft="bulletin"]', title = `看一看：${word}`;
            const board = `/p/${place}/bulletin/${word}`, here = `${HOME}/bulletin/${word}`;
            await go(d, `${board}/new`, `${word}-new`);
            await wrongs(d, `${word}-new`, form, [[{ title: "", body: "" }, ["title", "body"], "then=send"], [{ title: long(50), body: "明天停水。" }, "title", "then=send"], [{ title, weight: "must_read", read_by: day(-2) }, "read_by", "then=send"], [{ read_by: "", weight: "plain", last_day: day(-2) }, "last_day", "then=send"]]);
            await go(d, `${board}/new`);
            await send(d, form, { title, body: "**要紧的事**：\n\n- 明天上午 8 点到 11 点停水\n- 请先存一桶水", weight: "must_read", read_by: day(3), last_day: "", ...(word === "open_affairs" ? { period: true } : {}) }, 'button[value="send"]');
            assert.equal(count(`SELECT COUNT(*) AS n FROM entry WHERE title = '${title}'`), 1);
            const id = String(one(`SELECT id FROM entry WHERE title = '${title}'`).id);
            await see(d, `${word}-run`);
            await wrongs(d, `${word}-withdraw`, `form[action="${board}/${id}/act"]:has([name="reason"]):has([value="withdraw"])`, [[{ reason: "" }, "reason", "action=withdraw"]]);
            await go(resident, here, `${word}-list`);
            await press(resident, `main a:has-text("${title}")`);
            await see(resident, `${word}-show`);
            const read = 'main form[action$="/read"]';
            if (await resident.page.locator(read).count()) { await act(resident, read); await see(resident, `${word}-read`); }
            if (word === "open_affairs" && await resident.page.locator('form[data-draft="question"]').count()) {
                await wrongs(resident, "affairs-ask", 'form[data-draft="question"]', [[{ question: "" }, "question"], [{ question: long(1000) }, "question"]]);
                await send(resident, 'form[data-draft="question"]', { question: "保洁为什么多了三百？" });
                await go(d, `${board}/${id}`, "affairs-question");
                await wrongs(d, "affairs-answer", `form[action$="/comment"]:has([name="reply_to"])`, [[{ body: "" }, "body"]]);
                await send(d, `form[action$="/comment"]:has([name="reply_to"])`, { body: "多扫了两次楼道。" });
                await go(resident, `${here}/${id}`, "affairs-answered");
            }
            if (word === "announcement") { await go(elder, `${here}/${id}`, "announcement-care"); await go(d, `${board}/${id}/readers`, "announcement-readers"); await go(d, "/desk/bulletin?list=reading", "desk-bulletin-reading"); }
            await go(await who("guest"), here, `${word}-guest`);
        });
    }

    /* ---- activity: 社区活动, a party day, a course ---- */
    step("activities: announced, signed up for, a line, the roll, called off", async () => {
        const days = `${HOME}/activity/activity`, cadre = await who("cadre"), resident = await who("resident"), elder = await who("elder"), form = 'form[data-draft="activity"]';
        await go(cadre, `${days}/new`, "activity-new");
        const at = { title: "包粽子", starts_at: `${day(5)}T14:00`, ends_at: `${day(5)}T16:00`, spot: "活动室" };
        await wrongs(cadre, "activity-new", form, [[{ title: "", starts_at: "", ends_at: "", spot: "" }, ["title", "starts_at", "ends_at", "spot"]], [{ ...at, starts_at: `${day(-2)}T14:00`, ends_at: `${day(-2)}T16:00` }, "starts_at"], [{ ...at, ends_at: `${day(5)}T13:00` }, "ends_at"], [{ ...at, capacity: "随便" }, "capacity"], [{ ...at, capacity: "-1" }, "capacity"], [{ ...at, capacity: "1", title: long(40) }, "title"]]);
        await go(cadre, `${days}/new`);
        await send(cadre, form, { ...at, capacity: "1" });
        assert.equal(count("SELECT COUNT(*) AS n FROM entry WHERE title = '包粽子'"), 1);
        const page = `${days}/${idOf(cadre)}`;
        await see(cadre, "activity-run");
        await go(resident, days, "activity-list");
        await go(resident, page, "activity-show");
        await act(resident, `form[action="${page}/sign"]`);
        await see(resident, "activity-signed");
        await go(elder, page, "activity-full-care");
        await act(elder, `form[action="${page}/sign"]`);
        await see(elder, "activity-line-care");
        await go(resident, `${HOME}/activities`, "activity-mine");
        sql(data, `UPDATE activity SET starts_at = ${Date.now() - 600000}, gives_hours = 1 WHERE entry = ${page.split("/").at(-1)}`);
        await go(cadre, `${page}/roll`, "activity-roll");
        await act(cadre, `form[action="${page}/roll"]:has([value="check_in"])`, 'button[value="check_in"]');
        await see(cadre, "activity-here");
        await go(cadre, `${page}/code`, "activity-code");
        await go(cadre, `${page}/roll`);
        await wrongs(cadre, "activity-close", `form[action="${page}/close"]`, [[{ minutes: "两小时" }, "minutes"], [{ minutes: "99999" }, "minutes"]]);
        await send(cadre, `form[action="${page}/close"]`, { minutes: "90" });
        await go(resident, page, "activity-done");
        await go(resident, "/me/hours", "me-hours");
    });
    step("a course of several afternoons, and a party day that is called off", async () => {
        const days = `${HOME}/activity/activity`, secretary = await who("secretary"), comrade = await who("comrade"), form = 'form[data-draft="activity"]';
        await go(secretary, `${days}/new`);
        const at = { title: "手机摄影课", starts_at: `${day(8)}T14:00`, ends_at: `${day(8)}T15:30`, spot: "活动室", repeat: "weekly" };
        await wrongs(secretary, "course", form, [[{ ...at, times: "好几次" }, "times"], [{ ...at, times: "99" }, "times"]]);
        await go(secretary, `${days}/new`);
        await send(secretary, form, { ...at, times: "3" });
        assert.equal(count("SELECT COUNT(*) AS n FROM entry WHERE title = '手机摄影课'"), 3, "three afternoons, however often the button was pressed");
        await see(secretary, "course-run");
        await go(comrade, new URL(secretary.page.url()).pathname, "course-show");
        await go(secretary, `${days}/new`);
        await send(secretary, form, { title: "主题党日：清洁家园", starts_at: `${day(9)}T09:00`, ends_at: `${day(9)}T11:00`, spot: "花坛", limits: "党员" });
        const page = `${days}/${idOf(secretary)}`;
        await go(comrade, page, "party-day");
        await act(comrade, `form[action="${page}/sign"]`);
        await go(secretary, `${page}/roll`, "party-day-roll");
        await wrongs(secretary, "party-day-off", `form[action="${page}/cancel"]`, [[{ reason: "" }, "reason"], [{ reason: long(200) }, "reason"]]);
        await send(secretary, `form[action="${page}/cancel"]`, { reason: "下大雨" });
        await go(comrade, page, "party-day-off");
    });
    step("a member of the Party promises", async () => {
        const comrade = await who("comrade"), resident = await who("resident");
        await go(comrade, "/me/party", "party-me");
        const form = 'form[action="/me/party/commit"]';
        if (await comrade.page.locator(form).count()) {
            await wrongs(comrade, "party-commit", form, [[{ words: "", due: "" }, ["words", "due"]], [{ words: "每周扫一次楼道", due: day(-3) }, "due"], [{ words: long(120), due: day(30) }, "words"]]);
            await send(comrade, form, { words: "每周扫一次楼道", due: day(30) });
        }
        await go(resident, `${HOME}/party`, "party-page");
        await press(resident, `main a[href^="${HOME}/party/"]`);
        await see(resident, "party-member");
    });
}

/* Both at once: two worlds, two browsers. */
describe("every board", { concurrency: 2, timeout: 1800000 }, () => {
    for (const locale of ["zh-CN", "en-GB"]) {
        if (process.env.LILONG_LOOKS_LOCALE && process.env.LILONG_LOOKS_LOCALE !== locale) { continue; }
        describe(`in ${locale}`, { concurrency: 1, timeout: 1800000 }, () => use(locale));
    }
});
