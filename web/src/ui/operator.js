import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { compact, dateTime, day, language, money, number, percent, t } from '../i18n/index.js';
import { parseMetrics, total } from '../lib/prometheus.js';
import { api, drawer, theme } from '../state.js';
import { h } from './html.js';
import { Menu } from './icons.js';
import { loadPlot } from './lazy.js';

const PERIOD = 5;
const state = signal({});
/** Figures of this visit, one column per reading: time, generated/s, read/s, running, waiting. */
const history = signal([[], [], [], [], []]);
let before = null;

async function read() {
  const ask = async (call) => {
    try {
      return { data: await call() };
    } catch (error) {
      return { error };
    }
  };
  const since = Math.floor(Date.now() / 1000 - 30 * 86400);
  const range = { start_time: since, bucket_width: '1d', limit: 31 };
  const [health, models, metrics, usage, costs, keys] = await Promise.all([
    ask(api.health), ask(() => api.models()), ask(() => api.metrics()),
    ask(() => api.usage(range)), ask(() => api.costs(range)), ask(api.keys),
  ]);
  const figures = metrics.data ? figuresOf(parseMetrics(metrics.data)) : null;
  if (figures) record(figures);
  state.value = { health, models, figures, metrics, usage, costs, keys };
}

function figuresOf(m) {
  return {
    running: total(m, 'tokapu_requests_running'),
    waiting: total(m, 'tokapu_requests_waiting'),
    generated: total(m, 'tokapu_generated_tokens_total'),
    prompt: total(m, 'tokapu_prompt_tokens_total'),
    pagesUsed: total(m, 'tokapu_kv_pages_used'),
    pages: total(m, 'tokapu_kv_pages'),
    sessions: total(m, 'tokapu_sessions'),
    memory: total(m, 'process_resident_memory_bytes', 'tokapu_memory_bytes', 'jvm_memory_used_bytes'),
  };
}

function record(f) {
  const now = Date.now() / 1000;
  const rate = (name) =>
    before && f[name] !== undefined && now > before.now ? Math.max(0, (f[name] - before[name]) / (now - before.now)) : null;
  const row = [now, rate('generated'), rate('prompt'), f.running ?? null, f.waiting ?? null];
  history.value = history.value.map((column, i) => [...column, row[i]].slice(-360));
  before = { ...f, now };
}

