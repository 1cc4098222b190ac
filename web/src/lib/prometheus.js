const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/;
const LABEL = /([a-zA-Z_]\w*)="((?:\\.|[^"\\])*)"/g;

/** Samples of the Prometheus text format: `Map name -> [{labels, value}]`. */
export function parseMetrics(text) {
  const metrics = new Map();
  for (const line of text.split('\n')) {
    if (!line || line.startsWith('#')) continue;
    const m = SAMPLE.exec(line);
    if (!m) continue;
    const value = m[3] === '+Inf' ? Infinity : m[3] === '-Inf' ? -Infinity : Number(m[3]);
    const labels = {};
    for (const [, name, raw] of (m[2] ?? '').matchAll(LABEL)) {
      labels[name] = raw.replace(/\\(.)/g, (_, c) => (c === 'n' ? '\n' : c));
    }
    if (!metrics.has(m[1])) metrics.set(m[1], []);
    metrics.get(m[1]).push({ labels, value });
  }
  return metrics;
}

/** The sum over all label values of the first of these names that the server reports. */
export function total(metrics, ...names) {
  for (const name of names) {
    const samples = metrics.get(name);
    if (samples?.length) return samples.reduce((sum, s) => sum + s.value, 0);
  }
  return undefined;
}
