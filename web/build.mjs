// Bundles the page into the server's resources: `node build.mjs`, or `--check` to compare only.
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, mkdir, writeFile, cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, '../server/src/main/resources/org/tokapu/server/web');

const common = {
  absWorkingDir: here, bundle: true, minify: true, write: true, legalComments: 'none', charset: 'utf8',
  target: ['chrome111', 'firefox113', 'safari16.4'], metafile: true, logLevel: 'warning',
  entryNames: '[name]-[hash]', chunkNames: '[name]-[hash]', assetNames: '[name]-[hash]',
};

/** Every browser that runs the page reads WOFF2: the older forms of the fonts stay out. */
const onlyWoff2 = {
  name: 'only-woff2',
  setup(build) {
    build.onLoad({ filter: /katex\.min\.css$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace(/,url\([^)]+\) format\("(?:woff|truetype)"\)/g, ''),
      loader: 'css',
    }));
  },
};

const outputs = (result, name) =>
  basename(Object.entries(result.metafile.outputs).find(([, o]) => o.entryPoint?.endsWith(name))[0]);

export async function build(out, { production = true } = {}) {
  const assets = join(out, 'assets');
  await mkdir(assets, { recursive: true });
  const styles = await esbuild.build({
    ...common, outdir: assets, entryPoints: ['src/style/app.css', 'node_modules/katex/dist/katex.min.css'],
    loader: { '.woff2': 'file' }, plugins: [onlyWoff2], outbase: here, entryNames: '[name]-[hash]',
  });
  const scripts = await esbuild.build({
    ...common, outdir: assets, entryPoints: ['src/app.js'], format: 'esm', splitting: true,
    define: { __KATEX_CSS__: JSON.stringify(`assets/${outputs(styles, 'katex.min.css')}`) },
    sourcemap: production ? false : 'inline',
  });
  const early = await esbuild.build({ ...common, outdir: assets, entryPoints: ['src/early.js'], format: 'iife' });
  const icon = await readFile(join(here, 'src/icon.svg'));
  const iconName = `icon-${createHash('sha256').update(icon).digest('hex').slice(0, 8)}.svg`;
  await writeFile(join(assets, iconName), icon);
  const page = (await readFile(join(here, 'src/index.html'), 'utf8'))
    .replace('{{early}}', outputs(early, 'early.js'))
    .replace('{{style}}', outputs(styles, 'app.css'))
    .replace('{{app}}', outputs(scripts, 'app.js'))
    .replace('{{icon}}', iconName);
  await writeFile(join(out, 'index.html'), page);
  await writeFile(join(out, 'licenses.txt'), await licenses([styles, scripts, early]));
}

/** The licences of every package whose code is in the bundle. */
async function licenses(results) {
  const packages = new Set();
  for (const { metafile } of results) {
    for (const output of Object.values(metafile.outputs)) {
      for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
        const m = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
        if (m && bytesInOutput > 0) packages.add(m[1]);
      }
    }
  }
  packages.add('katex');
  let text = 'The chat page of Tokapu contains code of these packages.\n';
  for (const name of [...packages].sort()) {
    const dir = join(here, 'node_modules', name);
    const { version, license } = JSON.parse(await readFile(join(dir, 'package.json'), 'utf8'));
    const file = (await readdir(dir)).find((f) => /^licen[cs]e/i.test(f));
    text += `\n${'='.repeat(78)}\n${name} ${version} (${license})\n${'='.repeat(78)}\n\n`;
    text += (await readFile(join(dir, file), 'utf8')).replace(/\r\n/g, '\n').trim() + '\n';
  }
  return text;
}

async function files(dir) {
  const entries = await readdir(dir, { withFileTypes: true, recursive: true }).catch(() => []);
  const out = new Map();
  for (const e of entries.filter((e) => e.isFile())) {
    const path = join(e.parentPath ?? e.path, e.name);
    out.set(relative(dir, path), await readFile(path));
  }
  return out;
}

async function main() {
  const fresh = await mkdtemp(join(tmpdir(), 'tokapu-web-'));
  try {
    await build(fresh);
    if (process.argv.includes('--check')) {
      const [a, b] = await Promise.all([files(fresh), files(target)]);
      const wrong = [...new Set([...a.keys(), ...b.keys()])].filter((n) => !a.get(n) || !b.get(n)?.equals(a.get(n)));
      if (wrong.length) {
        console.error(`The committed page is not what web/ builds: ${wrong.sort().join(', ')}`);
        console.error('Run `npm ci && npm run build` in web/ and commit the result.');
        process.exitCode = 1;
      } else console.log(`${a.size} files are as committed`);
      return;
    }
    await rm(target, { recursive: true, force: true });
    await cp(fresh, target, { recursive: true });
    const { gzipSync } = await import('node:zlib');
    for (const [name, bytes] of [...(await files(target))].sort()) {
      if (/\.(js|css|html)$/.test(name)) console.log(`${name}  ${bytes.length}  gzip ${gzipSync(bytes).length}`);
    }
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