export function OperatorPage() {
  useEffect(() => {
    read();
    const timer = setInterval(() => document.hidden || read(), PERIOD * 1000);
    return () => clearInterval(timer);
  }, []);
  const { health, models, figures, usage, costs, keys } = state.value;
  const speed = history.value[1].at(-1);
  return h`<div class="operator"><header class="top">
      <button class="ghost only-narrow" aria-label=${t('openList')} onClick=${() => (drawer.value = true)}><${Menu} /></button>
      <h1>${t('operator')}</h1><span class="space"></span>
      ${health && h`<span class=${`status ${health.error ? 'bad' : 'good'}`}><i></i>${t(health.error ? 'op.down' : 'op.ok')}</span>`}
    </header>
    <div class="scroller"><div class="board"><p class="hint">${t('op.why')}</p>
    <section aria-label=${t('op.now')}><div class="tiles">
      <${Tile} name="op.running" value=${figures?.running} />
      <${Tile} name="op.waiting" value=${figures?.waiting} />
      <${Tile} name="op.speed" value=${speed} show=${(v) => (v < 10 ? v.toFixed(1) : number(Math.round(v)))} />
      <${Tile} name="op.sessions" value=${figures?.sessions} />
      <${Tile} name="op.memory" value=${figures?.memory} show=${bytes} />
      <${Tile} name="op.kv" value=${figures?.pages ? figures.pagesUsed / figures.pages : undefined} show=${percent} />
    </div>
    ${figures
      ? h`<div class="plots"><${Plot} title=${t('op.tokensPlot')} data=${[history.value[0], history.value[1], history.value[2]]} labels=${[t('op.generated'), t('op.prompt')]} />
        <${Plot} title=${t('op.queuePlot')} data=${[history.value[0], history.value[3], history.value[4]]} labels=${[t('op.running'), t('op.waiting')]} /></div>`
      : state.value.metrics?.error && h`<${Empty} error=${state.value.metrics.error} text=${t('op.noMetrics')} />`}</section>

    <section><h2>${t('op.models')}</h2>
      ${models?.data?.length
        ? h`<ul class="rows">${models.data.map((m) => h`<li key=${m.id}><strong>${m.id}</strong>
          <span>${[m.context && t('op.context', { n: number(m.context) }), m.raw.meta?.size && bytes(m.raw.meta.size), m.state && t(`state.${m.state}`)].filter(Boolean).join(' · ')}</span></li>`)}</ul>`
        : models && h`<${Empty} error=${models.error} text=${t('noModel')} />`}</section>

    <${Money} usage=${usage} costs=${costs} />

    <section><h2>${t('op.keys')}</h2>
      ${keys?.data?.data?.length
        ? h`<div class="table" tabindex="0"><table><thead><tr>${['op.keyName', 'op.keyScopes', 'op.keyCreated', 'op.keyUsed'].map((k) => h`<th key=${k}>${t(k)}</th>`)}</tr></thead>
          <tbody>${keys.data.data.map((k) => h`<tr key=${k.id}><td>${k.name}</td><td>${(k.scopes ?? []).join(', ')}</td>
            <td>${k.created_at ? dateTime(k.created_at * 1000) : ''}</td><td>${k.last_used_at ? dateTime(k.last_used_at * 1000) : t('never')}</td></tr>`)}</tbody></table></div>`
        : keys && h`<${Empty} error=${keys.error} text=${h`${t('op.noKeys')} <code>tokapu keys add</code>`} />`}</section>
    </div></div></div>`;
}

const Tile = ({ name, value, show = number }) => h`<div class="tile"><span>${t(name)}</span>
  <strong>${value === undefined || value === null ? '–' : show(value)}</strong></div>`;

const Empty = ({ error, text }) => h`<p class="empty">${error?.status === 401 || error?.status === 403 ? t('op.admin') : text}</p>`;

/** Usage and cost of the last thirty days, in the shape of OpenAI's usage and costs pages. */
function Money({ usage, costs }) {
  const buckets = usage?.data?.data ?? [];
  const sum = (b, name) => (b.results ?? []).reduce((n, r) => n + (r[name] ?? 0), 0);
  const input = buckets.reduce((n, b) => n + sum(b, 'input_tokens'), 0);
  const output = buckets.reduce((n, b) => n + sum(b, 'output_tokens'), 0);
  const requests = buckets.reduce((n, b) => n + sum(b, 'num_model_requests'), 0);
  const costBuckets = costs?.data?.data ?? [];
  const amounts = costBuckets.flatMap((b) => b.results ?? []).filter((r) => r.amount);
  const currency = amounts[0]?.amount.currency ?? 'USD';
  const cost = (b, name = 'amount') => (b.results ?? []).reduce((n, r) => n + (r[name]?.currency === currency ? r[name].value : 0), 0);
  const all = (name) => costBuckets.reduce((n, b) => n + cost(b, name), 0);
  return h`<section><h2>${t('op.usage')} <small>${t('op.last30')}</small></h2>
    ${input + output > 0
      ? h`<div class="tiles"><${Tile} name="op.requests" value=${requests} /><${Tile} name="op.prompt" value=${input} show=${compact} />
          <${Tile} name="op.generated" value=${output} show=${compact} />
          ${amounts.length > 0 && h`<${Tile} name="op.cost" value=${all('amount')} show=${(v) => money(v, currency)} />`}
          ${amounts.some((r) => r.measured) && h`<${Tile} name="op.measured" value=${all('measured')} show=${(v) => money(v, currency)} />`}
          ${amounts.some((r) => r.hosted) && h`<${Tile} name="op.hosted" value=${all('hosted')} show=${(v) => money(v, currency)} />`}</div>
        <div class="plots"><${Plot} days title=${t('op.usagePlot')} labels=${[t('op.generated'), t('op.prompt')]}
          data=${[buckets.map((b) => b.start_time), buckets.map((b) => sum(b, 'output_tokens')), buckets.map((b) => sum(b, 'input_tokens'))]} />
        ${amounts.length > 0 && h`<${Plot} days title=${t('op.costPlot')} labels=${[t('op.cost')]} show=${(v) => money(v, currency)}
          data=${[costBuckets.map((b) => b.start_time), costBuckets.map((b) => cost(b))]} />`}</div>`
      : usage && h`<${Empty} error=${usage.error} text=${usage.error ? t('op.noUsageApi') : t('op.noUsage')} />`}</section>`;
}

