// Bundles the script and the style sheet into dist/, and notes which library versions they hold.
import { build } from "esbuild";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";

mkdirSync("dist", { recursive: true });
await build({
  entryPoints: { app: "src/app.js" },
  outdir: "dist",
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  legalComments: "none",
});
await build({
  entryPoints: { app: "src/app.css" },
  outdir: "dist",
  bundle: true,
  minify: true,
  legalComments: "inline",
});

const libraries = ["echarts", "zrender", "@tabler/core"];
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
