// Before the first paint: the chosen theme, so that a dark page does not flash white.
try {
  const theme = JSON.parse(localStorage.getItem('tokapu.theme'));
  if (theme === 'dark' || theme === 'light') document.documentElement.dataset.theme = theme;
} catch {
  // The system's theme, then.
}
