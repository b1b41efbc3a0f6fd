/* Draws the chart of a figures page from the page's own table; the table stays where it is.
   <div class="chart" data-chart="line|bar" data-table="#trend" hidden></div>
   The first column of the table is the axis; each <th data-series="name" data-unit="%"> in the head is a series (data-axis="right"
   puts it on a second axis). Cells may carry data-value when their text is not the bare number. Needs echarts.min.js before it.
   Canvas only, tooltip as rich text: nothing that a CSP without 'unsafe-inline' would refuse. */
(function (d, w) {
    "use strict";
    if (!w.echarts) { return; } /* the table is there */

    function number(cell) {
        var v = cell.getAttribute("data-value");
        if (v === null) { v = cell.textContent.replace(/[,%\s]/g, ""); }
        return v === "" || isNaN(+v) ? null : +v;
    }
    function token(name) { return getComputedStyle(d.documentElement).getPropertyValue("--" + name).trim(); }

    function draw(box) {
        var table = d.querySelector(box.getAttribute("data-table")), old = w.echarts.getInstanceByDom(box);
        if (!table) { return; }
        var heads = Array.prototype.slice.call(table.tHead.rows[0].cells), rows = Array.prototype.slice.call(table.tBodies[0].rows);
        var size = parseFloat(getComputedStyle(d.documentElement).fontSize) * 0.765, kind = box.getAttribute("data-chart");
        var colours = [token("green"), token("blue"), token("amber"), token("soft")], dashes = ["solid", "dashed", "dotted", "solid"];
        var marks = ["circle", "diamond", "triangle", "rect"], font = getComputedStyle(d.body).fontFamily;
        var text = { color: token("soft"), fontSize: size, fontFamily: font }, line = { lineStyle: { color: token("line") } };
        var right = false, series = [];
        heads.forEach(function (th, col) {
            if (!th.hasAttribute("data-series")) { return; }
            var n = series.length, at = th.getAttribute("data-axis") === "right" ? 1 : 0, unit = th.getAttribute("data-unit") || "";
            right = right || at === 1;
            series.push({
                name: th.getAttribute("data-series") || th.textContent.trim(), type: kind, yAxisIndex: at,
                data: rows.map(function (r) { return number(r.cells[col]); }),
                color: colours[n % 4], lineStyle: { width: 2, type: dashes[n % 4] }, symbol: marks[n % 4], symbolSize: 7,
                barMaxWidth: 28, itemStyle: kind === "bar" ? { borderRadius: [3, 3, 0, 0] } : {},
                tooltip: { valueFormatter: function (v) { return v === null || v === undefined ? "–" : v + unit; } }
            });
        });
        function axis(at) {
            var unit = (heads.filter(function (h) { return h.hasAttribute("data-series") && (h.getAttribute("data-axis") === "right") === (at === 1); })[0]);
            var sign = unit ? unit.getAttribute("data-unit") || "" : "";
            return { type: "value", min: 0, max: sign === "%" ? 100 : null, minInterval: sign === "%" ? 0 : 1, splitNumber: 4, axisLabel: Object.assign({ formatter: sign === "%" ? "{value}%" : "{value}" }, text), splitLine: at ? { show: false } : line };
        }
        box.hidden = false;
        if (old) { old.dispose(); }
        var chart = w.echarts.init(box, null, { renderer: "canvas" });
        chart.setOption({
            animation: !w.matchMedia("(prefers-reduced-motion: reduce)").matches, animationDuration: 150,
            aria: { enabled: false },
            textStyle: text,
            legend: { show: series.length > 1, top: 0, left: 0, itemWidth: 26, textStyle: { color: token("ink"), fontSize: size, fontFamily: font } },
            tooltip: {
                trigger: "axis", renderMode: "richText", confine: true, backgroundColor: token("card"), borderColor: token("edge"), borderWidth: 1,
                textStyle: { color: token("ink"), fontSize: size, fontFamily: font }, axisPointer: { lineStyle: { color: token("edge") } }
            },
            grid: { top: series.length > 1 ? 44 : 16, left: 4, right: 12, bottom: 4, containLabel: true },
            xAxis: {
                type: "category", data: rows.map(function (r) { return r.cells[0].textContent.trim(); }), boundaryGap: kind === "bar",
                axisLabel: Object.assign({ hideOverlap: true }, text), axisTick: { show: false }, axisLine: { lineStyle: { color: token("edge") } }
            },
            yAxis: right ? [axis(0), axis(1)] : [axis(0)],
            series: series
        });
    }

    var boxes = Array.prototype.slice.call(d.querySelectorAll("[data-chart]")), timer;
    function all() { boxes.forEach(draw); }
    all();
    w.addEventListener("resize", function () { clearTimeout(timer); timer = setTimeout(all, 150); });
    var dark = w.matchMedia("(prefers-color-scheme: dark)");
    if (dark.addEventListener) { dark.addEventListener("change", all); }
}(document, window));
