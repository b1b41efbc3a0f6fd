/* Makes the pages nicer; every page works without it. No framework, no eval, no inline style attributes.
   All words come from the page: from the element's own data-…, or from <div id="words" hidden data-…> of the layout. */
(function (d, w) {
    "use strict";
    var root = d.documentElement;
    root.classList.add("js");

    function all(sel, from) { return Array.prototype.slice.call((from || d).querySelectorAll(sel)); }
    function word(name) { var e = d.getElementById("words"); return (e && e.getAttribute("data-" + name)) || ""; }
    function fill(text, values) { return text.replace(/\{(\w+)\}/g, function (m, k) { return k in values ? values[k] : m; }); }
    function store(key, value) { /* private windows and full disks throw; a draft is then just not kept */
        try {
            if (value === undefined) { return JSON.parse(localStorage.getItem(key)); }
            if (value === null) { localStorage.removeItem(key); } else { localStorage.setItem(key, JSON.stringify(value)); }
        } catch (e) { return null; }
        return null;
    }

    /* what we know of a form; not as its properties, for a field may have the same name */
    function state(form) { return form.lilong || (form.lilong = { photos: [], shrinking: 0 }); }

    /* ---- a short message, read aloud by screen readers ---- */
    var toastTimer;
    function toast(text, action, run) {
        var t = d.querySelector(".toast");
        if (!t) { t = d.createElement("div"); t.className = "toast"; t.setAttribute("role", "status"); d.body.appendChild(t); }
        t.hidden = false;
        t.textContent = text;
        clearTimeout(toastTimer);
        if (action) {
            var b = d.createElement("button");
            b.type = "button"; b.className = "btn btn-small"; b.textContent = action;
            b.addEventListener("click", function () { t.hidden = true; run(); });
            t.appendChild(b);
        } else {
            toastTimer = setTimeout(function () { t.hidden = true; }, 4000);
        }
    }

    /* ---- drafts: <form data-draft="report/310113007011"> ---- */
    function draftFields(form) {
        return all("input,textarea,select", form).filter(function (f) {
            return f.name && !f.hasAttribute("data-no-draft") && !/^(hidden|file|password|submit|button|tel)$/.test(f.type);
        });
    }
    /* of this form of this thing alone: what is begun under one entry is not put under another, nor into what is edited */
    function draftKey(form) { return "draft:" + form.getAttribute("data-draft") + (form.getAttribute("action") || ""); }
    function draftSave(form) {
        var kept = {}, any = false;
        draftFields(form).forEach(function (f) {
            if (/^(checkbox|radio)$/.test(f.type)) { if (f.checked) { (kept[f.name] = kept[f.name] || []).push(f.value); } }
            else if (f.value) { kept[f.name] = [f.value]; any = any || f.value !== f.defaultValue; }
        });
        store(draftKey(form), any ? { at: Date.now(), fields: kept } : null);
    }
    function draftStart(form) {
        var draft = store(draftKey(form)), changed = false, timer;
        if (draft && Date.now() - draft.at < 14 * 864e5 && !form.querySelector("[aria-invalid]")) {
            draftFields(form).forEach(function (f) {
                var v = draft.fields[f.name];
                if (!v) { return; }
                if (/^(checkbox|radio)$/.test(f.type)) { f.checked = v.indexOf(f.value) >= 0; }
                else if (!f.value || f.tagName === "SELECT") { changed = changed || f.value !== v[0]; f.value = v[0]; }
            });
        }
        if (changed) {
            toast(word("draft"), word("draft-drop"), function () { store(draftKey(form), null); form.reset(); });
            setTimeout(function () { var t = d.querySelector(".toast"); if (t) { t.hidden = true; } }, 10000);
        }
        form.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(function () { draftSave(form); }, 400); });
        w.addEventListener("pagehide", function () { if (!state(form).sent) { draftSave(form); } });
    }

    /* ---- photos: preview, shrink to 1600 px JPEG on the phone, take out again ---- */
    function shrink(file, done) {
        var img = new Image(), url = URL.createObjectURL(file);
        img.onload = function () {
            var k = Math.min(1, 1600 / Math.max(img.naturalWidth, img.naturalHeight)), c = d.createElement("canvas");
            c.width = Math.max(1, Math.round(img.naturalWidth * k));
            c.height = Math.max(1, Math.round(img.naturalHeight * k));
            c.getContext("2d").drawImage(img, 0, 0, c.width, c.height);
            URL.revokeObjectURL(url);
            c.toBlob(function (blob) {
                var small = blob && (blob.size < file.size || k < 1);
                done(small ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file, c);
            }, "image/jpeg", 0.85);
        };
        img.onerror = function () { URL.revokeObjectURL(url); done(file, null); }; /* not a picture: the server says so */
        img.src = url;
    }
    function uploader(box) {
        var max = +box.getAttribute("data-max") || 9, form = box.closest("form");
        function adders() {
            all(".uploader-add", box).forEach(function (a) { a.hidden = state(form).photos.length >= max; });
        }
        box.addEventListener("change", function (ev) {
            var input = ev.target;
            if (input.type !== "file") { return; }
            var files = Array.prototype.slice.call(input.files);
            if (state(form).photos.length + files.length > max) { toast(fill(word("photos-max"), { n: max })); }
            files.slice(0, max - state(form).photos.length).forEach(function (file) {
                var slot = { name: input.name, file: file }, item = d.createElement("div"), drop = d.createElement("button");
                state(form).photos.push(slot);
                state(form).shrinking++;
                item.className = "uploader-item";
                drop.type = "button";
                drop.setAttribute("aria-label", fill(word("photo-drop"), { n: state(form).photos.length }));
                drop.addEventListener("click", function () {
                    state(form).photos.splice(state(form).photos.indexOf(slot), 1);
                    item.remove(); adders();
                    (box.querySelector("input") || drop).focus();
                });
                item.appendChild(drop);
                box.insertBefore(item, box.querySelector(".uploader-add"));
                shrink(file, function (small, canvas) {
                    slot.file = small;
                    state(form).shrinking--;
                    if (canvas) {
                        canvas.setAttribute("role", "img");
                        canvas.setAttribute("aria-label", file.name);
                        item.insertBefore(canvas, drop);
                    } else { item.insertBefore(d.createTextNode(file.name), drop); }
                    if (!state(form).shrinking && state(form).waiting) { state(form).waiting = false; send(form); }
                });
            });
            input.value = ""; /* what is kept is in state(form).photos; without script the input itself is sent */
            adders();
        });
    }

    /* ---- sending with progress, trying again when the network drops; the form's idempotency key makes it act once ---- */
    function problems(form, p) {
        var box = form.querySelector(".errors");
        if (!box) {
            box = d.createElement("div"); box.className = "errors"; box.tabIndex = -1; box.setAttribute("role", "alert");
            form.insertBefore(box, form.firstChild);
        }
        all(".field-error", form).forEach(function (e) { e.remove(); });
        all("[aria-invalid]", form).forEach(function (e) { e.removeAttribute("aria-invalid"); });
        box.textContent = "";
        var h = d.createElement("h2"), ul = d.createElement("ul");
        h.textContent = p.title || word("wrong");
        (p.errors || []).forEach(function (e) {
            var name = e.field || String(e.pointer || "").replace(/^#?\//, ""), f = form.elements[name], li = d.createElement("li"), a = d.createElement("a");
            if (f && f.length && !f.tagName) { f = f[0]; }
            a.textContent = e.detail || e.message || "";
            if (f) {
                var shut = f.closest("[hidden]"); /* a question that is asked only when something has been found */
                if (shut) { shut.hidden = false; }
                f.id = f.id || "f-" + name;
                a.href = "#" + f.id;
                f.setAttribute("aria-invalid", "true");
                f.setAttribute("aria-describedby", name + "-error");
                var m = d.createElement("p"), field = f.closest(".field") || f.parentNode;
                m.className = "field-error"; m.id = name + "-error"; m.textContent = a.textContent;
                field.appendChild(m);
            }
            li.appendChild(a); ul.appendChild(li);
        });
        if (!ul.firstChild && p.detail) { var li = d.createElement("li"); li.textContent = p.detail; ul.appendChild(li); }
        box.appendChild(h); box.appendChild(ul);
        box.focus(); box.scrollIntoView({ block: "center" });
    }
    function busy(form, on) {
        state(form).busy = on;
        all("[type=submit],button:not([type])", form).forEach(function (b) {
            if (on) { b.setAttribute("aria-disabled", "true"); } else { b.removeAttribute("aria-disabled"); }
        });
        var bar = form.querySelector(".upload-state");
        if (bar) { bar.hidden = !on; }
    }
    function send(form) {
        var data = new FormData(form), x = new XMLHttpRequest(), bar = form.querySelector("progress"), by = state(form).clicked;
        (state(form).photos || []).forEach(function (p) { data.append(p.name, p.file, p.file.name); });
        if (by && by.name) { data.append(by.name, by.value); }
        busy(form, true);
        x.open("POST", (by && by.getAttribute("formaction")) || form.getAttribute("action") || w.location.href);
        x.setRequestHeader("Accept", "application/json");
        x.timeout = 120000;
        x.upload.onprogress = function (e) { if (bar && e.lengthComputable) { bar.max = e.total; bar.value = e.loaded; } };
        x.onload = function () {
            var answer = {};
            try { answer = JSON.parse(x.responseText); } catch (e) { answer = {}; }
            if (x.status < 300 && answer.location) {
                state(form).sent = true;
                if (form.hasAttribute("data-draft")) { store(draftKey(form), null); }
                w.location.assign(answer.location);
                return;
            }
            busy(form, false);
            if (x.status >= 500 || x.status === 429) { again(answer.detail || word("busy")); }
            else { problems(form, answer); }
        };
        x.onerror = x.ontimeout = function () { busy(form, false); again(word("offline")); };
        function again(text) {
            function go() { w.removeEventListener("online", go); if (!state(form).busy && !state(form).sent) { send(form); } }
            toast(text, word("retry"), go);
            if (!navigator.onLine) { w.addEventListener("online", go); }
        }
        x.send(data);
    }
    d.addEventListener("click", function (ev) {
        var b = ev.target.closest && ev.target.closest("button,[type=submit]");
        if (b && b.form && b.type === "submit") { state(b.form).clicked = b; }
    }, true);
    d.addEventListener("submit", function (ev) {
        var form = ev.target, by = ev.submitter || state(form).clicked, ask = (by && by.getAttribute("data-confirm")) || form.getAttribute("data-confirm");
        if (state(form).busy || (ask && !w.confirm(ask))) { ev.preventDefault(); ev.stopImmediatePropagation(); return; }
        state(form).clicked = by;
        if (form.hasAttribute("data-send")) {
            ev.preventDefault();
            if (state(form).shrinking) { state(form).waiting = true; busy(form, true); } else { send(form); }
        } else if ((form.getAttribute("method") || "").toLowerCase() === "post" && !form.hasAttribute("hx-post")) {
            state(form).sent = true;
            setTimeout(function () { busy(form, true); }, 0); /* after the browser took the clicked button's value */
        }
    });
    w.addEventListener("pageshow", function (ev) { if (ev.persisted) { all("form").forEach(function (f) { busy(f, false); }); } });

    /* ---- clocks: <time data-clock="MS" data-left="还剩 {h} 小时 {m} 分" data-left-m=… data-over=… data-over-m=…> ---- */
    function clocks() {
        var now = Date.now();
        all("[data-clock]").forEach(function (t) {
            var left = +t.getAttribute("data-clock") - now, min = Math.floor(Math.abs(left) / 6e4), h = Math.floor(min / 60);
            if (h > 48) { return; } /* longer spans are counted in work days, by the server */
            var key = (left < 0 ? "data-over" : "data-left") + (h ? "" : "-m"), text = t.getAttribute(key);
            if (text) {
                text = fill(text, { h: h, m: h ? min % 60 : min });
                if (t.textContent !== text) { t.textContent = text; }
            }
        });
    }

    /* ---- position only when asked: <button data-locate hidden-without-js data-lat="#lat" data-lon="#lon" data-say="#where"> ---- */
    function locate(b) {
        var say = d.querySelector(b.getAttribute("data-say"));
        function tell(name) { if (say) { say.textContent = b.getAttribute("data-" + name) || ""; } }
        if (!navigator.geolocation) { tell("refused"); return; }
        tell("wait");
        navigator.geolocation.getCurrentPosition(function (p) {
            d.querySelector(b.getAttribute("data-lat")).value = p.coords.latitude.toFixed(6);
            d.querySelector(b.getAttribute("data-lon")).value = p.coords.longitude.toFixed(6);
            tell("got");
        }, function () { tell("refused"); }, { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 });
    }

    function copy(text, said) {
        function old() {
            var a = d.createElement("textarea");
            a.value = text; a.className = "sr"; d.body.appendChild(a); a.select();
            try { d.execCommand("copy"); toast(said); } catch (e) { toast(text); }
            a.remove();
        }
        if (navigator.clipboard && w.isSecureContext) { navigator.clipboard.writeText(text).then(function () { toast(said); }, old); } else { old(); }
    }

    /* a photo in full, without leaving the page, and the others beside it: by buttons, arrow keys, a swipe. The link does it without script.
       data-view: the picture's address where the link leads to a page of its own */
    function view(link) {
        var v = d.createElement("dialog");
        if (!v.showModal) { return false; }
        var list = link.closest(".photos"), links = list ? all("[data-view]", list) : [link], at = links.indexOf(link), from = null;
        var img = d.createElement("img"), count = d.createElement("p");
        function button(name, text, go) {
            var x = d.createElement("button");
            x.type = "button"; x.className = name; x.addEventListener("click", function (ev) { ev.stopPropagation(); go(); });
            if (name === "btn viewer-close") { x.textContent = text; } else { x.setAttribute("aria-label", text); x.textContent = /next/.test(name) ? "›" : "‹"; }
            v.appendChild(x);
        }
        function show(i) {
            at = (i + links.length) % links.length;
            img.src = links[at].getAttribute("data-view") || links[at].href;
            img.alt = (links[at].querySelector("img") || {}).alt || "";
            count.textContent = (at + 1) + " / " + links.length;
        }
        v.className = "viewer";
        v.appendChild(img);
        if (links.length > 1) {
            button("viewer-go", word("previous"), function () { show(at - 1); });
            button("viewer-go viewer-next", word("next"), function () { show(at + 1); });
            count.setAttribute("role", "status");
            v.appendChild(count);
            v.addEventListener("keydown", function (ev) {
                if (ev.key === "ArrowLeft") { show(at - 1); } else if (ev.key === "ArrowRight") { show(at + 1); } else { return; }
                ev.preventDefault();
            });
            v.addEventListener("touchstart", function (ev) { from = ev.touches.length === 1 ? ev.touches[0].clientX : null; }, { passive: true });
            v.addEventListener("touchend", function (ev) {
                var by = from === null ? 0 : ev.changedTouches[0].clientX - from;
                if (Math.abs(by) > 40) { ev.preventDefault(); show(by < 0 ? at + 1 : at - 1); }
            });
        }
        button("btn viewer-close", word("close"), function () { v.close(); });
        v.addEventListener("click", function () { v.close(); });
        v.addEventListener("close", function () { v.remove(); links[at].focus(); });
        show(at);
        d.body.appendChild(v); v.showModal();
        return true;
    }

    d.addEventListener("click", function (ev) {
        var t = ev.target.closest && ev.target.closest("[data-copy],[data-share],[data-locate],[data-view],[data-print],[data-close],[data-open]"), e;
        if (!t) { return; }
        if (t.hasAttribute("data-view") && !ev.ctrlKey && !ev.metaKey) { if (view(t)) { ev.preventDefault(); } return; }
        if (t.hasAttribute("data-locate")) { ev.preventDefault(); locate(t); return; }
        if (t.hasAttribute("data-print")) { ev.preventDefault(); w.print(); return; }
        if (t.hasAttribute("data-close")) { e = t.closest("details,dialog"); if (e) { ev.preventDefault(); if (e.close) { e.close(); } else { e.open = false; } } return; }
        if (t.hasAttribute("data-open")) { e = d.querySelector(t.getAttribute("data-open")); if (e && e.showModal) { ev.preventDefault(); e.showModal(); } return; }
        ev.preventDefault();
        var url = t.getAttribute("data-copy") || t.getAttribute("data-share") || w.location.href;
        url = new URL(url, w.location.href).href;
        if (t.hasAttribute("data-share") && navigator.share) { navigator.share({ title: d.title, url: url }).catch(function () {}); return; }
        copy(url, t.getAttribute("data-done") || word("copied"));
    });

    /* ---- keys: Escape closes sheets; on the desk j/k move, Enter opens, and data-key="r" names any other.
       <body data-keys="off"> switches the single letters off (WCAG 2.1.4; a setting of the person). ---- */
    d.addEventListener("keydown", function (ev) {
        if (ev.key === "Escape") {
            all("details.sheet[open],details.menu[open]").forEach(function (s) { s.open = false; s.querySelector("summary").focus(); });
            if (/^(INPUT|TEXTAREA|SELECT)$/.test(ev.target.tagName)) { ev.target.blur(); }
            return;
        }
        if (ev.ctrlKey || ev.metaKey || ev.altKey) { return; }
        if (/^Arrow(Left|Right)$/.test(ev.key) && ev.target === d.body) {
            var go = d.querySelector(ev.key === "ArrowLeft" ? "a[rel=prev]" : "a[rel=next]");
            if (go) { go.click(); return; }
        }
        if (d.body.getAttribute("data-keys") !== "on") { return; }
        if (/^(INPUT|TEXTAREA|SELECT)$/.test(ev.target.tagName) || ev.target.isContentEditable || d.querySelector("dialog[open]")) { return; }
        var rows = all(".desk-row"), at = -1, e, key = ev.key.toLowerCase();
        if (key === "j" || key === "k") {
            rows.forEach(function (r, i) { if (r.classList.contains("is-chosen")) { at = i; } });
            if (at < 0) { rows.forEach(function (r, i) { if (r.hasAttribute("aria-current")) { at = i; } }); }
            e = rows[key === "j" ? Math.min(at + 1, rows.length - 1) : Math.max(at - 1, 0)];
            if (!e) { return; }
            rows.forEach(function (r) { r.classList.toggle("is-chosen", r === e); });
            e.querySelector("a").focus();
            e.scrollIntoView({ block: "nearest" });
        } else {
            var q = "[data-key=\"" + (w.CSS ? w.CSS.escape(ev.key) : ev.key) + "\"]";
            e = d.querySelector(".desk-row.is-chosen " + q) || all(q).filter(function (b) { return !b.closest(".desk-row"); })[0];
            if (!e) { return; } /* in a list only for the chosen row: never for one that nobody has looked at */
            var det = e.closest("details");
            if (det && e.tagName !== "SUMMARY") { det.open = true; }
            e.focus();
            if (!/^(INPUT|TEXTAREA|SELECT)$/.test(e.tagName)) { e.click(); }
        }
        ev.preventDefault();
    });

    /* a bulk list: the box in the head ticks them all */
    d.addEventListener("change", function (ev) {
        var sel = ev.target.getAttribute("data-all");
        if (sel) { all(sel).forEach(function (b) { b.checked = ev.target.checked; }); }
    });

    function start(from) {
        all("form[data-draft]", from).forEach(draftStart);
        all(".uploader", from).forEach(uploader);
        clocks();
    }
    start(d);
    setInterval(clocks, 20000);
    d.addEventListener("htmx:load", function (ev) { if (ev.target !== d.body) { clocks(); } });
}(document, window));
