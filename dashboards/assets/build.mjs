// Bundles the script and the style sheet into dist/, and notes which library versions they hold.
import { build } from "esbuild";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";

mkdirSync("dist", { recursive: true });
const scripts = await build({
  entryPoints: { app: "src/app.js", workbench: "src/workbench.js" },
  outdir: "dist",
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  legalComments: "none",
  metafile: true,
});
await build({
  entryPoints: { app: "src/app.css" },
  outdir: "dist",
  bundle: true,
  minify: true,
  legalComments: "inline",
});

// Which packages the bundles hold, as the bundler saw them.
const bundled = Object.keys(scripts.metafile.inputs).map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]).filter(Boolean);
const libraries = [...new Set([...bundled, "@tabler/core"])].sort();
const notes = libraries.map((name) => {
  const { version, license } = JSON.parse(readFileSync(`node_modules/${name}/package.json`));
  return `${name} ${version} (${license})`;
});
writeFileSync("dist/LIBRARIES.txt", notes.join("\n") + "\n");
for (const [name, file] of [["echarts", "LICENSE"], ["echarts", "NOTICE"], ["zrender", "LICENSE"]]) {
  copyFileSync(`node_modules/${name}/${file}`, `dist/${file}-${name.replace(/[@/]/g, "")}.txt`);
}
// The package of Tabler ships no licence file of its own.
copyFileSync("src/LICENSE-tabler.txt", "dist/LICENSE-tabler.txt");
// The editor comes in many small packages, each with its licence.
const editor = libraries.filter((name) => !["echarts", "zrender", "@tabler/core", "tslib"].includes(name));
writeFileSync("dist/LICENSE-codemirror.txt", editor.map((name) => `${name}\n\n${readFileSync(`node_modules/${name}/LICENSE`, "utf8").trim()}\n`).join("\n\n"));
