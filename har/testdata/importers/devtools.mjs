// The code with which Chrome's DevTools (and Edge's) open a HAR file, in Node.
//
// The npm package has it as TypeScript, as it lies in Chromium's repository;
// esbuild makes one module of it. Nothing of it is replaced but the list of
// languages, a file which Chromium's build makes.

import { build } from 'esbuild';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const locales = `
export const LOCALES = ['en-US'], BUNDLED_LOCALES = ['en-US'], DEFAULT_LOCALE = 'en-US';
export const REMOTE_FETCH_PATTERN = '', LOCAL_FETCH_PATTERN = '';`;

const generatedLocales = {
  name: 'generated-locales',
  setup(bundle) {
    bundle.onResolve({ filter: /^\.\/locales\.js$/ }, () => ({ path: 'locales', namespace: 'generated' }));
    bundle.onLoad({ filter: /.*/, namespace: 'generated' }, () => ({ contents: locales }));
  },
};

// loadDevTools returns HARRoot, which reads a document, Importer, which makes
// network requests of it, PageLoad, to which it ties them, and
// ResourceType, the types of requests.
export async function loadDevTools() {
  const frontEnd = './node_modules/chrome-devtools-frontend/front_end';
  const dir = await mkdtemp(join(tmpdir(), 'har-devtools-'));
  const outfile = join(dir, 'devtools.mjs');
  try {
    await build({
      stdin: {
        contents: `
          export { HARRoot } from '${frontEnd}/models/har/HARFormat.ts';
          export { Importer } from '${frontEnd}/models/har/Importer.ts';
          export { PageLoad } from '${frontEnd}/core/sdk/PageLoad.ts';
          export { ResourceType } from '${frontEnd}/core/common/ResourceType.ts';`,
        resolveDir: dirname(fileURLToPath(import.meta.url)),
      },
      plugins: [generatedLocales],
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      logLevel: 'error',
      outfile,
    });
    return await import(pathToFileURL(outfile));
  } finally {
    await rm(dir, { recursive: true });
  }
}
