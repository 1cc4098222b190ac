import { useEffect, useRef } from 'preact/hooks';
import { connect, setSystem } from '../chat.js';
import { LANGUAGES, language, setLanguage, t } from '../i18n/index.js';
import { DEFAULTS, apiKey, current, settings, settingsOpen, surprise, theme } from '../state.js';
import { h } from './html.js';
import { Close, Moon, Screen, Sun } from './icons.js';

/** Ready-made sets of sampler settings. */
const MOODS = {
  exact: { temperature: 0.2, top_p: 0.9, top_k: 20, min_p: 0.1 },
  balanced: { temperature: 0.8, top_p: 0.95, top_k: 40, min_p: 0.05 },
  free: { temperature: 1.2, top_p: 1, top_k: 0, min_p: 0.02 },
};

export function Settings() {
  const ref = useRef(null);
  useEffect(() => ref.current.showModal(), []);
  const s = settings.value;
  const set = (change) => (settings.value = { ...settings.value, ...change });
  const close = () => ref.current.close();
  return h`<dialog class="drawer" ref=${ref} aria-labelledby="settings-title" onClose=${() => (settingsOpen.value = false)}
    onClick=${(e) => e.target === ref.current && close()}>
    <div class="inside">
    <header><h2 id="settings-title">${t('settings')}</h2><button class="ghost" autofocus aria-label=${t('close')} onClick=${close}><${Close} /></button></header>

    <section><h3>${t('instruction')}</h3>
      <textarea rows="4" aria-label=${t('instruction')} placeholder=${t('instruction.hint')} defaultValue=${current.value?.system ?? s.system}
        onChange=${(e) => setSystem(e.target.value.trim())}></textarea>
      <p class="hint">${current.value ? t('instruction.here') : t('instruction.new')}</p></section>

    <section><h3>${t('style')}</h3>
      <div class="segments" role="group" aria-label=${t('style')}>${Object.entries(MOODS).map(([name, mood]) => h`<button key=${name}
        aria-pressed=${Object.entries(mood).every(([k, v]) => s[k] === v)} onClick=${() => set(mood)}>${t(`mood.${name}`)}</button>`)}</div>
      <${Slider} name="temperature" min="0" max="2" step="0.05" s=${s} set=${set} />
      <${Slider} name="top_p" min="0.05" max="1" step="0.01" s=${s} set=${set} />
      <${Slider} name="top_k" min="0" max="200" step="1" s=${s} set=${set} zero="unlimited" />
      <${Slider} name="min_p" min="0" max="0.5" step="0.01" s=${s} set=${set} />
      <${Slider} name="repetition_penalty" min="1" max="1.5" step="0.01" s=${s} set=${set} />
      <${Slider} name="max_tokens" min="0" max="8192" step="64" s=${s} set=${set} zero="unlimited" />
      <label class="field row"><span>${t('seed')} <small>seed</small></span>
        <input inputmode="numeric" pattern="-?[0-9]*" value=${s.seed} placeholder=${t('seed.random')} onChange=${(e) => set({ seed: e.target.value.trim() })} /></label>
      <p class="hint">${t('seed.why')}</p>
      <button onClick=${() => set({ ...DEFAULTS, system: s.system })}>${t('reset')}</button></section>

    <section><h3>${t('nextWord')}</h3>
      <${Switch} label=${t('logprobs')} small="logprobs" on=${s.logprobs} change=${(logprobs) => set({ logprobs })} />
      <p class="hint">${t('logprobs.why')}</p>
      <${Switch} label=${t('surprise')} on=${surprise.value} change=${(on) => (surprise.value = on)} />
      <p class="hint">${t('surprise.why')}</p></section>

    <section><h3>${t('look')}</h3>
      <div class="segments" role="group" aria-label=${t('look')}>${[['system', Screen], ['light', Sun], ['dark', Moon]].map(([name, Icon]) => h`<button
        key=${name} aria-pressed=${theme.value === name} onClick=${() => (theme.value = name)}><${Icon} />${t(`theme.${name}`)}</button>`)}</div>
      <h3>${t('language')}</h3>
      <div class="segments" role="group" aria-label=${t('language')}>${Object.entries(LANGUAGES).map(([code, texts]) => h`<button
        key=${code} lang=${code} aria-pressed=${language.value === code} onClick=${() => setLanguage(code)}>${texts.languageName}</button>`)}</div></section>

    <section><h3>${t('key.label')}</h3>
      <form class="field row" onSubmit=${(e) => {
        e.preventDefault();
        apiKey.value = e.target.elements.key.value.trim() || null;
        connect();
      }}><input type="password" name="key" aria-label=${t('key.label')} autocomplete="off" spellcheck="false" defaultValue=${apiKey.value ?? ''} placeholder="sk-…" />
        <button type="submit">${t('key.use')}</button></form>
      <p class="hint">${t('key.local')}</p></section>

    <p class="hint foot"><a href="licenses.txt" target="_blank">${t('licenses')}</a></p>
    </div></dialog>`;
}

function Slider({ name, min, max, step, s, set, zero }) {
  const value = s[name];
  return h`<label class="slider"><span class="name">${t(`sampler.${name}`)} <small>${name}</small></span>
    <output>${value === 0 && zero ? t(zero) : value}</output>
    <input type="range" min=${min} max=${max} step=${step} value=${value} onInput=${(e) => set({ [name]: Number(e.target.value) })} />
    <span class="hint">${t(`sampler.${name}.why`)}</span></label>`;
}

const Switch = ({ label, small, on, change }) => h`<label class="switch"><span>${label} ${small && h`<small>${small}</small>`}</span>
  <input type="checkbox" role="switch" checked=${on} onChange=${(e) => change(e.target.checked)} /></label>`;
