// Draws charts from the tables beside them; colours come from the tokens and follow the theme.
(function () {
  "use strict";
  var ORDER = ["accent", "done-fill", "warn-fill", "ok-fill", "bad-fill", "off-fill"];
  var drawn = [];
  var loading = null;

  function token(name) { return getComputedStyle(document.documentElement).getPropertyValue("--x-" + name).trim(); }
  function number(text) {
    var found = text.replace(/,/g, "").match(/-?\d+(\.\d+)?/);
    return found ? parseFloat(found[0]) : null;
  }

  function library() {
    loading = loading || new Promise(function (done, failed) {
      var script = document.createElement("script");
      script.src = document.body.dataset.echarts;
      script.onload = done;
      script.onerror = failed;
      document.head.append(script);
    });
    return loading;
  }

  function figures(table) {
    var heads = Array.from(table.tHead.rows[0].cells).slice(1);
    var rows = Array.from(table.tBodies[0].rows);
    return {
      names: rows.map(function (row) { return row.cells[0].textContent.trim(); }),
      now: rows.findIndex(function (row) { return "now" in row.dataset; }),
      series: heads.map(function (head, at) {
        return {
          name: head.textContent.trim(), line: head.dataset.line || "solid",
          colour: token(head.dataset.colour || ORDER[at % ORDER.length]),
          values: rows.map(function (row) { return number(row.cells[at + 1].textContent); })
        };
      })
    };
  }

  function one(kind, given, at, data) {
    var made = { name: given.name, data: given.values, itemStyle: { color: given.colour } };
    if (kind === "line") {
      made.type = "line";
      made.symbol = given.line === "dashed" ? "none" : "circle";
      made.symbolSize = 5;
      made.lineStyle = { color: given.colour, width: given.line === "dashed" ? 1.5 : 2.5, type: given.line === "dashed" ? [5, 4] : "solid" };
      if (given.line === "area") { made.areaStyle = { color: given.colour, opacity: 0.07 }; }
      if (at === 0 && data.now >= 0) {
        made.markLine = { silent: true, symbol: "none", lineStyle: { color: token("line-strong"), type: "solid" },
          label: { formatter: window.xWords("now"), color: token("ink-3"), position: "end" }, data: [{ xAxis: data.now }] };
      }
    } else {
      made.type = "bar";
      made.barMaxWidth = 28;
      if (kind === "stacked") { made.stack = "all"; made.itemStyle.borderColor = token("surface"); made.itemStyle.borderWidth = 1; }
    }
    return made;
  }

  function option(box, data) {
    var kind = box.dataset.chart;
    var across = kind === "across";
    var names = { type: "category", data: data.names, boundaryGap: kind !== "line", inverse: across,
      axisLine: { lineStyle: { color: token("line-strong") } }, axisTick: { show: false }, axisLabel: { color: token("ink-3"), hideOverlap: true } };
    var scale = { type: "value", max: box.dataset.most ? Number(box.dataset.most) : null, interval: box.dataset.most ? Number(box.dataset.most) / 4 : null, name: across ? "" : box.dataset.unit || "",
      nameTextStyle: { color: token("ink-3"), align: "left" }, splitNumber: 4,
      splitLine: { lineStyle: { color: token("line") } }, axisLabel: { color: token("ink-3") } };
    return {
      animation: false,
      textStyle: { color: token("ink-2"), fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12 },
      legend: { show: data.series.length > 1, right: 0, top: 0, icon: kind === "line" ? null : "rect", itemWidth: 14, itemHeight: 9, textStyle: { color: token("ink-2") } },
      grid: { left: 4, right: 12, top: data.now >= 0 ? 56 : 36, bottom: 4, containLabel: true },
      // Rich text, not markup: markup in a tooltip carries style attributes, which the policy refuses.
      tooltip: { trigger: "axis", renderMode: "richText", backgroundColor: token("surface"), borderColor: token("line-strong"),
        textStyle: { color: token("ink"), fontSize: 13 },
        valueFormatter: function (value) { return value === null || value === undefined ? "—" : value.toLocaleString("en") + (box.dataset.unit || ""); } },
      xAxis: across ? scale : names, yAxis: across ? names : scale,
      series: data.series.map(function (given, at) { return one(kind, given, at, data); })
    };
  }

  function draw(box) {
    var table = document.getElementById(box.dataset.from);
    if (!table || box.xChart) { return; }
    library().then(function () {
      if (box.xChart || !box.isConnected) { return; }
      box.xChart = window.echarts.init(box, null, { renderer: "svg" });
      box.xChart.setOption(option(box, figures(table)));
      new ResizeObserver(function () { box.xChart.resize(); }).observe(box);
      drawn.push(box);
    }).catch(function () { // without the drawing the figures still speak
      var more = table.closest("details");
      if (more) { more.open = true; }
      box.hidden = true;
    });
  }

  function all() { document.querySelectorAll("[data-chart]").forEach(draw); }
  function again() {
    drawn = drawn.filter(function (box) { return box.isConnected; });
    drawn.forEach(function (box) {
      box.xChart.setOption(option(box, figures(document.getElementById(box.dataset.from))), true);
    });
  }
  document.addEventListener("DOMContentLoaded", all);
  document.addEventListener("htmx:afterSettle", all);
  document.addEventListener("x-theme", again);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", function () { setTimeout(again, 0); });

  // On paper the figures count: every table behind a chart is opened for printing and closed again.
  addEventListener("beforeprint", function () {
    document.querySelectorAll("details:has(table), details.x-details").forEach(function (one) {
      if (!one.open) { one.open = true; one.dataset.printed = ""; }
    });
  });
  addEventListener("afterprint", function () {
    document.querySelectorAll("details[data-printed]").forEach(function (one) { one.open = false; delete one.dataset.printed; });
  });
})();