function Plot({ title, data, labels, days = false, show = compact }) {
  const ref = useRef(null);
  const plot = useRef(null);
  const newest = useRef(data);
  newest.current = data;
  useEffect(() => {
    let alive = true;
    let observer;
    loadPlot().then((UPlot) => {
      if (!alive) return;
      const css = getComputedStyle(ref.current);
      const colour = (name) => css.getPropertyValue(name).trim();
      const font = `12px ${css.fontFamily}`;
      const axis = { stroke: colour('--ink-3'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false }, font };
      const time = (_, values) => values.map((v) => (days ? day(v * 1000) : new Date(v * 1000).toLocaleTimeString(language.value, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })));
      const strokes = [colour('--accent'), colour('--accent-2')];
      plot.current = new UPlot({
        width: ref.current.clientWidth, height: 190, padding: [12, 28, 0, 0], legend: { live: true }, cursor: { y: false, points: { size: 7 } },
        axes: [{ ...axis, values: time, space: 90, size: 30 }, { ...axis, values: (_, values) => values.map((v) => show(v)), size: 64 }],
        scales: { ...(days ? {} : { x: { range: (_, min, max) => (max === null ? [0, 60] : [Math.min(min, max - 60), max]) } }), y: { range: (_, __, max) => [0, max > 0 ? max * 1.1 : 1] } },
        series: [{ value: (_, v) => (v === null ? '–' : days ? day(v * 1000) : new Date(v * 1000).toLocaleTimeString(language.value)), label: t('op.time') },
          ...labels.map((label, i) => ({
            label, stroke: strokes[i], width: 2, points: { show: newest.current[0].length < 3 }, value: (_, v) => (v === null ? '–' : show(v)),
            ...(days ? { paths: UPlot.paths.bars({ size: [0.55, 28], radius: 0.2, align: labels.length > 1 ? (i ? 1 : -1) : 0 }), fill: strokes[i], points: { show: false } }
              : { fill: `${strokes[i]}1f` }),
          }))],
      }, newest.current, ref.current);
      observer = new ResizeObserver(() => plot.current.setSize({ width: ref.current.clientWidth, height: 190 }));
      observer.observe(ref.current);
    });
    return () => {
      alive = false;
      observer?.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [language.value, theme.value, labels.join()]);
  useEffect(() => plot.current?.setData(data));
  return h`<figure class="plot"><figcaption>${title}</figcaption><div ref=${ref} role="img" aria-label=${`${title}: ${labels.map((l, i) => `${l} ${show(data[i + 1].at(-1) ?? 0)}`).join(', ')}`}></div></figure>`;
}

function bytes(n) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let i = 0;
  while (n >= 1024 && i < 4) {
    n /= 1024;
    i++;
  }
  return `${n < 10 ? n.toFixed(1) : Math.round(n)} ${units[i]}`;
}
