// The timeline: for each task a lane a layer, for each device a lane of bios, arrows from cause to bio.
const T = (() => {
  const canvas = $('timeline'), over = $('overview'), LEFT = 150, ROW = 24, HEAD = 22;
  const lanes = [];
  const view = { from: 0, to: Math.max(1, M.last) };
  let selected = -1, selectedBio = null, hits = null, y = HEAD, wanted = false;
  DATA.threads.forEach((t, ti) => {
    const rows = new Map();
    for (let i = t.first; i < t.end; i++) {
      if (!M.isCall(i)) continue;
      const l = M.layer(i); if (!rows.has(l)) rows.set(l, [[]]);
      let sub = 0; for (let p = M.parent[i]; p >= 0 && M.layer(p) === l; p = M.parent[p]) sub++;
      const lane = rows.get(l); sub = Math.min(sub, 4);
      if (!lane[sub]) lane[sub] = [];
      const line = lane[sub], prev = line[line.length - 1];
      // Deeper than shown, or inside the one before: it stays inside its bar.
      if (prev === undefined || M.start[i] >= M.start[prev] + Math.max(0, M.duration[prev])) line.push(i);
    }
    if (!rows.size) return;
    lanes.push({ title: M.task(ti), y, h: 20 }); y += 20;
    [...rows.keys()].sort((a, b) => a - b).forEach(l => { lanes.push({ layer: l, thread: ti, rows: rows.get(l).map(r => r || []), y, h: ROW }); y += ROW; });
  });
  const devices = [...new Set(M.bios.map(b => b.queue.dev))];
  devices.forEach(dev => {
    const ends = []; const of = M.bios.filter(b => b.queue.dev === dev).sort((a, b) => a.queue.time - b.queue.time);
    of.forEach(b => { let r = ends.findIndex(e => e <= b.queue.time); if (r < 0) r = ends.length < 12 ? ends.length : 11; b.row = r; ends[r] = b.end ? b.end.time : b.queue.time + 1; });
    lanes.push({ title: 'device ' + dev, y, h: 20 }); y += 20;
    const h = Math.max(ROW, ends.length * 8 + 6);
    lanes.push({ dev, bios: of, y, h, each: Math.max(6, Math.min(18, (h - 6) / Math.max(1, ends.length))) }); y += h;
  });
  const laneOf = (ti, l) => lanes.find(a => a.thread === ti && a.layer === l);
  const width = () => canvas.clientWidth - LEFT;
  const x = t => LEFT + (t - view.from) / (view.to - view.from) * width();
  const time = px => view.from + (px - LEFT) / width() * (view.to - view.from);
  function size(c, h) {
    const w = c.parentElement.clientWidth, r = devicePixelRatio || 1;
    if (c.width !== Math.round(w * r) || c.height !== Math.round(h * r)) { c.width = Math.round(w * r); c.height = Math.round(h * r); c.style.width = w + 'px'; c.style.height = h + 'px'; }
    const g = c.getContext('2d'); g.setTransform(r, 0, 0, r, 0, 0); g.clearRect(0, 0, w, h); return g;
  }
  function firstVisible(line) { let a = 0, b = line.length; while (a < b) { const m = (a + b) >> 1; if (M.start[line[m]] + Math.max(0, M.duration[line[m]]) < view.from) a = m + 1; else b = m; } return a; }
  function bars(g, lane) {
    lane.rows.forEach((line, sub) => {
      let lastX = -1; const top = lane.y + 2 + sub * 4, h = ROW - 4 - sub * 4;
      for (let k = firstVisible(line); k < line.length; k++) {
        const i = line[k]; if (M.start[i] > view.to) break;
        const x1 = Math.max(LEFT, x(M.start[i])), x2 = Math.min(LEFT + width() + 2, x(M.start[i] + Math.max(0, M.duration[i])));
        const w = Math.max(1, x2 - x1); if (x1 + w <= lastX) continue; lastX = x1 + w;
        const hit = hits && hits.has(i);
        g.globalAlpha = hits && !hit ? .25 : sub ? .75 : 1; g.fillStyle = M.failed(i) ? css('--bad') : color(lane.layer); g.fillRect(x1, top, w, h);
        if (sub) { g.globalAlpha = .5; g.fillStyle = '#fff3'; g.fillRect(x1, top, w, 1); }
        if (hit || i === selected) { g.globalAlpha = 1; g.strokeStyle = i === selected ? css('--fg') : css('--hit'); g.lineWidth = 2; g.strokeRect(x1 + 1, top + 1, Math.max(1, w - 2), h - 2); }
        if (w > 34 && h > 9) { g.globalAlpha = 1; g.save(); g.beginPath(); g.rect(x1, top, w, h); g.clip(); g.fillStyle = '#fff'; g.fillText(M.name(i), x1 + 3, top + (sub ? h - 4 : Math.min(h - 6, 9))); g.restore(); }
      }
    });
    g.globalAlpha = 1;
  }
  function bioBars(g, lane) {
    for (const b of lane.bios) {
      const to = b.end ? b.end.time : b.queue.time; if (to < view.from || b.queue.time > view.to) continue;
      const x1 = Math.max(LEFT, x(b.queue.time)), w = Math.max(2, Math.min(LEFT + width(), x(to)) - x1), top = lane.y + 3 + b.row * lane.each;
      g.fillStyle = b.queue.errno || (b.end && b.end.errno) ? css('--bad') : b.queue.rwbs.includes('R') ? '#2a9d8f' : '#dd5b2c'; g.fillRect(x1, top, w, lane.each - 2);
      if (b.issue) { const xi = x(b.issue.issue.time); if (xi > x1 && xi < x1 + w) { g.fillStyle = '#fff8'; g.fillRect(xi, top, 1.5, lane.each - 2); } }
      if (b === selectedBio) { g.strokeStyle = css('--fg'); g.lineWidth = 2; g.strokeRect(x1, top, w, lane.each - 2); }
    }
  }
  function arrow(g, x1, y1, x2, y2) {
    const bend = Math.max(12, Math.abs(x2 - x1) * .4); g.beginPath(); g.moveTo(x1, y1); g.bezierCurveTo(x1 + bend, y1, x2 - bend, y2, x2, y2); g.stroke();
    g.beginPath(); g.moveTo(x2, y2); g.lineTo(x2 - 6, y2 - 3); g.lineTo(x2 - 6, y2 + 3); g.fill();
  }
  function arrows(g) {
    const visible = M.bios.filter(b => { const c = M.byOperation.get(b.queue.op); const from = c === undefined ? b.queue.time : M.start[c]; return from <= view.to && (b.end ? b.end.time : b.queue.time) >= view.from; });
    const chosen = b => b === selectedBio || (selected >= 0 && M.operation[selected] && (b.queue.op === M.operation[selected] || b.queue.last === M.operation[selected]) && M.isSyscall(selected));
    const some = visible.length > 300 ? visible.filter(chosen) : visible;
    for (const b of some) {
      const lane = lanes.find(l => l.dev === b.queue.dev), by = lane.y + 3 + b.row * lane.each + lane.each / 2;
      const strong = chosen(b); g.globalAlpha = strong ? 1 : selected >= 0 || selectedBio ? .18 : .5; g.lineWidth = strong ? 2 : 1;
      g.strokeStyle = g.fillStyle = css('--accent');
      for (const op of new Set([b.queue.op, b.queue.last])) {
        const c = M.byOperation.get(op); if (c === undefined) continue;
        const cl = laneOf(M.thread[c], M.layer(c)); if (!cl) continue;
        arrow(g, x(Math.min(M.start[c] + Math.max(0, M.duration[c]), b.queue.time)), cl.y + ROW / 2, x(b.queue.time), by);
      }
      if (b.end && M.parent[b.end.node] >= 0) { const p = M.parent[b.end.node], el = laneOf(M.thread[p], M.layer(p)); g.strokeStyle = g.fillStyle = '#57a639'; if (el) arrow(g, x(b.end.time), by, x(b.end.time) + 8, el.y + ROW / 2); }
    }
    g.globalAlpha = 1;
  }
  function axis(g, w) {
    const span = view.to - view.from, raw = span / Math.max(2, w / 120), mag = 10 ** Math.floor(Math.log10(raw)), step = [1, 2, 5, 10].map(k => k * mag).find(s => s >= raw);
    g.fillStyle = css('--muted'); g.strokeStyle = css('--line'); g.lineWidth = 1;
    for (let t = Math.ceil(view.from / step) * step; t <= view.to; t += step) { const px = Math.round(x(t)) + .5; g.beginPath(); g.moveTo(px, 16); g.lineTo(px, y); g.stroke(); g.fillText(ticks(Math.round(t)), px + 3, 12); }
  }
  function draw() {
    wanted = false; if ($('view-timeline').hidden) return;
    const g = size(canvas, Math.max(y + 20, $('lanes').clientHeight)), w = canvas.clientWidth; g.font = '11px system-ui, sans-serif'; g.textBaseline = 'alphabetic';
    axis(g, w - LEFT);
    for (const lane of lanes) {
      if (lane.title) { g.fillStyle = css('--fg'); g.font = '600 11px system-ui, sans-serif'; g.fillText(lane.title, 8, lane.y + 14); g.font = '11px system-ui, sans-serif'; continue; }
      g.fillStyle = css('--line'); g.fillRect(0, lane.y + lane.h - 1, w, 1);
      g.fillStyle = css('--muted'); g.fillText(lane.dev ? 'bios' : M.layers[lane.layer], 18, lane.y + 15);
      g.save(); g.beginPath(); g.rect(LEFT, lane.y, w - LEFT, lane.h); g.clip(); lane.dev ? bioBars(g, lane) : bars(g, lane); g.restore();
    }
    if ($('arrows').checked) { g.save(); g.beginPath(); g.rect(LEFT, 0, w - LEFT, y); g.clip(); arrows(g); g.restore(); }
    overview();
  }
  let density = null;
  function overview() {
    const g = size(over, 42), w = over.clientWidth, X = t => t / Math.max(1, M.last) * w;
    if (!density || density.length !== w) { density = new Float64Array(w); for (let i = 0; i < M.n; i++) if (M.isSyscall(i) || M.depth[i] === 0) { const a = Math.min(w - 1, X(M.start[i]) | 0), b = Math.min(w - 1, X(M.start[i] + Math.max(0, M.duration[i])) | 0); for (let k = a; k <= b; k++) density[k]++; } }
    const top = Math.max(1, ...density); g.fillStyle = color(2); for (let k = 0; k < w; k++) { const h = density[k] / top * 24; if (h) g.fillRect(k, 28 - h, 1, h); }
    g.fillStyle = '#dd5b2c'; for (const b of M.bios) g.fillRect(X(b.queue.time), 31, Math.max(1, X((b.end || b.queue).time) - X(b.queue.time)), 7);
    g.fillStyle = css('--fg'); g.globalAlpha = .12; g.fillRect(0, 0, X(view.from), 42); g.fillRect(X(view.to), 0, w, 42); g.globalAlpha = 1;
    g.strokeStyle = css('--accent'); g.lineWidth = 2; g.strokeRect(X(view.from), 1, Math.max(3, X(view.to) - X(view.from)), 40);
  }
  function redraw() { if (!wanted) { wanted = true; requestAnimationFrame(draw); } }
  function set(from, to) { const span = Math.max(50, to - from), max = Math.max(1, M.last) * 1.02; view.from = Math.max(-max * .02, Math.min(from, max - Math.min(span, max))); view.to = view.from + Math.min(span, max * 1.02); redraw(); }
  function zoom(f, at) { const c = at === undefined ? (view.from + view.to) / 2 : at; set(c - (c - view.from) * f, c + (view.to - c) * f); }
  const pan = f => set(view.from + (view.to - view.from) * f, view.to + (view.to - view.from) * f);
  const fit = () => set(0, Math.max(1, M.last));
  function around(a, b) { const pad = Math.max(200, (b - a) * .15); set(a - pad, b + pad); }
  function at(px, py) {
    const lane = lanes.find(l => py >= l.y && py < l.y + l.h), t = time(px); if (!lane || px < LEFT) return null;
    const slack = (view.to - view.from) / width() * 2;
    if (lane.dev) { const row = Math.floor((py - lane.y - 3) / lane.each); const b = lane.bios.find(b => b.row === row && t >= b.queue.time - slack && t <= (b.end || b.queue).time + slack) || lane.bios.find(b => t >= b.queue.time - slack && t <= (b.end || b.queue).time + slack); return b ? { bio: b } : null; }
    if (!lane.rows) return null;
    for (let sub = lane.rows.length - 1; sub >= 0; sub--) { if (py < lane.y + 2 + sub * 4) continue; const line = lane.rows[sub]; for (let k = Math.max(0, firstVisible(line)); k < line.length && M.start[line[k]] <= t + slack; k++) if (t <= M.start[line[k]] + Math.max(0, M.duration[line[k]]) + slack && t >= M.start[line[k]] - slack) return { call: line[k] }; }
    return null;
  }
  let drag = null;
  canvas.addEventListener('pointerdown', e => { drag = { x: e.offsetX, from: view.from, to: view.to, moved: false }; canvas.setPointerCapture(e.pointerId); canvas.style.cursor = 'grabbing'; });
  canvas.addEventListener('pointermove', e => {
    if (drag) { const d = (drag.x - e.offsetX) / width() * (drag.to - drag.from); if (Math.abs(drag.x - e.offsetX) > 3) { drag.moved = true; set(drag.from + d, drag.to + d); } return; }
    const f = at(e.offsetX, e.offsetY); canvas.title = !f ? '' : f.bio ? bioText(f.bio) + ' · ' + (f.bio.end ? ticks(f.bio.end.time - f.bio.queue.time) : 'not completed') : M.name(f.call) + ' · ' + ticks(M.duration[f.call]) + (resultText(f.call) ? ' = ' + resultText(f.call) : '');
    canvas.style.cursor = f ? 'pointer' : 'grab';
  });
  canvas.addEventListener('pointerup', e => { const was = drag; drag = null; canvas.style.cursor = 'grab'; if (was && !was.moved) { const f = at(e.offsetX, e.offsetY); if (f && f.bio) selectBio(f.bio); else if (f) select(f.call); } });
  canvas.addEventListener('wheel', e => { if (e.ctrlKey || e.metaKey) { e.preventDefault(); zoom(Math.exp(e.deltaY * .002), time(e.offsetX)); } else if (Math.abs(e.deltaX) > Math.abs(e.deltaY) || e.shiftKey) { e.preventDefault(); pan((e.deltaX || e.deltaY) / 800); } }, { passive: false });
  const jump = e => { const w = (view.to - view.from) / 2, c = e.offsetX / over.clientWidth * M.last; set(c - w, c + w); };
  over.addEventListener('pointerdown', e => { over.setPointerCapture(e.pointerId); jump(e); });
  over.addEventListener('pointermove', e => { if (e.buttons) jump(e); });
  addEventListener('resize', redraw);
  $('legend').innerHTML = [...new Set(lanes.filter(l => l.rows).map(l => l.layer))].sort((a, b) => a - b).map(l => `<span><i style="background:${color(l)}"></i>${M.layers[l]}</span>`).join('');
  return { redraw, zoom, pan, fit, around, lanes, view, mark: (i, b) => { selected = i; selectedBio = b; redraw(); }, highlight: h => { hits = h; redraw(); } };
})();
