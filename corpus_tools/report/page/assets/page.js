// Draws the report's pictures from the data in the page. Names from the corpus reach the library as plain text only.
(function () {
  'use strict';
  var specs = JSON.parse(document.getElementById('charts').textContent);
  var root = document.documentElement, button = document.getElementById('theme');
  var drawn = [];
  var count = function (value) { return Number(value).toLocaleString('en'); };

  function colours() {
    var style = getComputedStyle(root), found = {};
    ['paper', 'ink', 'quiet', 'line', 'wash', 'accent', 'soft', 'dark'].forEach(function (name) {
      found[name] = style.getPropertyValue('--' + name).trim();
    });
    found.font = getComputedStyle(document.body).fontFamily; // named, because the library measures with it
    return found;
  }

  function tooltip(c, says) {
    // richText draws the words as a picture's text: no name can become markup.
    return { renderMode: 'richText', confine: true, formatter: says, backgroundColor: c.paper, borderColor: c.line,
      textStyle: { color: c.ink, fontFamily: c.font, fontSize: 13 } };
  }

  function text(c, colour) { return { color: colour || c.quiet, fontFamily: c.font, fontSize: 12 }; }

  var kinds = {
    flow: function (spec, c, width) {
      var deepest = Math.max.apply(null, spec.nodes.map(function (node) { return node.depth; }));
      return {
        tooltip: tooltip(c, function (at) {
          return at.dataType === 'edge' ? count(at.value) + ' records' : at.data.title + ': ' + count(at.data.count);
        }),
        series: [{
          type: 'sankey', left: 4, right: 4, top: 12, bottom: 12, nodeWidth: 10, nodeGap: 14, draggable: false,
          layoutIterations: spec.settled ? 0 : 64, emphasis: { focus: 'adjacency' },
          data: spec.nodes.map(function (node) {
            return { name: node.name, title: node.title, count: node.count, depth: node.depth,
              itemStyle: { color: c[node.tone], borderWidth: 0 },
              label: Object.assign(text(c, c.ink), {
                position: node.depth === deepest ? 'left' : 'right', width: width / (deepest + 1) - 40,
                overflow: 'truncate', textBorderColor: c.paper, textBorderWidth: 3,
                formatter: function () { return node.title + '  ' + count(node.count); } }) };
          }),
          links: spec.links,
          lineStyle: { color: spec.settled ? 'target' : 'source', opacity: 0.35, curveness: 0.5 }
        }]
      };
    },
    heat: function (spec, c, width) {
      var most = Math.max.apply(null, spec.cells.map(function (cell) { return cell[2]; }));
      var scaled = function (value) { return spec.percent ? value : Math.log(1 + value); };
      return {
        tooltip: tooltip(c, function (at) {
          return spec.ys[at.value[1]] + ' · ' + spec.xs[at.value[0]] + ': ' +
            (spec.percent ? at.value[3] + '% of records' : count(at.value[3]) + ' records');
        }),
        grid: { left: 8, right: Math.max(8, width - 220 - 90 * spec.xs.length), top: 8, bottom: 8, containLabel: true },
        xAxis: { type: 'category', position: 'top', data: spec.xs, axisLine: { show: false }, axisTick: { show: false },
          axisLabel: Object.assign(text(c), { interval: 0, rotate: spec.percent ? 50 : 0, hideOverlap: false }) },
        yAxis: { type: 'category', inverse: true, data: spec.ys, axisLine: { show: false }, axisTick: { show: false },
          axisLabel: Object.assign(text(c, c.ink), { interval: 0 }) },
        visualMap: { show: false, min: 0, max: spec.percent ? 100 : scaled(most) || 1, dimension: 2,
          inRange: { color: [c.wash, c.accent] } },
        series: [{ type: 'heatmap', itemStyle: { borderColor: c.paper, borderWidth: 2 },
          data: spec.cells.map(function (cell) {
            var value = scaled(cell[2]), full = value > 0.55 * (spec.percent ? 100 : scaled(most));
            return { value: [cell[0], cell[1], value, cell[2]], label: text(c, full ? c.paper : c.ink) };
          }),
          label: { show: true, formatter: function (at) { return at.value[3] ? count(at.value[3]) : ''; } } }]
      };
    },
    columns: function (spec, c) {
      return {
        tooltip: tooltip(c, function (at) { return at.name + ': ' + count(at.value); }),
        grid: { left: 4, right: 8, top: 24, bottom: 4, containLabel: true },
        xAxis: { type: 'category', data: spec.names, axisTick: { show: false }, axisLine: { lineStyle: { color: c.line } },
          axisLabel: Object.assign(text(c), { hideOverlap: true }) },
        yAxis: { type: 'value', minInterval: 1, splitNumber: 3, axisLabel: text(c),
          splitLine: { lineStyle: { color: c.line } } },
        series: [{ type: 'bar', data: spec.counts, itemStyle: { color: c.accent }, barMaxWidth: 46,
          barCategoryGap: spec.names.length > 60 ? '8%' : '30%',
          label: Object.assign(text(c, c.ink), { show: spec.names.length < 13, position: 'top',
            formatter: function (at) { return at.value ? count(at.value) : ''; } }),
          markArea: spec.empty ? { silent: true, itemStyle: { color: c.wash }, data: empties(spec) } : undefined }]
      };
    },
    bars: function (spec, c, width) {
      var tones = [c.accent, c.soft, c.dark, c.quiet, c.ink];
      return {
        tooltip: tooltip(c, function (at) { return at.name + '\n' + at.seriesName + ': ' + count(at.value); }),
        legend: { show: spec.series.length > 1, left: 0, top: 0, icon: 'rect', itemWidth: 12, itemHeight: 12,
          textStyle: text(c, c.ink), selectedMode: false },
        grid: { left: 4, right: 56, top: spec.series.length > 1 ? 34 : 6, bottom: 4, containLabel: true },
        xAxis: { type: 'value', show: false },
        yAxis: { type: 'category', inverse: true, data: spec.names, axisTick: { show: false }, axisLine: { show: false },
          axisLabel: Object.assign(text(c, c.ink), { interval: 0, width: Math.min(230, width * 0.45), overflow: 'truncate' }) },
        series: spec.series.map(function (part, at) {
          return { type: 'bar', name: part.name, stack: 'all', data: part.counts, barMaxWidth: 18,
            itemStyle: { color: tones[at % tones.length] },
            label: Object.assign(text(c, c.ink), { show: spec.series.length === 1, position: 'right',
              formatter: function (at) { return count(at.value); } }) };
        })
      };
    }
  };

  // Runs of periods without a record, as shaded areas.
  function empties(spec) {
    var areas = [], start = -1;
    spec.counts.concat([1]).forEach(function (value, at) {
      if (!value && start < 0) { start = at; }
      if (value && start >= 0) { areas.push([{ xAxis: start }, { xAxis: at - 1 }]); start = -1; }
    });
    return areas;
  }

  function draw() {
    var c = colours();
    drawn.forEach(function (chart) { chart.dispose(); });
    drawn = specs.map(function (spec) {
      var place = document.getElementById(spec.id);
      var chart = echarts.init(place, null, { renderer: 'svg' });
      chart.setOption(Object.assign({ animation: false }, kinds[spec.kind](spec, c, place.clientWidth)));
      // Paper has another width; with a view box the picture follows it.
      place.querySelector('svg').setAttribute('viewBox', [0, 0, chart.getWidth(), chart.getHeight()].join(' '));
      chart.on('click', function (at) { if (at.data && at.data.to) { lead(at.data.to); } });
      return chart;
    });
  }

  function lead(id) {
    var row = document.getElementById(id);
    if (!row) { return; }
    for (var box = row.closest('details'); box; box = box.parentElement.closest('details')) { box.open = true; }
    location.hash = id;
    row.scrollIntoView({ block: 'center' });
  }

  var dark = matchMedia('(prefers-color-scheme: dark)');
  function isDark() { return root.dataset.theme ? root.dataset.theme === 'dark' : dark.matches; }
  function name() { button.textContent = isDark() ? 'Light' : 'Dark';
    button.setAttribute('aria-label', 'Switch to ' + (isDark() ? 'light' : 'dark') + ' colours'); }
  button.hidden = false;
  button.removeAttribute('aria-pressed');
  button.addEventListener('click', function () { root.dataset.theme = isDark() ? 'light' : 'dark'; name(); draw(); });
  dark.addEventListener('change', function () { name(); draw(); });
  var waiting = 0, width = root.clientWidth;
  addEventListener('resize', function () {
    if (root.clientWidth === width) { return; }
    width = root.clientWidth;
    clearTimeout(waiting);
    waiting = setTimeout(draw, 150);
  });
  // On paper the colours are light, and what is folded can't be opened.
  var theme = '', opened = [];
  addEventListener('beforeprint', function () {
    theme = root.dataset.theme || '';
    root.dataset.theme = 'light';
    opened = Array.from(document.querySelectorAll('#copies-section details:not([open]), .flag:not([open])'));
    opened.forEach(function (box) { box.open = true; });
    draw();
  });
  addEventListener('afterprint', function () {
    if (theme) { root.dataset.theme = theme; } else { delete root.dataset.theme; }
    opened.forEach(function (box) { box.open = false; });
    draw();
  });
  name();
  draw();
  if (location.hash) { lead(location.hash.slice(1)); }
})();
