/* actors.mjs: one person of the demo world for every role, and things of that world for every address. */
import { COMMUNITY, OTHER_STREET, SAME_STREET, sql } from "./world.mjs";

const DISTRICT = COMMUNITY.slice(0, 6) + "000000", STREET = COMMUNITY.slice(0, 9) + "000";

/* What the addresses are tried with: a report that is being handled by more than one organisation, its order, its author. */
export function things(data) {
    const report = sql(data, `SELECT r.id, r.author FROM report r WHERE r.community = ${COMMUNITY} AND r.state = 'handling' AND r.hidden = 0
        AND (SELECT COUNT(*) FROM work_order w WHERE w.community = r.community AND w.report = r.id AND w.state = 'accepted') > 0
        AND EXISTS (SELECT 1 FROM residence h WHERE h.community = r.community AND h.person = r.author AND h.state = 'verified')
        ORDER BY (SELECT COUNT(*) FROM work_order w WHERE w.community = r.community AND w.report = r.id) DESC, r.id LIMIT 1`)[0];
    const order = sql(data, `SELECT w.id, w.organisation FROM work_order w WHERE w.community = ${COMMUNITY} AND w.report = ${report.id} AND w.state = 'accepted' ORDER BY w.lead DESC, w.id LIMIT 1`)[0];
    const one = (statement) => { const rows = sql(data, statement); return rows.length ? String(Object.values(rows[0])[0]) : null; };
    return {
        place: COMMUNITY, figure: "reported",
        report: String(report.id), author: String(report.author), order: String(order.id), handler: String(order.organisation),
        media: one(`SELECT m.id FROM media m WHERE m.community = ${COMMUNITY} AND m.subject_kind = 'report' AND m.subject = ${report.id} LIMIT 1`) || one(`SELECT id FROM media WHERE community = ${COMMUNITY} LIMIT 1`),
        album: one(`SELECT m.id FROM media m JOIN document d ON d.community = m.community AND d.subject = m.subject AND d.subject_kind = m.subject_kind WHERE m.community = ${COMMUNITY} ORDER BY m.id LIMIT 1`),
        papers: one(`SELECT d.subject FROM document d JOIN entry e ON e.community = d.community AND e.id = d.subject WHERE d.community = ${COMMUNITY} AND d.subject_kind = 'entry' AND e.kind = 'talk' ORDER BY d.id LIMIT 1`),
        document: one(`SELECT d.id FROM document d JOIN entry e ON e.community = d.community AND e.id = d.subject WHERE d.community = ${COMMUNITY} AND e.kind = 'talk' ORDER BY d.id LIMIT 1`),
        accounts: one(`SELECT id FROM bulletin WHERE community = ${COMMUNITY} AND matter = 'accounts' ORDER BY id LIMIT 1`),
        template: one(`SELECT id FROM answer_template WHERE community = ${COMMUNITY} LIMIT 1`),
        waiting: one(`SELECT id FROM residence WHERE community = ${COMMUNITY} AND state = 'waiting' LIMIT 1`),
        verified: one(`SELECT id FROM residence WHERE community = ${COMMUNITY} AND state = 'verified' AND person <> ${report.author} LIMIT 1`),
        organisation: one(`SELECT organisation FROM post p JOIN organisation o ON o.id = p.organisation WHERE o.place = ${COMMUNITY} AND o.kind = 'property_company' AND p.valid_to = 0 ORDER BY p.id LIMIT 1`),
        post: one(`SELECT p.id FROM post p JOIN organisation o ON o.id = p.organisation WHERE o.place = ${COMMUNITY} AND o.kind = 'property_company' AND p.valid_to = 0 ORDER BY p.id LIMIT 1`),
        board: one("SELECT id FROM board WHERE word = 'report'"), board_word: "neighbour_talk",
        boards: { /* which are read by everybody, says the board's row */
            talk: { word: "neighbour_talk", entry: one(`SELECT id FROM entry WHERE community = ${COMMUNITY} AND author = ${report.author} ORDER BY id LIMIT 1`), group: one(`SELECT id FROM talk_group WHERE community = ${COMMUNITY} AND state = 'open' ORDER BY id LIMIT 1`) },
            bulletin: {
                word: "announcement",
                entry: one(`SELECT r.entry FROM bulletin_reach r JOIN entry e ON e.community = r.community AND e.id = r.entry WHERE r.community = ${COMMUNITY} AND r.place = ${COMMUNITY} AND e.state = 'pinned' ORDER BY r.entry LIMIT 1`),
                parts: [{ at: /\/(ask|calendar)(\/|$)/, word: "open_affairs", entry: one(`SELECT id FROM bulletin WHERE community = ${COMMUNITY} AND matter = 'accounts' ORDER BY id LIMIT 1`) }],
            },
            service: {
                word: "community_service",
                entry: one(`SELECT slot.provider FROM slot JOIN entry e ON e.community = slot.community AND e.id = slot.provider JOIN board b ON b.id = e.board WHERE slot.community = ${COMMUNITY} AND b.word = 'community_service' ORDER BY slot.id LIMIT 1`), slot: one(`SELECT slot.id FROM slot JOIN entry e ON e.community = slot.community AND e.id = slot.provider JOIN board b ON b.id = e.board WHERE slot.community = ${COMMUNITY} AND b.word = 'community_service' ORDER BY slot.id LIMIT 1`),
                parts: [{
                    at: /\/(mine|ask|team|sign)(\/|$)/, word: "family_doctor", entry: one("SELECT provider FROM doctor_sign ORDER BY id LIMIT 1"),
                    sign: one("SELECT id FROM doctor_sign WHERE state = 'requested' ORDER BY id LIMIT 1"), ask: one("SELECT id FROM doctor_question WHERE state = 'open' ORDER BY id LIMIT 1"),
                }, { at: /\/(repair|accounts|rating|recall)/, word: "property_window", entry: one(`SELECT entry FROM property_account WHERE community = ${COMMUNITY} ORDER BY entry LIMIT 1`) }],
            },
            activity: {
                word: "activity",
                entry: one(`SELECT e.id FROM entry e JOIN activity a ON a.community = e.community AND a.entry = e.id WHERE e.community = ${COMMUNITY} AND e.state = 'open' AND a.starts_at > ${Date.now()} ORDER BY a.starts_at LIMIT 1`),
            },
            inquiry: {
                word: "police_line",
                entry: one(`SELECT entry FROM inquiry WHERE community = ${COMMUNITY} AND sharing = 'public' ORDER BY id LIMIT 1`),
                mine: one(`SELECT i.id FROM inquiry i JOIN board b ON b.id = i.board WHERE i.community = ${COMMUNITY} AND b.word = 'police_line' AND i.asker = ${report.author} ORDER BY i.id LIMIT 1`),
            },
            exchange: { word: "mutual_help", entry: one(`SELECT e.id FROM entry e JOIN board b ON b.id = e.board WHERE e.community = ${COMMUNITY} AND e.author = ${report.author} AND b.word = 'mutual_help' AND e.state = 'open' ORDER BY e.id LIMIT 1`) },
            guide: {
                word: "guide", entry: one(`SELECT id FROM guide_item WHERE community = ${COMMUNITY} ORDER BY id LIMIT 1`), words: one(`SELECT MIN(id) FROM guide_synonym WHERE community = ${COMMUNITY}`),
                help: one(`SELECT id FROM guide_help WHERE community = ${COMMUNITY} AND state = 'asked' ORDER BY id LIMIT 1`),
            },
        },
        inquiry: one(`SELECT i.id FROM inquiry i JOIN board b ON b.id = i.board WHERE i.community = ${COMMUNITY} AND b.word = 'police_line' AND i.state = 'talking' ORDER BY i.id LIMIT 1`),
        inquiry_template: one(`SELECT id FROM inquiry_template WHERE community = ${COMMUNITY} ORDER BY id LIMIT 1`), officer: one(`SELECT person FROM officer_community WHERE community = ${COMMUNITY} ORDER BY since, person LIMIT 1`),
        notice: one(`SELECT r.entry FROM bulletin_reach r WHERE r.community = ${COMMUNITY} AND r.place = ${COMMUNITY} ORDER BY r.entry LIMIT 1`),
        notice_draft: one(`SELECT id FROM entry WHERE community = ${COMMUNITY} AND kind = 'bulletin' AND state = 'draft' ORDER BY id LIMIT 1`),
        matter: one("SELECT id FROM guide_item WHERE code = 'newborn_registration'"),
        helped: one(`SELECT id FROM guide_help WHERE community = ${COMMUNITY} AND state = 'done' LIMIT 1`), asker: one(`SELECT person FROM guide_help WHERE community = ${COMMUNITY} AND state = 'done' LIMIT 1`),
        entry: one(`SELECT id FROM entry WHERE community = ${COMMUNITY} AND author = ${report.author} ORDER BY id LIMIT 1`),
        provider: one(`SELECT slot.provider FROM slot JOIN entry e ON e.community = slot.community AND e.id = slot.provider JOIN board b ON b.id = e.board WHERE slot.community = ${COMMUNITY} AND b.word = 'community_service' ORDER BY slot.id LIMIT 1`),
        slot: one(`SELECT slot.id FROM slot JOIN entry e ON e.community = slot.community AND e.id = slot.provider JOIN board b ON b.id = e.board WHERE slot.community = ${COMMUNITY} AND b.word = 'community_service' ORDER BY slot.id LIMIT 1`),
        estate: one(`SELECT id FROM estate WHERE community = ${COMMUNITY} LIMIT 1`),
        building: one(`SELECT id FROM building WHERE community = ${COMMUNITY} LIMIT 1`),
        dwelling: one(`SELECT id FROM dwelling WHERE community = ${COMMUNITY} LIMIT 1`),
        code: one(`SELECT code FROM estate_code WHERE community = ${COMMUNITY} AND void_at = 0 LIMIT 1`),
        moderation_case: one(`SELECT id FROM moderation_case WHERE community = ${COMMUNITY} AND state = 'open' ORDER BY id LIMIT 1`),
        measure: one(`SELECT id FROM moderation_measure WHERE community = ${COMMUNITY} AND state = 'appealed' ORDER BY id LIMIT 1`),
        watched_word: one(`SELECT id FROM watched_word WHERE place = ${COMMUNITY} ORDER BY id LIMIT 1`),
        line: one(`SELECT corrects FROM hours WHERE community = ${COMMUNITY} AND corrects > 0 ORDER BY id LIMIT 1`), counter: one(`SELECT id FROM hours WHERE community = ${COMMUNITY} AND corrects > 0 ORDER BY id LIMIT 1`),
        certificate: one(`SELECT id FROM hours_certificate WHERE community = ${COMMUNITY} ORDER BY (person = ${report.author}) DESC, id LIMIT 1`),
        party_member: one(`SELECT id FROM party_member WHERE community = ${COMMUNITY} AND shown = 1 AND person NOT IN (SELECT person FROM post) ORDER BY id LIMIT 1`),
        redacted: one(`SELECT report FROM report_version WHERE community = ${COMMUNITY} ORDER BY report LIMIT 1`),
        kind_word: "report", thing: String(report.id),
        comment: one(`SELECT id FROM report_comment WHERE community = ${COMMUNITY} ORDER BY (report = ${report.id}) DESC, id LIMIT 1`),
    };
}

