import { t } from '../i18n/index.js';

/** An error in kind words: what happened, what to do, and which button helps. */
export function explain(error) {
  const detail = error.message ?? '';
  const say = (key, action, values) => ({ title: t(`error.${key}`), help: t(`error.${key}.help`, values), action, detail });
  const { status, code } = error;
  if (code === 'context_length_exceeded') return say('tooLong', 'new');
  if (code === 'connection_lost') return say('lost', 'continue');
  if (status === 0) return say('unreachable', 'retry');
  if (status === 401) return say('key', 'key');
  if (status === 403) return say('forbidden', 'key');
  if (status === 404) return say('missing', 'model');
  if (status === 429) return say('limit', 'retry', { seconds: error.retryAfter ?? 60 });
  if (status === 503) return say('busy', 'retry', { seconds: error.retryAfter ?? 5 });
  if (status === 400 || status === 413 || status === 422) return say('refused', 'settings');
  return say('server', 'retry');
}
