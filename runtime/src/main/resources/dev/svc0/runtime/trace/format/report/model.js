// The data as typed columns, and what is derived from it: parents, self times, bios and their causes.
const M = (() => {
  const n = DATA.method.length;
  const big = a => Float64Array.from(a, v => typeof v === 'string' ? Number(BigInt.asIntN(64, BigInt(v))) : v);
  const method = Int32Array.from(DATA.method), depth = Int32Array.from(DATA.depth);
  const start = big(DATA.start), duration = big(DATA.duration), operation = big(DATA.operation), record = big(DATA.record);
  const result = DATA.result, parent = new Int32Array(n).fill(-1), thread = new Int32Array(n), next = new Int32Array(n);
  const self = Float64Array.from(duration, d => Math.max(0, d));
  let last = 0;
  DATA.threads.forEach((t, ti) => {
    const open = [];
    for (let i = t.first; i < t.end; i++) {
      thread[i] = ti;
      while (open.length > depth[i]) next[open.pop()] = i;
      if (open.length) { parent[i] = open[open.length - 1]; if (method[i] >= 0) self[parent[i]] = Math.max(0, self[parent[i]] - Math.max(0, duration[i])); }
      open.push(i);
      last = Math.max(last, start[i] + Math.max(0, duration[i]));
    }
    while (open.length) next[open.pop()] = t.end;
  });
  const name = i => method[i] >= 0 ? DATA.methods[method[i]][0] : method[i] === -1 ? DATA.points[DATA.events[result[i]][0]] : 'lost ' + result[i];
  const layer = i => method[i] >= 0 ? DATA.methods[method[i]][1] : -1;
  const isCall = i => method[i] >= 0, isSyscall = i => method[i] >= 0 && DATA.methods[method[i]][3] === 1;
  const failed = i => isCall(i) && DATA.methods[method[i]][4] === 1 && typeof result[i] === 'number' && result[i] < 0 && result[i] >= -4095;
  const task = ti => { const t = DATA.threads[ti]; return (t.comm || 'thread') + '-' + t.tid; };
  // Bios: from their entry into the block layer to their completion, matched by identity and time.
  const P = {}; DATA.points.forEach((p, i) => P[p] = i);
  const events = DATA.events.map(e => ({ point: e[0], thread: e[1], node: e[2], time: e[3], sector: e[4], bytes: e[5], rwbs: e[6], dev: e[7], errno: e[8], last: e[9], id: e[10], op: operation[e[2]] }));
  const bios = [], requests = [], openBio = new Map(), openRq = new Map(), waiting = new Map();
  for (const e of [...events].sort((a, b) => a.time - b.time)) {
    const key = e.dev + '/' + e.id;
    if (!waiting.has(e.dev)) waiting.set(e.dev, new Set());
    if (e.point === P.block_bio_queue) { const b = { n: bios.length, queue: e, end: null, issue: null }; bios.push(b); openBio.set(key, b); waiting.get(e.dev).add(b); }
    else if (e.point === P.block_bio_complete) { const b = openBio.get(key); if (b) { b.end = e; openBio.delete(key); waiting.get(e.dev).delete(b); } }
    else if (e.point === P.block_rq_issue) {
      const r = { issue: e, end: null }; requests.push(r); openRq.set(key, r);
      // A bio travels in the request that covers it on its device.
      for (const b of waiting.get(e.dev)) if (e.sector <= b.queue.sector && e.sector + e.bytes / 512 >= b.queue.sector + b.queue.bytes / 512) { b.issue = r; waiting.get(e.dev).delete(b); }
    } else if (e.point === P.block_rq_complete) { const r = openRq.get(key); if (r) { r.end = e; openRq.delete(key); } }
  }
  const byOperation = new Map(), biosOf = new Map();
  for (let i = 0; i < n; i++) if (isSyscall(i) && operation[i] && !byOperation.has(operation[i])) byOperation.set(operation[i], i);
  for (const b of bios) for (const op of new Set([b.queue.op, b.queue.last])) if (op) { if (!biosOf.has(op)) biosOf.set(op, []); biosOf.get(op).push(b); }
  return { n, method, depth, start, duration, operation, record, result, parent, thread, next, self, last, name, layer, isCall, isSyscall, failed, task, events, bios, requests, byOperation, biosOf,
    layers: DATA.layers, unit: DATA.unit };
})();
const COLORS = ['#8a8f98', '#7d8590', '#3b7ddd', '#8e5bd0', '#b0608a', '#2a9d8f', '#57a639', '#c99400', '#c77700', '#dd5b2c', '#c43a3a'];
const color = l => l < 0 ? '#888' : COLORS[l % COLORS.length];
const $ = id => document.getElementById(id);
const esc = s => String(s).replace(/[&<>"]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }[c]));
const css = v => getComputedStyle(document.documentElement).getPropertyValue(v).trim();
function ticks(t) {
  if (t < 0) return 'no end';
  if (M.unit !== 'ns') return t.toLocaleString('en') + ' ' + M.unit;
  if (t < 1e3) return t + ' ns';
  if (t < 1e6) return (t / 1e3).toFixed(3) + ' µs';
  if (t < 1e9) return (t / 1e6).toFixed(3) + ' ms';
  return (t / 1e9).toFixed(3) + ' s';
}
function bytes(b) { return b < 1024 ? b + ' B' : b < 1 << 20 ? (b / 1024).toFixed(b % 1024 ? 1 : 0) + ' KiB' : (b / 1048576).toFixed(1) + ' MiB'; }
const count = x => x.toLocaleString('en');
function resultText(i) {
  if (DATA.exceptions[i]) return 'threw ' + DATA.exceptions[i];
  if (!M.isCall(i) || DATA.methods[M.method[i]][4] === 0 || M.duration[i] < 0) return '';
  if (DATA.methods[M.method[i]][4] === 2) return M.result[i] ? '' : 'null';
  if (M.failed(i)) return '−' + (DATA.errors[-M.result[i]] || -M.result[i]);
  return String(M.result[i]);
}
function eventText(e) { return `${e.dev} ${e.rwbs} ${e.sector} + ${e.bytes / 512}` + (e.errno ? ' −' + (DATA.errors[e.errno] || e.errno) : ''); }
const bioText = b => `bio ${b.queue.rwbs} ${b.queue.sector} + ${b.queue.bytes / 512} on ${b.queue.dev}`;
// The letters of a bio in words: FWFSM is "flush before, write, forced to the medium, synchronous, metadata".
function bioWords(rwbs) {
  const operations = { R: 'read', W: 'write', D: 'discard', N: 'nothing', F: 'flush' }, flags = { F: 'forced to the medium', A: 'read ahead', S: 'synchronous', M: 'metadata' };
  const before = rwbs.length > 1 && rwbs[0] === 'F', letters = [...rwbs].slice(before ? 1 : 0);
  return [...(before ? ['flush before'] : []), operations[letters[0]] || letters[0], ...letters.slice(1).map(l => flags[l] || l)].join(', ');
}
