// Tables, latencies by layer, the map of the disk. All of it is counted from the columns of the model.
const V = (() => {
  const quantile = (sorted, q) => sorted.length ? sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] : 0;
  const groups = new Map();
  for (let i = 0; i < M.n; i++) {
    if (!M.isCall(i)) continue;
    let g = groups.get(M.method[i]); if (!g) groups.set(M.method[i], g = { method: M.method[i], calls: [], total: 0, self: 0, errors: 0 });
    g.calls.push(i); g.total += Math.max(0, M.duration[i]); g.self += M.self[i]; if (M.failed(i)) g.errors++;
  }
  for (const g of groups.values()) { const d = Float64Array.from(g.calls, i => Math.max(0, M.duration[i])).sort(); g.p50 = quantile(d, .5); g.p99 = quantile(d, .99); g.max = d[d.length - 1]; g.sorted = d; }
  const all = [...groups.values()], systemCalls = all.filter(g => DATA.methods[g.method][3]);
  function sortable(box, columns, rows, onRow) {
    let by = columns.findIndex(c => c.first), down = true;
    function render() {
      const c = columns[by], sorted = [...rows].sort((a, b) => { const x = c.value(a), y = c.value(b); return (x < y ? -1 : x > y ? 1 : 0) * (down ? -1 : 1); }).slice(0, 2000);
      box.innerHTML = '<table><thead><tr>' + columns.map((c, k) => `<th data-k="${k}" class="${c.left ? 'l' : ''}">${c.title}${k === by ? (down ? ' ↓' : ' ↑') : ''}</th>`).join('') + '</tr></thead><tbody>' +
        sorted.map((r, k) => `<tr data-r="${k}">` + columns.map(c => `<td class="${c.left ? 'l' : ''}">${c.html ? c.html(r) : esc(c.value(r))}</td>`).join('') + '</tr>').join('') + '</tbody></table>' + (rows.length > 2000 ? `<p class="muted">${count(rows.length - 2000)} more rows: sort otherwise or search.</p>` : '');
      box.querySelectorAll('th').forEach(th => th.onclick = () => { const k = +th.dataset.k; if (k === by) down = !down; else { by = k; down = !columns[k].left; } render(); });
      box.querySelectorAll('tbody tr').forEach(tr => tr.onclick = () => onRow(sorted[+tr.dataset.r]));
    }
    render();
  }
  const longest = g => g.calls.reduce((a, b) => M.duration[b] > M.duration[a] ? b : a);
  function functions() {
    sortable($('view-functions'), [
      { title: 'function', left: 1, value: g => DATA.methods[g.method][0], html: g => `<i style="background:${color(DATA.methods[g.method][1])}"></i>${esc(DATA.methods[g.method][0])}` },
      { title: 'layer', left: 1, value: g => M.layers[DATA.methods[g.method][1]] },
      { title: 'calls', value: g => g.calls.length, html: g => count(g.calls.length) }, { title: 'errors', value: g => g.errors },
      { title: 'self', first: 1, value: g => g.self, html: g => ticks(g.self) }, { title: 'total', value: g => g.total, html: g => ticks(g.total) },
      { title: 'median', value: g => g.p50, html: g => ticks(g.p50) }, { title: '99 %', value: g => g.p99, html: g => ticks(g.p99) }, { title: 'longest', value: g => g.max, html: g => ticks(g.max) },
      { title: 'method', left: 1, value: g => DATA.methods[g.method][2], html: g => `<span class="muted mono">${esc(DATA.methods[g.method][2])}</span>` }], all, g => select(longest(g)));
  }
  function breakdown(root) {
    const per = new Map(); for (let i = root; i < M.next[root]; i++) if (M.isCall(i)) per.set(M.layer(i), (per.get(M.layer(i)) || 0) + M.self[i]);
    return [...per].sort((a, b) => a[0] - b[0]);
  }
  const stack = parts => { const sum = parts.reduce((a, p) => a + p[1], 0) || 1; return '<span class="stack">' + parts.map(p => `<span style="width:${(p[1] / sum * 100).toFixed(2)}%;background:${color(p[0])}" title="${M.layers[p[0]]} ${ticks(p[1])}"></span>`).join('') + '</span>'; };
  function calls() {
    const rows = []; for (let i = 0; i < M.n; i++) if (M.isSyscall(i)) rows.push(i);
    const bios = i => M.operation[i] ? (M.biosOf.get(M.operation[i]) || []).length : 0;
    sortable($('view-calls'), [
      { title: 'at', value: i => -M.start[i], first: 1, html: i => ticks(M.start[i]) }, { title: 'task', left: 1, value: i => M.task(M.thread[i]) },
      { title: 'call', left: 1, value: i => M.name(i), html: i => { const o = DATA.ops[M.operation[i]]; return o && o[1] ? `<span class="mono">${esc(o[0])}(<span class="muted">${esc(o[1].length > 90 ? o[1].slice(0, 90) + '…' : o[1])}</span>)</span>` : esc(M.name(i)); } }, { title: 'result', value: resultText, html: i => `<span class="${M.failed(i) ? 'bad' : ''}">${esc(resultText(i))}</span>` },
      { title: 'took', value: i => M.duration[i], html: i => ticks(M.duration[i]) }, { title: 'op', value: i => M.operation[i] }, { title: 'called at', left: 1, value: i => DATA.callers[i] || '' }, { title: 'error first from', left: 1, value: i => (DATA.ops[M.operation[i]] || [])[5] || '' }, { title: 'bios', value: bios },
      { title: 'where the time went', left: 1, value: i => M.duration[i], html: i => stack(breakdown(i)) }], rows, select);
  }
  function histogram(g) {
    const from = Math.floor(Math.log2(Math.max(1, g.sorted[0]))), to = Math.floor(Math.log2(Math.max(1, g.max))), b = new Array(to - from + 1).fill(0);
    for (const d of g.sorted) b[Math.floor(Math.log2(Math.max(1, d))) - from]++;
    const top = Math.max(...b), w = 22;
    return `<div class="histbox"><b>${esc(DATA.methods[g.method][0])}</b> <span class="muted">${count(g.calls.length)} calls, median ${ticks(g.p50)}, 99 % ${ticks(g.p99)}</span><br><svg class="hist" width="${Math.max(120, b.length * w + 70)}" height="90" role="img">` +
      b.map((v, k) => `<rect x="${k * w}" y="${70 - v / top * 60}" width="${w - 2}" height="${Math.max(v ? 1 : 0, v / top * 60)}" fill="${color(DATA.methods[g.method][1])}"><title>${count(v)} of ${ticks(2 ** (k + from))} and more</title></rect>`).join('') +
      `<text x="0" y="84" font-size="10" fill="currentColor">${ticks(2 ** from)}</text><text x="${Math.max(b.length * w, 60)}" y="84" font-size="10" fill="currentColor">${ticks(2 ** (to + 1))}</text></svg></div>`;
  }
  function layers() {
    const per = new Map(); let sum = 0;
    for (let i = 0; i < M.n; i++) if (M.isCall(i)) { per.set(M.layer(i), (per.get(M.layer(i)) || 0) + M.self[i]); sum += M.self[i]; }
    const names = systemCalls.sort((a, b) => b.total - a.total);
    const rows = names.map(g => { const p = new Map(); for (const i of g.calls) for (const [l, t] of breakdown(i)) p.set(l, (p.get(l) || 0) + t); return [g, [...p].sort((a, b) => a[0] - b[0])]; });
    const lat = M.bios.filter(b => b.end), d = f => Float64Array.from(lat, f).sort();
    const waits = [['queue to issue', d(b => b.issue ? b.issue.issue.time - b.queue.time : 0)], ['issue to completion', d(b => b.issue ? b.end.time - b.issue.issue.time : b.end.time - b.queue.time)], ['queue to completion', d(b => b.end.time - b.queue.time)]];
    $('view-layers').innerHTML = '<h2>Time spent in each layer itself, all threads</h2>' + stack([...per].sort((a, b) => a[0] - b[0])) + '<table><thead><tr><th>layer</th><th>self time</th><th>share</th></tr></thead><tbody>' +
      [...per].sort((a, b) => b[1] - a[1]).map(([l, t]) => `<tr><td><i style="background:${color(l)}"></i>${M.layers[l]}</td><td>${ticks(t)}</td><td>${(t / (sum || 1) * 100).toFixed(1)} %</td></tr>`).join('') + '</tbody></table>' +
      '<h2>By call</h2><table><thead><tr><th>call</th><th>calls</th><th>total</th><th class="l">layers</th></tr></thead><tbody>' + rows.map(([g, p]) => `<tr><td>${esc(DATA.methods[g.method][0])}</td><td>${count(g.calls.length)}</td><td>${ticks(g.total)}</td><td class="l">${stack(p)}</td></tr>`).join('') + '</tbody></table>' +
      (lat.length ? '<h2>Bios</h2><table><thead><tr><th>from … to</th><th>bios</th><th>median</th><th>99 %</th><th>longest</th></tr></thead><tbody>' + waits.map(([t, s]) => `<tr><td>${t}</td><td>${count(s.length)}</td><td>${ticks(quantile(s, .5))}</td><td>${ticks(quantile(s, .99))}</td><td>${ticks(s[s.length - 1])}</td></tr>`).join('') + '</tbody></table>' : '') +
      '<h2>How long calls took</h2>' + names.slice(0, 24).map(histogram).join('');
  }
  function disk() {
    const box = $('view-disk'); if (!M.bios.length) { box.innerHTML = '<p class="muted">No bio reached a device in this trace.</p>'; return; }
    const devices = [...new Set(M.bios.map(b => b.queue.dev))];
    box.innerHTML = `<div class="bar">Device <select id="device">${devices.map(d => `<option>${d}</option>`).join('')}</select><span class="muted">time → , sectors ↑ ; a colour for each task that caused the I/O</span></div><canvas id="diskmap"></canvas><div id="biotable"></div>`;
    const causer = b => { const c = M.byOperation.get(b.queue.op); return c === undefined ? M.task(b.queue.thread) : M.task(M.thread[c]); };
    const tasks = [...new Set(M.bios.map(causer))], hue = b => `hsl(${tasks.indexOf(causer(b)) * 137 % 360} 65% 48%)`;
    const select0 = $('device'); select0.onchange = draw;
    function draw() {
      const of = M.bios.filter(b => b.queue.dev === select0.value), c = $('diskmap'), r = devicePixelRatio || 1, w = c.clientWidth, h = c.clientHeight; c.width = w * r; c.height = h * r; const g = c.getContext('2d'); g.scale(r, r);
      const t0 = Math.min(...of.map(b => b.queue.time)), t1 = Math.max(...of.map(b => (b.end || b.queue).time)), s0 = Math.min(...of.map(b => b.queue.sector)), s1 = Math.max(...of.map(b => b.queue.sector + b.queue.bytes / 512));
      const X = t => 70 + (t - t0) / Math.max(1, t1 - t0) * (w - 90), Y = s => h - 24 - (s - s0) / Math.max(1, s1 - s0) * (h - 40);
      g.font = '11px system-ui'; g.fillStyle = css('--muted'); g.strokeStyle = css('--line');
      for (let k = 0; k <= 4; k++) { const s = s0 + (s1 - s0) * k / 4, t = t0 + (t1 - t0) * k / 4; g.fillText(count(Math.round(s)), 4, Y(s) + 4); g.fillText(ticks(Math.round(t)), X(t) - (k === 4 ? 46 : 0), h - 8); g.beginPath(); g.moveTo(66, Y(s)); g.lineTo(w, Y(s)); g.stroke(); }
      const boxes = of.map(b => { const y1 = Y(b.queue.sector + b.queue.bytes / 512), hh = Math.max(3, Y(b.queue.sector) - y1), x1 = X(b.queue.time), ww = Math.max(3, X((b.end || b.queue).time) - x1); g.fillStyle = hue(b); g.globalAlpha = b.queue.rwbs.includes('R') ? .45 : .9; g.fillRect(x1, y1, ww, hh); return [x1, y1, ww, hh, b]; }); g.globalAlpha = 1;
      c.onclick = e => { const hit = boxes.findLast(([x, y, ww, hh]) => e.offsetX >= x - 3 && e.offsetX <= x + ww + 3 && e.offsetY >= y - 3 && e.offsetY <= y + hh + 3); if (hit) selectBio(hit[4]); };
      sortable($('biotable'), [
        { title: 'at', first: 1, value: b => -b.queue.time, html: b => ticks(b.queue.time) }, { title: 'what', left: 1, value: b => b.queue.rwbs, html: b => `<span title="${esc(bioWords(b.queue.rwbs))}">${esc(b.queue.rwbs)}</span>` }, { title: 'sector', value: b => b.queue.sector }, { title: 'size', value: b => b.queue.bytes, html: b => bytes(b.queue.bytes) },
        { title: 'took', value: b => b.end ? b.end.time - b.queue.time : -1, html: b => b.end ? ticks(b.end.time - b.queue.time) : 'not completed' }, { title: 'result', value: b => b.end ? (b.end.errno ? '−' + DATA.errors[b.end.errno] : 'ok') : '' },
        { title: 'caused by', left: 1, value: b => b.queue.op, html: b => { const i = M.byOperation.get(b.queue.op); const o = DATA.ops[b.queue.op]; return b.queue.op ? `op ${b.queue.op}${i === undefined ? '' : ' ' + esc(o ? o[0] : M.name(i)) + ' of ' + esc(causer(b))}` : ''; } },
        { title: 'file', left: 1, value: b => (DATA.ops[b.queue.op] || [])[2] || '' }, { title: 'program line', left: 1, value: b => (DATA.ops[b.queue.op] || [])[3] || '' },
        { title: 'submitted by', left: 1, value: b => M.task(b.queue.thread) }], of, selectBio);
    }
    draw(); V.redrawDisk = draw;
  }
  function files() {
    const per = new Map();
    for (let i = 0; i < M.n; i++) {
      const o = M.isSyscall(i) ? DATA.ops[M.operation[i]] : null; if (!o || !o[2]) continue;
      let f = per.get(o[2]); if (!f) per.set(o[2], f = { path: o[2], first: i, calls: 0, failed: 0, read: 0, written: 0, syncs: 0, time: 0, bios: new Set(), by: new Set() });
      f.calls++; f.time += Math.max(0, M.duration[i]); f.by.add(M.task(M.thread[i])); if (M.failed(i)) f.failed++;
      else if (typeof M.result[i] === 'number' && M.result[i] > 0) { if (/^p?read/.test(o[0])) f.read += M.result[i]; else if (/^p?write/.test(o[0])) f.written += M.result[i]; }
      if (/sync/.test(o[0])) f.syncs++;
      for (const b of M.biosOf.get(M.operation[i]) || []) f.bios.add(b);
    }
    if (!per.size) { $('view-files').innerHTML = '<p class="muted">No call on a file was recorded with its path.</p>'; return; }
    sortable($('view-files'), [
      { title: 'file', left: 1, value: f => f.path, html: f => `<span class="mono">${esc(f.path)}</span>` }, { title: 'calls', first: 1, value: f => f.calls, html: f => count(f.calls) }, { title: 'failed', value: f => f.failed },
      { title: 'read', value: f => f.read, html: f => bytes(f.read) }, { title: 'written', value: f => f.written, html: f => bytes(f.written) }, { title: 'syncs', value: f => f.syncs }, { title: 'time', value: f => f.time, html: f => ticks(f.time) },
      { title: 'bios', value: f => f.bios.size }, { title: 'to and from devices', value: f => [...f.bios].reduce((a, b) => a + b.queue.bytes, 0), html: f => bytes([...f.bios].reduce((a, b) => a + b.queue.bytes, 0)) },
      { title: 'tasks', left: 1, value: f => [...f.by].join(', ') }], [...per.values()], f => select(f.first));
  }
  return { files, functions, calls, layers, disk, breakdown, stack };
})();