export function actors(data, t) {
    const one = (statement) => {
        const rows = sql(data, statement);
        return rows.length ? String(Object.values(rows[0])[0]) : null;
    };
    const now = Date.now();
    const post = (role, where) => one(`SELECT p.person FROM post p JOIN organisation o ON o.id = p.organisation WHERE p.role = '${role}' AND p.valid_to = 0 AND ${where} ORDER BY p.id LIMIT 1`);
    const handed = `p.organisation IN (SELECT organisation FROM work_order WHERE community = ${COMMUNITY} AND report = ${t.report})`;
    const resident = (community, more) => one(`SELECT h.person FROM residence h JOIN person q ON q.id = h.person WHERE h.community = ${community} AND ${more} AND q.state = 'active'
        AND h.person NOT IN (SELECT person FROM post) ORDER BY h.id LIMIT 1`);
    const list = [
        ["guest", null],
        ["newcomer", null], /* has just proved a phone: Browser.signUp() */
        ["waiting", resident(COMMUNITY, "h.state = 'waiting'")],
        ["resident", resident(COMMUNITY, `h.state = 'verified' AND h.person <> ${t.author}`)],
        ["author", t.author],
        ["secretary", post("party_secretary", `o.place = ${COMMUNITY}`)],
        ["cadre", post("cadre", `o.place = ${COMMUNITY}`)],
        ["handler", post("handler", `p.organisation = ${t.handler}`) || post("handler", handed)],
        ["not_handed", post("handler", `NOT ${handed} AND p.person NOT IN (SELECT p2.person FROM post p2 WHERE p2.organisation IN (SELECT organisation FROM work_order WHERE community = ${COMMUNITY} AND report = ${t.report}))`)],
        ["police", post("community_police", "1 = 1")],
        ["grid", post("grid_operator", `o.place = ${STREET}`)],
        ["street", post("street_officer", `o.place = ${STREET}`)],
        ["district", post("district_officer", `o.place = ${DISTRICT}`)],
        ["city", post("city_officer", "1 = 1")],
        ["administrator", post("administrator", "1 = 1")],
        ["auditor", post("auditor", "1 = 1")],
        ["near_cadre", post("party_secretary", `o.place = ${SAME_STREET}`) || post("cadre", `o.place = ${SAME_STREET}`)],
        ["far_cadre", post("cadre", `o.place = ${OTHER_STREET}`) || post("party_secretary", `o.place = ${OTHER_STREET}`)],
        ["far_resident", resident(OTHER_STREET, "h.state = 'verified'") || resident(SAME_STREET, "h.state = 'verified'")],
        ["far_grid", post("grid_operator", `o.place <> ${STREET} AND o.place / 1000 * 1000 = o.place`)],
    ];
    return list.map(([name, person]) => ({ name, person }));
}
