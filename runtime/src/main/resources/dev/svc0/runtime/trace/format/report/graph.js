// The function graph: all calls as a foldable tree, of which only the visible rows are in the page.
const G = (() => {
  const box = $('graph'), rows = $('graphrows'), space = $('graphspace'), H = 18;
  const folded = new Uint8Array(M.n);
  let list = new Int32Array(0), cursor = -1, hits = null;
  const order = DATA.threads.map((t, ti) => ti).filter(ti => DATA.threads[ti].end > DATA.threads[ti].first);
  // At first each outermost call is shown folded when there are many.
  const roots = []; for (let i = 0; i < M.n; i++) if (M.depth[i] === 0) roots.push(i);
  if (M.n > 3000) for (const r of roots) folded[r] = 1;
  const hasInside = i => M.isCall(i) && M.next[i] > i + 1;
  function build() {
    const out = []; for (const ti of order) { const t = DATA.threads[ti]; for (let i = t.first; i < t.end;) { out.push(i); i = folded[i] ? M.next[i] : i + 1; } }
    list = Int32Array.from(out); space.style.height = Math.min(list.length * H, 8e6) + 'px'; draw();
  }
  const mark = d => M.unit !== 'ns' ? ' ' : d > 1e9 ? '$' : d > 1e8 ? '@' : d > 1e7 ? '*' : d > 1e6 ? '#' : d > 1e5 ? '!' : d > 1e4 ? '+' : ' ';
  function text(i) {
    const d = M.duration[i], pad = '  '.repeat(M.depth[i]);
    const lead = esc(M.task(M.thread[i]).padEnd(18).slice(0, 18)) + ' ' + (M.isCall(i) ? mark(d) + ticks(d).padStart(13) : ' '.repeat(14)) + ' │ ' + pad;
    if (!M.isCall(i)) return `<span class="muted">${lead}<span class="tw"></span>/* ${esc(M.name(i))}${M.method[i] === -1 ? ': ' + esc(eventText(M.events[M.result[i]])) : ' records'}${M.operation[i] ? ' · op ' + M.operation[i] : ''} */</span>`;
    const r = resultText(i), tw = hasInside(i) ? (folded[i] ? '▸' : '▾') : '';
    return `<span class="muted">${lead}</span><span class="tw">${tw}</span><span style="color:${color(M.layer(i))}">${esc(M.name(i))}</span>()${hasInside(i) ? (folded[i] ? ' {…}' : ' {') : ';'}${r ? ` <span class="${M.failed(i) ? 'bad' : 'muted'}">/* = ${esc(r)} */</span>` : ''}${M.depth[i] === 0 && M.operation[i] ? ` <span class="muted">op ${M.operation[i]}</span>` : ''}`;
  }
  function top() { const max = Math.max(1, space.offsetHeight - box.clientHeight), all = Math.max(0, list.length * H - box.clientHeight); return space.offsetHeight < list.length * H ? box.scrollTop / max * all : box.scrollTop; }
  function draw() {
    if ($('view-graph').hidden) return;
    const first = Math.max(0, Math.floor(top() / H)), many = Math.ceil(box.clientHeight / H) + 1; let html = '';
    for (let k = first; k < Math.min(list.length, first + many); k++) { const i = list[k]; html += `<div class="grow-row${i === cursor ? ' sel' : hits && hits.has(i) ? ' hit' : ''}" data-i="${i}">${text(i)}</div>`; }
    rows.style.top = box.scrollTop + 'px'; rows.innerHTML = html;
  }
  function indexOf(i) { for (let k = 0; k < list.length; k++) if (list[k] === i) return k; return -1; }
  function reveal(i) {
    let changed = false; for (let p = M.parent[i]; p >= 0; p = M.parent[p]) if (folded[p]) { folded[p] = 0; changed = true; }
    cursor = i; if (changed) build();
    const k = indexOf(i), at = k * H; if (at < top() || at > top() + box.clientHeight - H) { const all = Math.max(1, list.length * H - box.clientHeight), max = Math.max(1, space.offsetHeight - box.clientHeight); const want = Math.max(0, at - box.clientHeight / 2); box.scrollTop = space.offsetHeight < list.length * H ? want / all * max : want; }
    draw();
  }
  const fold = (i, to) => { if (hasInside(i) && folded[i] !== to) { folded[i] = to; build(); } };
  box.addEventListener('scroll', () => requestAnimationFrame(draw));
  rows.addEventListener('click', e => { const row = e.target.closest('[data-i]'); if (!row) return; const i = +row.dataset.i; if (e.target.className === 'tw') fold(i, folded[i] ? 0 : 1); else select(i); });
  rows.addEventListener('dblclick', e => { const row = e.target.closest('[data-i]'); if (row) fold(+row.dataset.i, folded[+row.dataset.i] ? 0 : 1); });
  box.addEventListener('keydown', e => {
    const k = indexOf(cursor); const go = to => { if (to >= 0 && to < list.length) select(list[to]); };
    if (e.key === 'ArrowDown') go(k + 1); else if (e.key === 'ArrowUp') go(k - 1);
    else if (e.key === 'ArrowRight') { if (cursor >= 0 && folded[cursor]) fold(cursor, 0); else go(k + 1); }
    else if (e.key === 'ArrowLeft') { if (cursor >= 0 && hasInside(cursor) && !folded[cursor]) fold(cursor, 1); else if (cursor >= 0 && M.parent[cursor] >= 0) select(M.parent[cursor]); }
    else if (e.key === 'Enter' && cursor >= 0) { show('timeline'); T.around(M.start[cursor], M.start[cursor] + Math.max(0, M.duration[cursor])); } else return;
    e.preventDefault(); e.stopPropagation();
  });
  $('foldall').onclick = () => { for (const r of roots) folded[r] = 1; build(); };
  $('unfoldall').onclick = () => { folded.fill(0); build(); };
  return { build, draw, reveal, fold, rows: () => list.length, highlight: h => { hits = h; draw(); } };
})();
