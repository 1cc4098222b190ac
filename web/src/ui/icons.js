import { h } from './html.js';

const icon = (paths) => () => h`<svg class="icon" viewBox="0 0 24 24" width="20" height="20" fill="none"
  stroke="currentColor" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
  ${paths.map((d) => h`<path d=${d} />`)}</svg>`;

export const Menu = icon(['M4 7h16', 'M4 12h16', 'M4 17h10']);
export const Plus = icon(['M12 5v14', 'M5 12h14']);
export const Search = icon(['M11 4a7 7 0 1 0 0 14a7 7 0 0 0 0-14z', 'M16.2 16.2L20 20']);
export const Send = icon(['M12 19V5', 'M6 11l6-6l6 6']);
export const Stop = () =>
  h`<svg class="icon" viewBox="0 0 24 24" width="20" height="20" fill="currentColor" aria-hidden="true">
    <rect x="7" y="7" width="10" height="10" rx="2" /></svg>`;
export const Copy = icon(['M9 9h10v10h-10z', 'M5 15V5h10']);
export const Check = icon(['M5 12.5l4.5 4.5L19 7.5']);
export const Again = icon(['M4 12a8 8 0 0 1 13.7-5.6L20 9', 'M20 4v5h-5', 'M20 12a8 8 0 0 1-13.7 5.6L4 15', 'M4 20v-5h5']);
export const Pencil = icon(['M5 19l1-4L16.5 4.5l3 3L9 18z', 'M14 7l3 3']);
export const Trash = icon(['M5 7h14', 'M10 7V4.5h4V7', 'M7 7l1 13h8l1-13', 'M10.5 11v5', 'M13.5 11v5']);
export const Left = icon(['M14 6l-6 6l6 6']);
export const Right = icon(['M10 6l6 6l-6 6']);
export const Down = icon(['M12 5v14', 'M6 13l6 6l6-6']);
export const Close = icon(['M6 6l12 12', 'M18 6L6 18']);
export const Sliders = icon(['M4 8h9', 'M17 8h3', 'M15 6v4', 'M4 16h3', 'M11 16h9', 'M9 14v4']);
export const Gauge = icon(['M4 18a9 9 0 1 1 16 0', 'M12 15l4-5', 'M12 15h.01']);
export const Words = icon(['M4 6h7', 'M14 6h6', 'M4 12h4', 'M11 12h9', 'M4 18h10', 'M17 18h3']);
export const Ghost = icon(['M5 20V11a7 7 0 0 1 14 0v9l-2.5-2l-2.2 2l-2.3-2l-2.3 2l-2.2-2z', 'M9.5 11h.01', 'M14.5 11h.01']);
export const Sun = icon(['M12 8a4 4 0 1 0 0 8a4 4 0 0 0 0-8z', 'M12 3v1.5', 'M12 19.5V21', 'M3 12h1.5', 'M19.5 12H21', 'M5.6 5.6l1.1 1.1', 'M17.3 17.3l1.1 1.1', 'M5.6 18.4l1.1-1.1', 'M17.3 6.7l1.1-1.1']);
export const Moon = icon(['M19 14.5A7.5 7.5 0 0 1 9.5 5a7.5 7.5 0 1 0 9.5 9.5z']);
export const Screen = icon(['M4 5h16v11H4z', 'M9 20h6', 'M12 16v4']);
export const Alert = icon(['M12 4l9 16H3z', 'M12 10v4', 'M12 17h.01']);
export const Play = icon(['M8 5l11 7l-11 7z']);
export const Logo = () => h`<svg class="logo" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">
  <rect width="32" height="32" rx="9" fill="currentColor" />
  <path class="mark" d="M9 10h14M16 10v9a4 4 0 0 0 4 4" fill="none" stroke-width="3.2" stroke-linecap="round" />
  <circle class="mark-dot" cx="10.5" cy="20.5" r="2.2" /></svg>`;
