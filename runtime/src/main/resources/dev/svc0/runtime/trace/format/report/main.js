// Tabs, selection, details, search, keys.
const VIEWS = [['timeline', 'Timeline'], ['graph', 'Function graph'], ['calls', 'System calls'], ['layers', 'Latency'], ['disk', 'Disk'], ['files', 'Files'], ['functions', 'Functions']];
const made = new Set();
function show(name) {
  for (const [v] of VIEWS) { $('view-' + v).hidden = v !== name; $('tab-' + v).setAttribute('aria-selected', v === name); }
  if (!made.has(name)) { made.add(name); if (V[name]) V[name](); if (name === 'graph') G.build(); }
  if (name === 'timeline') T.redraw(); if (name === 'graph') { G.draw(); $('graph').focus({ preventScroll: true }); }
}
$('tabs').innerHTML = VIEWS.map(([v, t], k) => `<button role="tab" id="tab-${v}" aria-controls="view-${v}" title="${k + 1}">${t}</button>`).join('');
for (const [v] of VIEWS) $('tab-' + v).onclick = () => show(v);
let current = -1, currentBio = null;
const link = (i, text) => `<a data-call="${i}">${esc(text || M.name(i))}</a>`, bioLink = b => `<a data-bio="${b.n}">${esc(bioText(b))}</a>`;
const known = op => DATA.ops[op] || null;
// What is known of an operation beside its functions: arguments, file, line of the program, stack, where its error came from.
function originOf(op) {
  const o = known(op); if (!o) return '';
  return pair('call', `<code>${esc(o[0])}(${esc(o[1])})</code>`) + pair('file', o[2] ? `<code>${esc(o[2])}</code>` : '') + pair('program line', o[3] ? `<code><b>${esc(o[3])}</b></code>` : '') +
    pair('called from', o[4].map(f => `<code>${esc(f)}</code>`).join('<br>')) + pair('error first from', o[5] ? `<span class="bad">${esc(o[5])}</span>` : '');
}
const pair = (t, d) => d === '' || d === undefined ? '' : `<dt>${t}</dt><dd>${d}</dd>`;
function causeOf(op, title) {
  if (!op) return ''; const i = M.byOperation.get(op);
  return pair(title, i === undefined ? 'op ' + op + ' (its call is not in this trace)' : `${link(i)} = ${esc(resultText(i))} of ${esc(M.task(M.thread[i]))}, op ${op}, at ${ticks(M.start[i])}`) + originOf(op);
}
function select(i, keep) {
  current = i; currentBio = null; T.mark(i, null); if (!keep && !$('view-graph').hidden) G.reveal(i);
  if (!M.isCall(i)) { const b = M.method[i] === -1 && M.bios.find(b => b.queue.node === i || (b.end && b.end.node === i)); if (b) return selectBio(b, true); }
  const chain = []; for (let p = M.parent[i]; p >= 0; p = M.parent[p]) chain.unshift(p);
  const bios = M.isSyscall(i) && M.operation[i] ? M.biosOf.get(M.operation[i]) || [] : [], t = M.thread[i];
  const lastRecord = Math.max(...[M.record[M.next[i] - 1] || 0, M.record[i]]);
  $('details').innerHTML = `<h2>${esc(M.name(i))}</h2><dl>` + pair('layer', M.isCall(i) ? `<i style="display:inline-block;width:10px;height:10px;background:${color(M.layer(i))}"></i> ${M.layers[M.layer(i)]}` : '') + pair('task', esc(M.task(t))) +
    pair('result', `<span class="${M.failed(i) ? 'bad' : ''}">${esc(resultText(i))}</span>`) + pair('took', M.isCall(i) ? ticks(M.duration[i]) : '') + pair('itself', M.isCall(i) ? ticks(M.self[i]) : '') + pair('at', ticks(M.start[i])) + pair('operation', M.operation[i] || '') + (M.isSyscall(i) ? originOf(M.operation[i]) : '') +
    pair('Java', M.isCall(i) ? `<code>${esc(DATA.methods[M.method[i]][2])}</code>` : '') + pair('records', `thread ${t}, ${count(M.record[i])}${lastRecord > M.record[i] ? ' … ' + count(lastRecord) : ''}`) + '</dl>' +
    (M.isCall(i) && M.next[i] > i + 1 ? '<h2>Where the time went</h2>' + V.stack(V.breakdown(i)) + '<dl>' + V.breakdown(i).map(([l, d]) => pair(M.layers[l], ticks(d))).join('') + '</dl>' : '') +
    (chain.length ? '<h2>Called from</h2>' + chain.map(p => link(p)).join(' › ') : '') +
    (bios.length ? `<h2>Bios it caused (${bios.length})</h2>` + bios.slice(0, 100).map(b => `<div>${bioLink(b)} <span class="muted">${b.end ? 'after ' + ticks(b.end.time - M.start[i]) : 'not completed'}</span></div>`).join('') : M.isSyscall(i) ? '<p class="muted">No bio names this call as its cause.</p>' : '');
}
function selectBio(b, keep) {
  current = -1; currentBio = b; T.mark(-1, b); if (!keep && !$('view-graph').hidden) G.reveal(b.queue.node);
  const p = M.parent[b.queue.node], e = M.events;
  $('details').innerHTML = `<h2>${esc(bioText(b))}</h2><dl>` + pair('what', esc(bioWords(b.queue.rwbs))) + pair('size', bytes(b.queue.bytes)) + causeOf(b.queue.op, 'caused by') + (b.queue.last && b.queue.last !== b.queue.op ? causeOf(b.queue.last, 'last written by') : '') +
    pair('submitted', (p >= 0 ? link(p) + ' of ' : '') + esc(M.task(b.queue.thread)) + ' at ' + ticks(b.queue.time)) + pair('issued', b.issue ? 'after ' + ticks(b.issue.issue.time - b.queue.time) : '') +
    pair('completed', b.end ? `after ${ticks(b.end.time - b.queue.time)} by ${esc(M.task(b.end.thread))}` : '<span class="bad">not in this trace</span>') + pair('result', b.end ? (b.end.errno ? `<span class="bad">−${esc(DATA.errors[b.end.errno] || b.end.errno)}</span>` : 'ok') : '') +
    pair('records', `thread ${b.queue.thread}, ${count(M.record[b.queue.node])}` + (b.end ? `; thread ${b.end.thread}, ${count(M.record[b.end.node])}` : '')) + '</dl>';
}
$('details').addEventListener('click', e => { const a = e.target.closest('a'); if (!a) return; if (a.dataset.call !== undefined) { const i = +a.dataset.call; select(i); if (!$('view-timeline').hidden) T.around(M.start[i], M.start[i] + Math.max(0, M.duration[i])); } else if (a.dataset.bio !== undefined) { const b = M.bios[+a.dataset.bio]; selectBio(b); if (!$('view-timeline').hidden) T.around(b.queue.time, (b.end || b.queue).time); } });
let matches = [], match = -1;
function search(text) {
  text = text.trim().toLowerCase(); matches = []; match = -1;
  if (!text) { T.highlight(null); G.highlight(null); $('found').textContent = ''; return; }
  const op = /^op\s*(\d+)$/.exec(text), byMethod = DATA.methods.map(m => m[0].toLowerCase().includes(text) || M.layers[m[1]] === text), byThread = DATA.threads.map((t, k) => M.task(k).toLowerCase().includes(text));
  const codes = new Set(Object.entries(DATA.errors).filter(([, v]) => v.toLowerCase() === text.replace(/^[-−]/, '')).map(([k]) => -k)), set = new Set();
  for (let i = 0; i < M.n; i++) { const o = M.isSyscall(i) && known(M.operation[i]); const ok = op ? M.operation[i] === +op[1] : o && (o[1].toLowerCase().includes(text) || o[2].toLowerCase().includes(text) || o[3].toLowerCase().includes(text)) ? true : M.isCall(i) ? byMethod[M.method[i]] || (byThread[M.thread[i]] && M.depth[i] === 0) || (codes.size && codes.has(M.result[i]) && M.failed(i)) : M.name(i).includes(text); if (ok) { matches.push(i); set.add(i); } }
  matches.sort((a, b) => M.start[a] - M.start[b]); $('found').textContent = count(matches.length); T.highlight(set); G.highlight(set);
}
function step(by) { if (!matches.length) return; match = (match + by + matches.length) % matches.length; const i = matches[match]; $('found').textContent = match + 1 + ' / ' + count(matches.length); select(i); if (!$('view-timeline').hidden) T.around(M.start[i], M.start[i] + Math.max(0, M.duration[i])); }
let typing = 0;
$('search').addEventListener('input', e => { clearTimeout(typing); typing = setTimeout(() => search(e.target.value), 120); });
$('search').addEventListener('keydown', e => { if (e.key === 'Enter') { clearTimeout(typing); if (match < 0) search(e.target.value); step(e.shiftKey ? -1 : 1); } else if (e.key === 'Escape') { e.target.value = ''; search(''); e.target.blur(); } e.stopPropagation(); });
function theme(to) { document.documentElement.dataset.theme = to; T.redraw(); if (V.redrawDisk && !$('view-disk').hidden) V.redrawDisk(); }
theme(matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
$('theme').onclick = () => theme(document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark');
$('help').onclick = () => $('keys').showModal(); $('arrows').onchange = T.redraw; $('fit').onclick = T.fit; $('zoomin').onclick = () => T.zoom(.6); $('zoomout').onclick = () => T.zoom(1.6);
const KEYS = { a: () => T.pan(-.2), d: () => T.pan(.2), w: () => T.zoom(.7), s: () => T.zoom(1.4), 0: T.fit, t: $('theme').onclick, n: () => step(1), N: () => step(-1), '?': $('help').onclick,
  f: () => { if (current >= 0) T.around(M.start[current], M.start[current] + Math.max(0, M.duration[current])); else if (currentBio) T.around(currentBio.queue.time, (currentBio.end || currentBio.queue).time); },
  Escape: () => { $('search').value = ''; search(''); }, '/': () => $('search').focus() };
addEventListener('keydown', e => { if (e.ctrlKey || e.metaKey || e.altKey || e.target.tagName === 'INPUT' || e.target.tagName === 'SELECT') return; if (VIEWS[e.key - 1]) return show(VIEWS[e.key - 1][0]); const k = KEYS[e.key]; if (k) { e.preventDefault(); k(); } });
{
  let calls = 0, systemCalls = 0, errors = 0, written = 0, sectors = 0;
  for (let i = 0; i < M.n; i++) { if (M.isCall(i)) calls++; if (M.isSyscall(i)) { systemCalls++; if (M.failed(i)) errors++; } }
  for (const b of M.bios) { sectors += b.queue.bytes / 512; if (!b.queue.rwbs.includes('R')) written += b.queue.bytes; }
  const total = (v, t) => `<div><b>${v}</b><span class="muted">${t}</span></div>`;
  $('totals').innerHTML = total(ticks(M.last), 'traced') + total(count(systemCalls), 'system calls') + total(count(errors), 'failed') + total(count(calls), 'function calls') + total(count(M.bios.length), 'bios') + total(count(sectors), 'sectors') + total(bytes(written), 'written to devices') + total(count(DATA.records), 'records') + total(DATA.threads.length, 'threads') + (DATA.notShown ? `<div class="bad"><b>${count(DATA.notShown)}</b>not in this report</div>` : '');
  $('title').textContent = DATA.title; document.title = 'svc0 trace: ' + DATA.title; $('title').title = new Date(DATA.started).toISOString();
  $('verdict').textContent = DATA.verdict; $('verdict').className = DATA.verdict === 'complete' ? 'good' : 'bad';
}
show('timeline');
document.documentElement.dataset.ready = '1';
